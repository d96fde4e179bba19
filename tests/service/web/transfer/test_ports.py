"""The page of a port: its progress in plain words, correcting it, and canceling it."""

from datetime import timedelta

import pytest

from service.porting.states import State
from service.web.transfer.story import _HEADLINES
from tests.factories import GOOD_ACCOUNT_NUMBER

WRONG_ACCOUNT = "+14155553156"


def here(page):
    return page.select_one("[aria-current=step] strong").text


def test_a_letter_to_sign_says_who_and_in_which_mailbox(alice, filed):
    page = alice.get("ports.show", public_id=filed())
    assert here(page) == "Signature"
    assert page.says("Alice Baker has a letter to sign. It’s in the inbox of alice@bakery.example.")


def test_a_date_is_shown_with_its_zone_and_the_last_moment_to_cancel(alice, filed, signed):
    public_id = filed()
    signed()
    page = alice.get("ports.show", public_id=public_id)
    assert here(page) == "Date set"
    assert page.select_one("[aria-current=step] span").text == (
        "Keep your old service until we tell you it’s safe to cancel."
    )
    assert page.says("Moves Monday, March 9 at 8:00 AM (Pacific Daylight Time)")
    assert page.says("You can do either until Saturday, March 7 at 7:00 AM (Pacific Standard Time).")
    assert page.says("Your provider agreed to Monday, March 9 at 8:00 AM (Pacific Daylight Time).")
    assert alice.get("home.show").says("Moves Monday, March 9")


def test_what_waits_for_the_customer_comes_first(alice, filed, signed):
    public_id = filed()
    page = alice.get("ports.show", public_id=public_id)
    assert page.heading() == "Waiting for a signature"
    assert page.select_one("main section a.btn").text == "Sign now"
    signed()
    assert alice.get("ports.show", public_id=public_id).heading() == "Your number moves Monday, March 9"


def test_every_state_has_its_headline():
    assert set(_HEADLINES) == set(State)


def test_what_still_works_is_said(alice, filed):
    page = alice.get("ports.show", public_id=filed())
    assert page.says("Your own number works at your provider, as always. Keep that service.")
    assert page.says("works here on Portline.")


def test_the_page_keeps_itself_up_to_date_as_long_as_there_is_news_to_come(alice, filed):
    public_id = filed()
    page = alice.get("ports.show", public_id=public_id)
    fragment = alice.open(page.select_one("[data-refresh]")["data-refresh"])
    assert here(fragment) == "Signature"


def test_a_port_is_called_off_while_there_is_time(alice, filed, signed, work, clock):
    public_id = filed()
    signed()
    alice.get("ports.show", public_id=public_id)
    alice.submit(button="Cancel transfer")
    page = alice.get("ports.show", public_id=public_id)
    assert not page.says("Change or cancel")
    assert here(page) == "Date set"
    work()
    clock.jump(timedelta(hours=1))
    work()
    page = alice.get("ports.show", public_id=public_id)
    assert page.says("Canceled")
    assert page.says("Your number stays where it was.")
    assert not page.select("[data-refresh]")
    assert alice.get("changes.listing").says("Asked to cancel the transfer of (415) 555-2000")


def test_too_late_the_button_is_disabled_and_the_reason_beside_it(alice, filed, signed, clock):
    public_id = filed()
    signed()
    alice.get("ports.show", public_id=public_id)
    clock.jump(timedelta(days=5))
    alice.submit(button="Cancel transfer", status=409)
    page = alice.get("ports.show", public_id=public_id)
    button = next(button for button in page.select("main button") if button.text == "Cancel transfer")
    assert button.has_attr("disabled")
    assert page.find(id=button["aria-describedby"]).text.strip().endswith("Now the move is too close.")


def test_a_helper_cannot_call_it_off(alice, bob, filed):
    bob.get("ports.show", public_id=filed())
    bob.submit(button="Cancel transfer", status=403)


def test_a_rejection_asks_again_for_the_wrong_fields_and_nothing_else(alice, filed, signed):
    public_id = filed(WRONG_ACCOUNT, account_number="1")
    signed(WRONG_ACCOUNT)
    page = alice.get("ports.show", public_id=public_id)
    assert page.says("The account number doesn’t match your provider’s records.")
    assert here(page) == "With your provider"
    assert page.select_one("[aria-current=step] span").text == "Waiting on you."
    page = alice.get("ports.fix", public_id=public_id)
    fields = [field["name"] for field in page.select("main input:not([type=hidden])")]
    assert fields == ["account_number", "bill"]
    assert page.kept("account_number") == ""


def test_a_mended_port_is_sent_again_as_one_action(alice, filed, signed):
    public_id = filed(WRONG_ACCOUNT, account_number="1")
    signed(WRONG_ACCOUNT)
    alice.get("ports.fix", public_id=public_id)
    assert set(alice.submit(account_number=" ", status=422).wrong()) == {"account_number"}
    page = alice.submit(account_number=GOOD_ACCOUNT_NUMBER)
    assert page.says("Thank you. We’re sending it again.")
    assert here(page) == "Sent"
    alice.get("ports.fix", public_id=public_id, status=409)
    assert alice.get("changes.listing").says("Corrected the transfer request for")


def test_a_day_that_has_become_too_near_meanwhile_is_asked_again_with_what_was_wrong(alice, filed, signed, clock):
    public_id = filed(WRONG_ACCOUNT, account_number="1", wished=clock.now().date() + timedelta(days=7))
    signed(WRONG_ACCOUNT)
    clock.jump(timedelta(days=1))
    page = alice.get("ports.fix", public_id=public_id)
    assert page.kept("wished") == ""
    assert alice.submit(account_number=GOOD_ACCOUNT_NUMBER).says("Thank you. We’re sending it again.")


def test_a_port_that_nothing_is_wrong_with_has_nothing_to_mend(alice, filed):
    alice.get("ports.fix", public_id=filed(), status=409)


def test_without_any_port_the_list_says_how_to_begin(alice):
    page = alice.get("ports.listing")
    assert page.says("No transfers yet.")
    assert page.select_one("main a[href='/bring']")


def test_another_day_is_asked_for_and_the_request_goes_out_anew(alice, filed, signed, work, clock, world):
    public_id = filed()
    signed()
    alice.get("ports.show", public_id=public_id)
    page = alice.get("reschedule.ask", public_id=public_id)
    assert page.says("so we cancel it and send a new one")
    assert page.says("Possible until Saturday, March 7 at 7:00 AM")
    chosen = page.select("select[name=wished] option")[-1]["value"]
    page = alice.submit(wished=chosen)
    assert page.says("Thank you. We’re asking for that date.")
    assert here(page) == "Sent"
    for _ in range(4):
        clock.jump(timedelta(minutes=5))
        work()
    page = alice.get("ports.show", public_id=public_id)
    assert here(page) == "Signature"
    assert page.says("You asked for another date.")
    assert not page.says("The transfer was canceled.")
    assert alice.get("changes.listing").says("Asked for another date for (415) 555-2000")


@pytest.mark.parametrize("day", ["2026-03-03", "2026-03-14", "tomorrow"])
def test_a_day_that_is_not_possible_is_refused_beside_the_field(alice, filed, day):
    alice.get("reschedule.ask", public_id=filed())
    assert set(alice.submit(wished=day, status=422).wrong()) == {"wished"}


def test_too_close_to_the_move_the_day_stays(alice, filed, signed, clock):
    public_id = filed()
    signed()
    alice.get("reschedule.ask", public_id=public_id)
    clock.jump(timedelta(days=5))
    alice.submit(wished="", status=409)
    page = alice.get("ports.show", public_id=public_id)
    assert [button for button in page.select("main button[disabled]") if button.text == "Change date"]
    alice.get("reschedule.ask", public_id=public_id, status=409)


def test_a_helper_cannot_ask_for_another_day(bob, filed):
    bob.get("reschedule.ask", public_id=filed(), status=403)


def test_the_fix_says_what_follows_and_when_the_number_can_be_expected(alice, filed, signed):
    public_id = filed(WRONG_ACCOUNT, account_number="1")
    signed(WRONG_ACCOUNT)
    page = alice.get("ports.fix", public_id=public_id)
    assert page.says("emails a new letter to sign")
    assert page.says("If you send it today, expect it between Monday, March 9 and Monday, March 23")


def test_the_link_to_a_fix_leads_there_by_way_of_the_code_in_the_customers_language(reader, filed):
    page = reader.open(f"/ports/{filed()}/fix?in=sv")
    assert page.html["lang"] == "sv"
    with reader.client.session_transaction() as cookie:
        assert cookie["came_for"].endswith("/fix?in=sv")

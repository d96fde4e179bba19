"""The cutover page: what will happen, what is proven, taking it back, and ending the old service."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from service.calls.changing import keep
from service.calls.nodes import usual
from service.lines.models import NumberRole, Phone, PhoneNumber
from service.lines.releasing import begin_release
from service.porting.models import PortProject
from tests.conftest import PLATFORM_NUMBER
from tests.factories import CALLER, a_draft

OWN = "+14155552000"
PHONE = "+14155550177"
TMOBILE = "+14155556103"


def test_with_a_date_it_says_what_will_happen(alice, dated):
    page = alice.get("cutover.show", public_id=dated)
    assert page.says("Moves")
    assert page.says("1 Main Street, San Francisco, CA")
    assert page.says("Not yet. Keep your old service.")
    assert not page.says("Changed since the date was set")


@pytest.mark.parametrize("endpoint", ["ports.show", "cutover.show", "reschedule.ask"])
def test_the_pages_of_a_port_are_under_numbers_in_the_navigation(endpoint, alice, dated):
    assert place_in_navigation(alice.get(endpoint, public_id=dated)) == "Numbers"


def test_the_pages_before_it_is_sent_are_under_numbers_too(alice, line, services):
    with services.sessions.begin() as session:
        public_id = a_draft(session, session.merge(line), OWN).public_id
    assert place_in_navigation(alice.get("bulk_transfer.ask")) == "Numbers"
    assert place_in_navigation(alice.get("review.show", public_id=public_id)) == "Numbers"
    assert place_in_navigation(alice.get("steps.show", public_id=public_id, name="holder")) == "Numbers"


def place_in_navigation(page):
    return page.select_one(".side nav [aria-current]").text


def test_what_moves_is_spelled_out(alice, bob, dated, services, line):
    with services.sessions.begin() as session:
        session.add(Phone(line_id=line.id, number=PHONE, name="The bakery"))
    page = alice.get("cutover.show", public_id=dated)
    assert page.says("The bakery, (415) 555‑0177")
    assert page.says("At any time: Rings The bakery for 20 seconds.")
    assert page.says("If no one answers: Says “You have reached")
    assert page.says("Calls aren’t recorded.")
    assert page.says("The same, for Alice")


def test_a_customer_who_is_not_ready_is_shown_the_way_to_another_day(alice, dated, tick):
    assert alice.get("cutover.show", public_id=dated).select_one(f"a[href='/ports/{dated}/day']")


def test_what_is_changed_after_the_date_was_set_is_said(alice, dated, services, line):
    with services.sessions.begin() as session:
        session.add(Phone(line_id=line.id, number=PHONE, name="The bakery"))
        keep(session, line, replace(usual(), recorded=True))
    page = alice.get("cutover.show", public_id=dated)
    assert page.says("Changed since the date was set New: The bakery, (415) 555‑0177 No longer: None.")
    assert page.says("New: At any time: Rings The bakery for 20 seconds. Calls are recorded, and everyone is told.")
    assert page.says("No longer: At any time:")


def test_before_there_is_a_date_there_is_nothing_to_show(alice, services, line, work):
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
    assert alice.get("cutover.show", public_id=project.public_id).says("There’s no date yet.")


def test_what_proves_a_channel_is_shown_beside_it(alice, arrived, world, work):
    assert alice.get("cutover.show", public_id=arrived).says("Incoming calls Waiting")
    world.call(CALLER, OWN)
    work()
    assert alice.get("cutover.show", public_id=arrived).says("Arrived from (415) 555‑0123.")


def test_a_test_of_ours_is_told_as_what_it_is_and_the_customer_is_asked_to_call(alice, arrived, tick, world, work):
    for _ in range(3):
        tick(timedelta(minutes=11))
    page = alice.get("cutover.show", public_id=arrived)
    assert page.says("So far only from (202) 236‑7003, on our own carrier. Not yet confirmed from another network.")
    assert page.says("Call and text this number from the phone in your hand.")
    assert page.says("Not yet. Keep your old service.")
    assert page.says("still to check: Incoming calls, Incoming texts")
    alice.get("cutover.cancellation", public_id=arrived, status=404)
    tick(timedelta(minutes=31))
    world.call(TMOBILE, OWN)
    world.text(TMOBILE, OWN, "It is me")
    work()
    tick(timedelta(minutes=1))
    page = alice.get("cutover.show", public_id=arrived)
    assert page.says("Arrived from (415) 555‑6103 (T-Mobile USA, Inc.).")
    assert not page.says("from the phone in your hand")
    assert page.says("Yes. Everything works here.")


def test_the_page_asks_for_a_call_and_a_text_in_swedish(alice, arrived, tick):
    for _ in range(3):
        tick(timedelta(minutes=11))
    alice.get("cutover.show", public_id=arrived)
    alice.submit(language="sv")
    page = alice.get("cutover.show", public_id=arrived)
    assert page.says("Ring och sms:a numret från telefonen i din hand.")
    assert page.says("Hittills bara från")
    assert page.says("Inte än. Behåll din gamla tjänst.")


def test_texts_are_tested_when_asked_for_and_not_twice_in_a_minute(alice, arrived, work):
    alice.get("cutover.show", public_id=arrived)
    assert alice.submit(button="Test it now").says("We’re calling and texting the number now.")
    alice.submit(button="Test it now", status=409)
    work()


def test_the_old_service_may_be_ended_only_when_all_is_proven(alice, arrived, world, work, tick):
    alice.get("cutover.cancellation", public_id=arrived, status=404)
    world.call(CALLER, OWN)
    world.text(CALLER, OWN, "Hello", media=["image/jpeg"])
    work()
    tick(timedelta(seconds=10))
    assert alice.get("cutover.show", public_id=arrived).says("Yes. Everything works here.")


def test_the_letter_that_ends_the_old_service_names_the_number_and_no_secret(alice, proven):
    answer = alice.client.get(alice.address("cutover.cancellation", public_id=proven))
    text = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert "(415) 555-2000" in text
    assert "Alice's Bakery LLC" in text
    assert re.search(r"^\w+ \d{1,2}, 20\d\d$", text, re.MULTILINE), "its day is told in words"
    assert "1000200030" not in text
    assert "Rehearsal Bell" in text


def test_the_letter_to_an_operator_of_unknown_name_goes_to_its_customer_service(alice, proven, services):
    with services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().operator = ""
    text = PdfReader(BytesIO(alice.client.get(f"/ports/{proven}/move/letter.pdf").data)).pages[0].extract_text()
    assert "To customer service" in text


def test_the_letter_writes_names_as_they_are_and_leaves_to_the_pen_what_it_has_no_letters_for(alice, proven, services):
    with services.sessions.begin() as session:
        project = session.scalars(select(PortProject)).one()
        project.subscriber_name, project.authorized_person = "Łukasz Ström-Żak", "山 Győző"
    text = PdfReader(BytesIO(alice.client.get(f"/ports/{proven}/move/letter.pdf").data)).pages[0].extract_text()
    assert "Łukasz Ström-Żak" in text
    assert "_ Győző" in text


def test_the_letter_keeps_words_apart_and_writes_the_address_as_the_post_does(alice, proven, services):
    with services.sessions.begin() as session:
        project = session.scalars(select(PortProject)).one()
        project.subscriber_name, project.country = "Alice\tBakery\u2003AB", "SE"
        project.city, project.region, project.postal_code = "Växjö", "", "352 30"
    text = PdfReader(BytesIO(alice.client.get(f"/ports/{proven}/move/letter.pdf").data)).pages[0].extract_text()
    assert "Alice Bakery AB" in text
    assert "352 30 Växjö" in text


def test_a_move_is_taken_back_and_made_again(alice, proven, work):
    alice.get("cutover.show", public_id=proven)
    page = alice.submit(button="Undo the transfer")
    assert page.says("You’re back on your temporary number.")
    assert page.says("Not yet. Keep your old service.")
    work()
    assert alice.submit(button="Resume transfer").says("We’re checking everything again.")
    work()
    assert alice.get("cutover.show", public_id=proven).says("Incoming calls Waiting")


def test_once_it_is_done_the_page_tells_it_as_what_was_done(alice, dated, proven, services, line):
    with services.sessions.begin() as session:
        session.add(Phone(line_id=line.id, number=PHONE, name="The bakery"))
    page = alice.get("cutover.show", public_id=proven)
    assert page.says("Transfer complete")
    assert page.says("What moved")
    assert not page.says("What moves")
    assert not page.says("Changed since the date was set")


def test_nothing_is_taken_back_once_the_temporary_number_is_given_back(alice, proven, services, work):
    stale = alice.get("cutover.show", public_id=proven)
    with services.sessions.begin() as session:
        [temporary] = session.scalars(select(PhoneNumber).where(PhoneNumber.role == NumberRole.RETIRING))
        begin_release(session, temporary)
    alice.submit(button="Undo the transfer", status=409)
    alice.page, alice.path = stale, f"/ports/{proven}/move/"
    alice.submit(button="Ask to return it", status=409)
    page = alice.get("cutover.show", public_id=proven)
    offered = [button.text.strip() for button in page.select("main button")]
    assert "Undo the transfer" not in offered
    assert "Ask to return it" not in offered
    assert page.says("Does the number have to go back to your old provider?")
    assert not page.says("What undo does, step by step")


def test_the_request_to_send_a_number_back_is_filled_in_and_asked_once(alice, proven):
    page = alice.get("cutover.show", public_id=proven)
    assert page.says(f"Number: {OWN}")
    assert alice.submit(button="Ask to return it").says("You asked for its return.")


def test_after_a_day_a_number_is_not_sent_back_any_more(alice, proven, tick):
    tick(timedelta(days=2))
    page = alice.get("cutover.show", public_id=proven)
    assert page.says("The 24 hours in which carriers return a number on request are over.")


def test_members_may_look_but_not_take_back(bob, alice, proven):
    bob.get("cutover.show", public_id=proven)
    bob.submit(button="Undo the transfer", status=403)


def test_our_porting_desk_takes_any_move_back(operator, proven, work):
    operator.get("cutover.show", public_id=proven)
    assert operator.submit(button="Undo the transfer").says("Transfer undone")


def latest_change(alice):
    """The newest entry of the team's log: what was done, and by whom."""
    return " ".join(alice.get("changes.listing").select_one(".people li").text.split())


def test_what_the_carrier_does_not_confirm_is_not_logged_as_a_return(alice, operator, proven, work):
    alice.get("cutover.show", public_id=proven)
    alice.submit(button="Ask to return it")
    work()
    operator.get("cutover.show", public_id=proven)
    operator.submit(button="The carriers have sent it back")
    work()
    assert latest_change(alice).startswith("Asked our carrier if")


def test_our_porting_desk_says_when_a_number_went_back(alice, operator, proven, work, world):
    alice.get("cutover.show", public_id=proven)
    alice.submit(button="Ask to return it")
    work()
    page = operator.get("cutover.show", public_id=proven)
    assert page.says("Request: snapback")
    assert page.says("Carriers return a number on request until")
    assert latest_change(alice).startswith("Asked to return (415) 555-2000 to the old provider Alice")
    world.send_back(OWN)
    operator.submit(button="The carriers have sent it back")
    assert latest_change(alice).startswith("Asked our carrier if (415) 555-2000 is back")
    work()
    assert latest_change(alice).startswith(
        "Confirmed by our carrier: (415) 555-2000 is back with the old provider Portline"
    )
    assert operator.get("cutover.show", public_id=proven).says("This transfer has ended.")
    assert alice.get("ports.show", public_id=proven).says("Returned to your provider")


def test_only_our_porting_desk_says_that_a_number_went_back(alice, proven):
    alice.get("cutover.show", public_id=proven)
    page = alice.submit(button="Ask to return it")
    assert not page.says("The carriers have sent it back")
    told = {"csrf_token": page.select_one("main [name=csrf_token]")["value"]}
    assert alice.client.post(f"/ports/{proven}/move/1/returned", data=told).status_code == 404


def test_a_stranger_sees_no_move(charlie, proven):
    charlie.get("cutover.show", public_id=proven, status=404)


def test_what_is_not_ready_is_said_and_what_the_old_line_does_is_asked(alice, dated):
    page = alice.get("cutover.show", public_id=dated)
    assert page.says("No phones ring yet. Callers can leave a voicemail.")
    assert page.says("Tell us below where your old line forwards calls.")
    page = alice.submit(forwards="nowhere", serves="internet")
    assert not page.says("Tell us below where")
    assert page.says("They stop working with it")


def test_an_answer_that_is_none_is_refused(alice, dated):
    alice.get("cutover.show", public_id=dated)
    alice.submit(forwards="", serves="internet", status=409)


def test_calls_that_the_old_line_still_forwards_are_shown_on_every_page_and_keep_it_needed(
    alice, proven, world, tick, operator
):
    [temporary] = {one.phone_number for one in world.state.numbers.values()} - {OWN, PLATFORM_NUMBER}
    tick(timedelta(hours=2))
    assert not alice.get("cutover.show", public_id=proven).says("Some networks still send calls")
    world.call(CALLER, temporary, forwarded_from=OWN)
    tick(timedelta(minutes=1))
    tick(timedelta(minutes=1))
    page = alice.get("cutover.show", public_id=proven)
    assert page.says("Some networks still send calls to your old provider")
    assert page.says("Not yet. Keep your old service.")
    assert page.says("Networks that still go to your old provider Rehearsal Bell")
    page = alice.get("ports.show", public_id=proven)
    assert not page.says("You can cancel your old service now.")
    assert page.says("some networks still send its calls to your old provider")
    assert page.says("Our transfer desk is having the networks fixed. You don’t need to do anything.")
    assert operator.get("desk.show").says("Some originating networks still route it to the losing carrier")


def test_callers_of_the_temporary_number_hear_the_own_number_first_if_that_is_wanted(alice, proven, world, bob):
    [temporary] = {one.phone_number for one in world.state.numbers.values()} - {OWN, PLATFORM_NUMBER}
    told = "Our number has changed. It is now: 4 1 5, 5 5 5, 2 0 0 0."
    assert told not in heard(world, temporary)
    alice.get("cutover.show", public_id=proven)
    assert alice.submit(button="Tell callers my own number first").says("People who call the temporary number hear")
    assert told in heard(world, temporary)
    assert told not in heard(world, OWN)
    assert told not in heard(world, temporary, forwarded_from=OWN)
    bob.get("cutover.show", public_id=proven)
    bob.submit(button="Put callers through right away", status=403)
    alice.get("cutover.show", public_id=proven)
    alice.submit(button="Put callers through right away")
    assert told not in heard(world, temporary)


def heard(world, number, **how):
    return " ".join(world.call(CALLER, number, **how).transcript)


def test_who_still_uses_the_temporary_number_is_listed_before_it_goes(alice, proven, world, work):
    [temporary] = {one.phone_number for one in world.state.numbers.values()} - {OWN, PLATFORM_NUMBER}
    assert alice.get("cutover.show", public_id=proven).says("No one has used it since the transfer.")
    world.call(CALLER, temporary)
    work()
    assert alice.get("cutover.show", public_id=proven).says(
        "These people still use it. Give them your own number: (415) 555‑0123"
    )


def test_a_move_taken_back_waits_for_nobody_and_offers_no_other_day(alice, reader, proven):
    assert alice.get("ports.show", public_id=proven).says("You can cancel your old service now.")
    alice.get("cutover.show", public_id=proven)
    assert alice.submit(button="Undo the transfer").says("Transfer undone")
    page = alice.get("ports.show", public_id=proven)
    assert page.says("You’re on your temporary number.")
    assert page.says("You undid the transfer")
    assert not page.says("works at your provider")
    assert not page.select_one("#cancel")
    outside = reader.open(page.select_one(".paper a")["href"])
    assert outside.says("Transfer undone")
    assert not outside.select("main a.btn")


def test_a_number_that_is_being_set_up_is_not_said_to_be_at_the_old_operator(alice, arrived):
    page = alice.get("ports.show", public_id=arrived)
    assert page.says("Your own number arrived and we’re testing it.")
    assert not page.select_one("#cancel")

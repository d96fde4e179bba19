"""The desk's page of one transfer: what differs, what was said and done, and what the desk can do."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.accounts.models import DESK, Role, User
from service.desk.comments import DeskMention
from service.desk.log import DeskAct, DeskEntry, write_down
from service.desk.mention_mail import mail_desk_mention
from service.porting.cases import PortCase
from service.porting.models import Cause, PortHistory, PortNumber, PortProject
from service.porting.states import Command, State
from service.time import now
from tests.factories import GOOD_ACCOUNT_NUMBER, OWN, a_draft

SECRET = "Take out the account number, PIN, or ID number. Those are sent with the order, encrypted."


def acts(services):
    with services.sessions() as session:
        return [(row.act, row.user.name) for row in session.scalars(select(DeskEntry).order_by(DeskEntry.id))]


@pytest.fixture
def reject(services):
    """Have the old operator reject the transfer for these reasons."""

    def reject(*codes):
        with services.sessions.begin() as session:
            session.execute(update(PortNumber).values(state=State.ACTION_REQUIRED, reasons=list(codes)))

    return reject


@pytest.fixture
def dana(operator, known, services):
    """A second person at the desk."""
    person = known("dana")
    with services.sessions.begin() as session:
        here = session.get_one(User, person.id)
        here.roles.append(session.scalars(select(Role).where(Role.name == DESK)).one())
    return person


def test_the_queue_leads_to_the_page_of_a_transfer(operator, filed):
    public_id = filed()
    link = operator.get("queue.show").select_one("tbody a")["href"]
    assert link == operator.address("desk_transfer.show", public_id=public_id)
    page = operator.open(link)
    for words in ("Alice's Bakery", "Waiting for the signature", "Due in 3 days", "Remind the customer to sign"):
        assert page.says(words), words


def test_customers_find_no_such_page(alice, charlie, filed):
    public_id = filed()
    for reader in (alice, charlie):
        for endpoint in ("desk_transfer.show", "desk_acts.ask_corrections"):
            reader.get(endpoint, public_id=public_id, status=404)


def test_a_transfer_that_is_not_there_is_not_found(operator):
    operator.get("desk_transfer.show", public_id="nothing", status=404)


def test_answers_stand_beside_what_was_sent_and_what_was_objected_to(operator, filed, reject, services):
    public_id = filed()
    reject("address", "account_number")
    with services.sessions.begin() as session:
        session.execute(update(PortProject).values(street="2 Main Street"))
    rows = {
        row.td.text.strip(): row for row in operator.get("desk_transfer.show", public_id=public_id).select("tbody tr")
    }
    street = " ".join(rows["Street address Differs"].get_text(" ").split())
    assert "2 Main Street" in street
    assert "1 Main Street" in street
    assert "Account number Differs" in rows
    assert "City Differs" in rows, "an objection to the address is one to each part of it"
    assert "Account holder’s name" in rows


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"numbers": [OWN]}, "Twilio doesn’t take (415) 555-2000."),
        (
            {"why": {"": ["Too late."], "street": ["Enter the street address as on your bill."]}},
            "Too late. Street address: Enter the street address as on your bill.",
        ),
    ],
)
def test_why_a_transfer_did_not_move_to_another_carrier_is_told(operator, filed, services, details, told):
    public_id = filed()
    with services.sessions.begin() as session:
        project, by = session.scalars(select(PortProject)).one(), session.scalars(select(User.id)).first()
        write_down(session, project, by, DeskAct.CARRIER_NOT_CHANGED, carrier="twilio", **details)
    assert operator.get("desk_transfer.show", public_id=public_id).says(f"It stays where it is. {told}")


def test_carriers_are_called_as_people_call_them_and_one_that_is_gone_by_its_name(operator, filed, services):
    public_id = filed()
    assert operator.get("desk_transfer.show", public_id=public_id).select_one(".lead").text.endswith("· Twilio")
    with services.sessions.begin() as session:
        session.execute(update(PortCase).values(carrier="gone"))
    rows = operator.get("queue.show").select("tbody tr")
    assert [row.select("td")[-1].text.startswith("gone") for row in rows] == [True]


def test_no_secret_stands_on_the_page(operator, filed):
    page = operator.get("desk_transfer.show", public_id=filed(pin="8642"))
    assert GOOD_ACCOUNT_NUMBER not in page.text
    assert "8642" not in page.text
    assert page.says("Given")


def test_a_comment_names_its_author_and_mails_whom_it_mentions_once(operator, dana, filed, mailbox, work, services):
    operator.get("desk_transfer.show", public_id=filed())
    operator.submit(comment="@dana have a look, and @operator too")
    assert operator.page.says("Operator")
    assert operator.page.says("@dana have a look")
    work()
    assert [mail.subject for mail in mailbox.to(dana.email)] == ["Operator mentioned you about (415) 555-2000"]
    assert "have a look" not in mailbox.to(dana.email)[0].text
    assert not mailbox.to("operator@operator.example")
    with services.sessions() as session:
        mention = session.scalars(select(DeskMention)).one()
    mail_desk_mention(services, comment_id=mention.comment_id, user_id=mention.user_id)
    assert len(mailbox.to(dana.email)) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (" ", "Write something first."),
        ("x" * 4001, "This is too long. Write it as two."),
        (f"Their account is {GOOD_ACCOUNT_NUMBER}.", SECRET),
        ("Their account is 1000-2000 30!", SECRET),
    ],
)
def test_a_comment_that_is_empty_too_long_or_tells_a_secret_is_refused(operator, filed, typed, told):
    operator.get("desk_transfer.show", public_id=filed())
    page = operator.submit(comment=typed, status=422)
    assert page.wrong() == {"comment": told}


def test_who_has_it_and_the_next_step_are_written_down_with_who_did_so(operator, dana, filed, services):
    operator.get("desk_transfer.show", public_id=filed())
    page = operator.submit(assignee=str(dana.id), next_step="Call them", next_on="2026-03-05")
    assert page.says("Assigned it to Dana")
    assert page.says("Next step: Call them")
    operator.submit(assignee=str(dana.id), next_step="Call them", next_on="2026-03-05")
    assert acts(services) == [(DeskAct.ASSIGNED, "Operator"), (DeskAct.PLANNED, "Operator")], "unchanged, so unlogged"
    assert operator.get("trace.show", number=OWN).says("planned by Operator")


def test_a_plan_of_what_nobody_has_is_no_assignment(operator, filed, services):
    operator.get("desk_transfer.show", public_id=filed())
    for step in ("Call them", "Write to them"):
        operator.submit(assignee="0", next_step=step)
    assert acts(services) == [(DeskAct.PLANNED, "Operator")] * 2


def test_a_rejected_transfer_is_corrected_and_sent_again_by_staff(operator, alice, filed, reject, services, work):
    public_id = filed()
    reject("address")
    operator.get("desk_acts.ask_corrections", public_id=public_id)
    page = operator.submit(street="2 Main Street")
    assert page.says("Corrected Street address and sent it again")
    with services.sessions() as session:
        number = session.scalars(select(PortNumber)).one()
        assert (number.state, number.project.street) == (State.SUBMITTING, "2 Main Street")
        assert number.project.account_number == GOOD_ACCOUNT_NUMBER, "an empty secret stays as it was"
        assert (
            session.scalars(select(PortHistory.cause).where(PortHistory.event == Command.CORRECT)).one() is Cause.STAFF
        )
    assert page.says("Sent to the carrier. Waiting for its answer.")
    log = alice.get("changes.listing")
    assert log.says("Corrected the transfer request for (415) 555-2000")
    assert log.says("Operator")


def test_what_is_missing_for_a_correction_is_told_beside_its_field(operator, filed, reject):
    public_id = filed()
    reject("address")
    operator.get("desk_acts.ask_corrections", public_id=public_id)
    assert operator.submit(street="", status=422).wrong() == {"street": "Enter the street address as on your bill."}


def test_an_order_that_is_under_way_is_sent_again_unchanged(operator, filed, signed, services):
    public_id = filed()
    signed()
    operator.get("desk_transfer.show", public_id=public_id)
    operator.submit(button="Send again")
    assert acts(services) == [(DeskAct.SENT_AGAIN, "Operator")]


def test_the_desk_cancels_and_waits_for_the_carriers_answer(operator, filed, services, work, clock):
    public_id = filed()
    operator.get("desk_transfer.show", public_id=public_id)
    page = operator.submit(button="Cancel transfer")
    assert page.says("Cancellation requested. Waiting for the carrier’s answer.")
    work()
    clock.jump(timedelta(minutes=1))
    work()
    page = operator.get("desk_transfer.show", public_id=public_id)
    assert not page.says("Waiting for the carrier’s answer.")
    assert page.says("Asked to cancel it")
    with services.sessions() as session:
        assert session.scalars(select(PortNumber.state)).one() is State.CANCELED


def test_the_desk_asks_for_another_day(operator, filed, signed, services):
    public_id = filed()
    signed()
    page = operator.get("desk_transfer.show", public_id=public_id)
    day = page.select("#wished option")[-1]["value"]
    operator.submit(wished=day)
    assert operator.page.says("Asked for another date: " + day)
    with services.sessions() as session:
        assert session.scalars(select(PortProject.wished)).one().isoformat() == day


def test_past_the_carriers_cut_off_nothing_can_be_changed(operator, filed, services):
    public_id = filed()
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.SCHEDULED, committed_on=now().date()))
    page = operator.get("desk_transfer.show", public_id=public_id)
    assert page.says("The carrier took changes until")
    token = page.select_one("[name=csrf_token]")["value"]
    for endpoint in ("desk_acts.cancel", "desk_acts.again", "desk_acts.move"):
        answer = operator.client.post(operator.address(endpoint, public_id=public_id), data={"csrf_token": token})
        assert answer.status_code == 409, endpoint
    assert acts(services) == []


def test_a_draft_is_sent_for_its_customer_by_the_rules_that_hold_for_them(operator, services, line, work):
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN, agreed_at=None)
    work()
    operator.get("desk_transfer.show", public_id=project.public_id)
    assert operator.submit(button="Send for the customer").says("Check every box to go on.")
    with services.sessions.begin() as session:
        session.execute(update(PortProject).values(agreed_at=now()))
    operator.submit(button="Send for the customer")
    assert acts(services) == [(DeskAct.FILED, "Operator")]


def test_a_draft_is_corrected_without_being_sent(operator, services, line, work):
    with services.sessions.begin() as session:
        project = a_draft(session, session.merge(line), OWN)
    work()
    operator.get("desk_acts.ask_corrections", public_id=project.public_id)
    operator.submit(city="Oakland", button="Save")
    with services.sessions() as session:
        number = session.scalars(select(PortNumber)).one()
        assert (number.state, number.project.city) == (State.DRAFT, "Oakland")


def test_the_text_for_the_carrier_has_the_facts_and_no_secret(operator, filed):
    page = operator.get("desk_transfer.show", public_id=filed(pin="8642"))
    text = page.select_one("textarea[readonly]").text
    for words in (
        "Port order: KW",
        "Numbers: +14155552000",
        "Alice's Bakery LLC",
        "account number and PIN",
        "1 Main Street",
    ):
        assert words in text, words
    assert GOOD_ACCOUNT_NUMBER not in text
    assert page.says("porting@twilio.com")


def test_the_page_makes_as_many_statements_for_one_comment_as_for_many(operator, filed, queries):
    public_id = filed()
    counts = []
    for comments in (1, 5):
        for _ in range(comments):
            operator.get("desk_transfer.show", public_id=public_id)
            operator.submit(comment="One more")
        with queries() as made:
            operator.get("desk_transfer.show", public_id=public_id)
        counts.append(len(made))
    assert counts[0] == counts[1]

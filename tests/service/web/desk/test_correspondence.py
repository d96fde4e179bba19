"""What the desk and a customer write to each other about a transfer, and what the desk asks for."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from service.alerts import Alert, AlertKind
from service.desk.correspondence import DeskQuestion, TransferMessage
from service.porting.models import PortNumber, PortProject
from service.porting.order_comments import OrderComment
from service.porting.states import State
from service.time import now
from tests.factories import GOOD_ACCOUNT_NUMBER

ALICE = "alice@bakery.example"


@pytest.fixture
def public_id(filed):
    return filed()


@pytest.fixture
def asked(operator, public_id, work):
    """Have the desk ask for these answers."""

    def ask(*fields, question="Please give these again."):
        operator.get("desk_transfer.show", public_id=public_id)
        page = operator.submit(button="Ask the customer", fields=list(fields), question=question)
        work()
        return page

    return ask


def alerts(services):
    with services.sessions() as session:
        return list(session.scalars(select(Alert.kind).where(Alert.kind == AlertKind.CUSTOMER_WROTE)))


def test_a_customer_reads_what_the_desk_wrote_by_mail_and_on_the_page_and_answers(
    operator, alice, public_id, mailbox, work, services
):
    operator.get("desk_transfer.show", public_id=public_id)
    operator.submit(message="Your provider wants a day more.")
    assert operator.page.says("Wrote to the customer")
    work()
    [mail] = [one for one in mailbox.to(ALICE) if one.subject.startswith("Our transfer desk wrote to you")]
    assert "Your provider wants a day more." in mail.text
    page = alice.open(urlsplit(re.search(r"http\S+/ports/\S+", mail.text).group()).path)
    assert page.says("Your provider wants a day more.")
    alice.submit(message="That is fine.")
    assert alice.page.says("That is fine.")
    assert alerts(services) == [AlertKind.CUSTOMER_WROTE]
    assert operator.get("desk_transfer.show", public_id=public_id).says("That is fine.")


def test_nobody_writes_a_secret_or_nothing(operator, alice, public_id, services):
    told = "Take out the account number, PIN, or ID number. Those are sent with the order, encrypted."
    operator.get("desk_transfer.show", public_id=public_id)
    assert operator.submit(message=f"It is {GOOD_ACCOUNT_NUMBER}", status=422).wrong() == {"message": told}
    alice.get("ports.show", public_id=public_id)
    assert alice.submit(message=f"It is {GOOD_ACCOUNT_NUMBER}").select_one(".notice-bad").text.strip() == told
    alice.get("ports.show", public_id=public_id)
    assert alice.submit(message=" ").select_one(".notice-bad").text.strip() == "Write something first."
    with services.sessions() as session:
        assert not session.scalars(select(TransferMessage)).all()


def test_members_who_move_no_numbers_write_nothing_to_the_desk(bob, alice, public_id):
    token = alice.get("ports.show", public_id=public_id).select_one("main [name=csrf_token]")["value"]
    bob.get("ports.show", public_id=public_id)
    token = bob.page.select_one("[name=csrf_token]")["value"]
    address = bob.address("correspondence.write", public_id=public_id)
    assert bob.client.post(address, data={"csrf_token": token, "message": "Hi"}).status_code == 403


def test_what_the_desk_asks_for_is_answered_by_the_link_in_the_mail(operator, alice, asked, mailbox, services):
    asked("street", "city")
    [mail] = [one for one in mailbox.to(ALICE) if "Please give these again." in one.text]
    page = alice.open(urlsplit(re.search(r"http\S+/fix\S*", mail.text).group()).path)
    assert {field["name"] for field in page.select("main form input[type=text]")} == {"street", "city"}
    alice.submit(street="2 Main Street", city="Oakland")
    assert alice.page.says("Thank you. Saved.")
    with services.sessions() as session:
        project, number = session.scalars(select(PortProject)).one(), session.scalars(select(PortNumber)).one()
        assert (project.street, project.city) == ("2 Main Street", "Oakland")
        assert number.state is State.AWAITING_SIGNATURE, "nothing is sent before the desk has seen it"
        assert session.scalars(select(DeskQuestion)).one().answered_at
    assert alerts(services) == [AlertKind.CUSTOMER_WROTE]
    assert alice.get("changes.listing").says("Answered the transfer desk about (415) 555-2000")
    page = operator.get("desk_transfer.show", public_id=project.public_id)
    assert page.says("Asked the customer for Street address, City")
    assert page.says("Street address Differs"), "what was sent has the old one"


def test_an_open_question_stands_on_the_transfers_page_until_it_is_answered_or_taken_back(
    operator, alice, asked, public_id
):
    asked("city")
    assert alice.get("ports.show", public_id=public_id).says("Please give these again.")
    operator.get("desk_transfer.show", public_id=public_id)
    operator.submit(button="Take the question back")
    assert not alice.get("ports.show", public_id=public_id).says("Please give these again.")
    alice.get("ports.fix", public_id=public_id, status=409)


def test_a_second_question_takes_the_place_of_the_first(alice, asked, public_id, services):
    asked("city", question="Which city?")
    asked("street", question="Which street?")
    page = alice.get("ports.fix", public_id=public_id)
    assert page.says("Which street?")
    assert not page.says("Which city?")


def test_a_rejected_transfer_is_sent_again_with_what_was_asked_besides(alice, asked, public_id, services):
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.ACTION_REQUIRED, reasons=["address"]))
    asked("authorized_person")
    alice.get("ports.fix", public_id=public_id)
    alice.submit(street="2 Main Street", authorized_person="Ann Baker")
    assert alice.page.says("Thank you. We’re sending it again.")
    with services.sessions() as session:
        number = session.scalars(select(PortNumber)).one()
        assert (number.state, number.project.authorized_person) == (State.SUBMITTING, "Ann Baker")
        assert session.scalars(select(DeskQuestion)).one().answered_at


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"fields": [], "question": "Why?"}, {"fields": "Choose what to ask for."}),
        ({"fields": ["no such"], "question": "Why?"}, {"fields": "Choose what to ask for."}),
        ({"fields": ["city"], "question": ""}, {"question": "Write something first."}),
    ],
)
def test_a_question_needs_a_sentence_and_something_to_answer(operator, public_id, typed, wrong):
    operator.get("desk_transfer.show", public_id=public_id)
    page = operator.submit(button="Ask the customer", status=422, **typed)
    assert page.wrong() == wrong


def test_a_ready_made_text_fills_in_the_message_or_the_question(operator, public_id):
    page = operator.get("desk_transfer.show", public_id=public_id, macro="keep_service")
    assert page.kept("message").startswith("Don’t cancel your service at")
    page = operator.get("desk_transfer.show", public_id=public_id, macro="address")
    assert "service address for (415) 555-2000" in page.kept("question")
    ticked = {box["value"] for box in page.select("[name=fields][checked]")}
    assert ticked == {"street", "street2", "city", "region", "postal_code"}


def test_a_carrier_without_comments_gets_its_text_by_mail(operator, public_id, services):
    page = operator.get("desk_transfer.show", public_id=public_id)
    assert not page.select("[name=order_comment]")
    with services.sessions() as session:
        order_id = session.scalars(select(PortNumber.order_id)).one()
    address = operator.address("desk_transfer.write_order_comment", public_id=public_id, order_id=order_id)
    token = page.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "order_comment": "Hello"}
    assert operator.client.post(address, data=sent).status_code == 409
    assert operator.client.post(address.replace(f"/{order_id}/", "/999/"), data=sent).status_code == 404


def test_a_comment_to_the_carrier_says_so_until_it_is_sent(operator, public_id, services):
    with services.sessions.begin() as session:
        order_id = session.scalars(select(PortNumber.order_id)).one()
        session.add(OrderComment(order_id=order_id, text="Any update?"))
    assert operator.get("desk_transfer.show", public_id=public_id).says("Not sent yet")
    with services.sessions.begin() as session:
        session.execute(update(OrderComment).values(sent_at=now()))
    assert not operator.get("desk_transfer.show", public_id=public_id).says("Not sent yet")


def test_customers_of_others_see_none_of_it(charlie, operator, asked, public_id):
    asked("city")
    charlie.get("ports.fix", public_id=public_id, status=404)
    charlie.get("bring.ask")
    token = charlie.page.select_one("main [name=csrf_token]")["value"]
    address = charlie.address("correspondence.write", public_id=public_id)
    assert charlie.client.post(address, data={"csrf_token": token, "message": "Hi"}).status_code == 404

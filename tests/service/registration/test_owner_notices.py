"""The owner of a business is told of each step of its registration, by mail, and by text at a number of theirs."""

import pytest

from service.proven_numbers import prove
from service.registration.standing import State
from tests.factories import CUSTOMER


@pytest.fixture
def subjects(mailbox):
    """The subjects of the mails that the owner has got."""
    return lambda: [mail.subject for mail in mailbox.to("alice@bakery.example")]


def test_each_step_is_told_once_by_mail(register, let_days_pass, subjects):
    register(trade_name="Alice's Bakery")
    let_days_pass(20)
    assert subjects() == [
        "Alice's Bakery is verified; carriers review your texts",
        "Texting is on for Alice's Bakery",
    ]


def test_a_number_that_the_workspace_has_shown_to_be_its_own_gets_a_text_too(
    services, world, register, let_days_pass, work
):
    workspace_id = register(trade_name="Alice's Bakery")
    with services.sessions.begin() as session:
        prove(session, workspace_id, CUSTOMER)
    let_days_pass(1)
    [text] = world.phone(CUSTOMER).texts
    assert text.body.startswith("Portline: Alice's Bakery is verified.")
    assert f"/texting?workspace={workspace_id}" in text.body


def test_a_refusal_that_the_owner_can_mend_is_told_with_the_page_where(register, mailbox, let_days_pass, stands):
    workspace_id = register(tax_id="12-3450795", trade_name="Alice's Bakery")
    let_days_pass(1)
    assert stands(workspace_id).state is State.REFUSED
    [mail] = mailbox.to("alice@bakery.example")
    assert mail.subject == "Please correct the registration of Alice's Bakery"
    assert f"/texting?workspace={workspace_id}" in mail.text


def test_what_only_operators_can_mend_is_not_asked_of_the_owner(register, let_days_pass, subjects, stands):
    workspace_id = register(legal_name="Alice's Bakery #30883 LLC", trade_name="Alice's Bakery")
    let_days_pass(20)
    assert stands(workspace_id).state is State.REFUSED
    assert subjects() == ["Alice's Bakery is verified; carriers review your texts"]

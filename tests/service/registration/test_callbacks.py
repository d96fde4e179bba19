"""A callback about a registration has us look: late, repeated or unknown, it changes nothing by itself."""

import pytest
from sqlalchemy import select

from provisioning.contract.registration import Stage
from service.registration.learning import changed_at_carrier
from service.registration.models import Registration, Subject
from service.registration.standing import State

STREET = "Invalid Street. Address suggestion: 123 Blake Street"


@pytest.fixture
def called_back(services, work):
    """The carrier calls back about the bakery's business, or another tag."""

    def call(reason="", tag=""):
        with services.sessions.begin() as session:
            who = session.scalars(select(Registration).where(Registration.subject == Subject.BUSINESS)).one()
            changed_at_carrier(session, tag or who.tag, reason)
        work()

    return call


def test_the_carrier_is_told_where_to_call_back_with_our_tag(world, register, services):
    register()
    with services.sessions() as session:
        tag = session.scalars(select(Registration.tag).where(Registration.subject == Subject.BUSINESS)).one()
    addresses = {profile.status_callback for profile in world.state.profiles.values() if profile.friendly_name == tag}
    assert addresses == {f"{services.settings.public_base_url}/webhooks/twilio/registration?registration={tag}"}


def test_it_has_us_ask_at_once_and_keeps_the_words_that_are_said_nowhere_else(
    world, register, stands, called_back, clock
):
    workspace_id = register(street="123 Blah Street")
    clock.jump(world.exchange.delays.profile_checked)
    world.run_due()
    called_back(STREET)
    refused = stands(workspace_id)
    assert (refused.state, refused.fields) == (State.REFUSED, {"address"})
    assert [one.text for one in refused.objections] == [STREET]


def test_what_comes_late_or_again_changes_nothing(register, stands, called_back, let_days_pass, mend):
    workspace_id = register(street="123 Blah Street")
    let_days_pass(1)
    for _ in range(2):
        called_back(STREET)
    mend(workspace_id, street="1 Main Street")
    called_back()
    let_days_pass(20)
    called_back(STREET)
    called_back()
    assert stands(workspace_id).state is State.REGISTERED
    assert stands(workspace_id).objections == ()


def test_one_about_nothing_of_ours_is_forgotten(register, called_back, services):
    register()
    called_back(STREET, tag="portline-unknown")
    with services.sessions() as session:
        assert {one.reason for one in session.scalars(select(Registration))} == {""}
        assert Stage.REFUSED not in set(session.scalars(select(Registration.stage)))

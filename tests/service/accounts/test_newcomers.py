"""Numbers of newcomers: nobody closes the door for others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import User, Workspace
from service.accounts.newcomers import forget_networks
from service.accounts.sign_up_links import GOOD_FOR, address_in, token_for
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from service.alerts import Alert
from service.config import SignUp
from service.language import Language
from service.lines.models import PhoneNumber
from service.schedule.serve_newcomers import serve_newcomers
from service.spending import allowances

KEYS = ("k" * 32,)


@pytest.fixture
def limits():
    """Settings that a test changes."""
    return {}


@pytest.fixture
def settings(settings, limits):
    return replace(settings, **limits)


@pytest.fixture
def joins(services):
    """Somebody signs up from a network and enters the code; whether they have a number coming at once."""

    def joins(name, network):
        with services.sessions.begin() as session:
            typed = {"email": f"{name}@{name}.example", "business": name, "name": "", "area": "415"}
            user = sign_up(
                session,
                services,
                asked_by=name,
                language=Language.ENGLISH,
                zone="UTC",
                network=network,
                **typed,
            )
            confirm(session, services, session.get_one(User, user.id))
        return name not in waiting(services)

    return joins


def waiting(services):
    with services.sessions() as session:
        rows = select(Workspace.name).where(Workspace.waiting_since.is_not(None))
        return list(session.scalars(rows.order_by(Workspace.waiting_since, Workspace.id)))


@pytest.mark.parametrize("limits", [{"numbers_per_network": 3}])
def test_many_sign_ups_from_one_network_leave_numbers_for_others(joins):
    assert [joins(f"crowd{one}", "203.0.113.0/24") for one in range(15)] == [True] * 3 + [False] * 12
    assert joins("dora", "198.51.100.0/24")


@pytest.mark.parametrize("limits", [{"purchases_per_day": 1}])
def test_newcomers_wait_in_line_and_are_mailed_when_their_number_is_there(joins, services, mailbox, work, clock):
    assert joins("first", "192.0.2.0/24")
    assert not joins("second", "198.51.100.0/24")
    clock.jump(timedelta(hours=1))
    assert not joins("third", "203.0.113.0/24")
    assert waiting(services) == ["second", "third"]
    with services.sessions() as session:
        assert session.scalars(select(Alert.about).where(Alert.kind == "purchase_cap_reached")).one()
    clock.jump(timedelta(days=1))
    serve_newcomers(services)
    assert waiting(services) == ["third"]
    work()
    clock.jump(timedelta(minutes=1))
    work()
    [mail] = [mail for mail in mailbox.to("second@second.example") if "Your number is here" in mail.subject]
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber).order_by(PhoneNumber.id.desc())).first().number[2:5] in mail.text
    assert "Your number is here" not in "".join(mail.subject for mail in mailbox.to("first@first.example"))


@pytest.mark.parametrize("limits", [{"sign_up": SignUp.APPROVAL}])
def test_newcomers_get_no_number_before_an_operator_approves_them(joins, services, clock):
    assert not joins("dora", "192.0.2.0/24")
    serve_newcomers(services)
    assert waiting(services) == ["dora"]
    with services.sessions.begin() as session:
        assert session.scalars(select(Alert.kind)).first() == "newcomer_waits"
        allowances.lift(session, session.scalars(select(Workspace.id)).one())
    serve_newcomers(services)
    assert waiting(services) == []


def test_the_network_is_forgotten_once_it_counts_for_nothing(joins, services, clock):
    joins("dora", "192.0.2.0/24")
    clock.jump(timedelta(days=3))
    with services.sessions.begin() as session:
        forget_networks(session)
        assert session.scalars(select(Workspace.network)).one() == ""


def test_a_link_to_sign_up_is_for_one_address_and_two_weeks(clock):
    token = token_for("Dora@Flowers.example", KEYS)
    assert address_in(token, KEYS) == "dora@flowers.example"
    assert address_in(token + "x", KEYS) == ""
    assert address_in(token, ("o" * 32,)) == ""
    clock.jump(GOOD_FOR)
    assert address_in(token, KEYS) == ""

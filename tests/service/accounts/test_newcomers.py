"""Numbers of newcomers: nobody closes the door for others."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.models import User, Workspace
from service.accounts.newcomers import forget_networks
from service.accounts.sign_up_links import GOOD_FOR, address_in, token_for
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from service.alerts import Alert
from service.language import Language
from service.lines.models import PhoneNumber
from service.schedule.serve_newcomers import serve_newcomers
from service.signing_up import SignUp
from service.spending import allowances
from service.spending.destinations import country_of

KEYS = ("k" * 32,)


@pytest.fixture
def joins(services):
    """Somebody signs up from a network and enters the code; whether they have a number coming at once."""

    def joins(name, network, area="415"):
        with services.sessions.begin() as session:
            typed = {"email": f"{name}@{name}.example", "business": name, "name": "", "area": area}
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


@pytest.mark.parametrize(
    ("area", "country", "begins"),
    [("604", "CA", "+1604"), ("415", "US", "+1415"), ("876", "US", "+1"), ("", "US", "+1")],
)
def test_the_first_number_is_of_the_country_of_its_area_code(joins, services, work, area, country, begins):
    joins("first", "192.0.2.0/24", area)
    work()
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber)).one()
        assert number.line.country == country
        assert number.number.startswith(begins)


def test_where_none_is_for_sale_in_the_country_it_is_american(joins, services, work, world):
    world.faults.add("error", path="*AvailablePhoneNumbers/CA*", status=404)
    joins("first", "192.0.2.0/24", "604")
    work()
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber)).one()
        assert (number.line.country, country_of(number.number)) == ("CA", "US")


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

"""Which carrier takes a number, and why not those before it: each reason, and what is decided by itself."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from provisioning.carriers import manual
from provisioning.contract.errors import Unavailable
from provisioning.contract.numbers import Sought
from provisioning.contract.porting import NumberKind, Verdict
from service.carrier_choice import Why, sellers
from service.carrier_cursors import Cursor
from service.carriers_by import CarriersBy
from service.desk.worklist import DeskWorklist
from service.lines.choosing import choose as buy
from service.lines.models import NumberSearch, PhoneNumber, Standing
from service.lines.searching import begin_search, find_numbers
from service.porting.choice import choose
from service.time import now
from tests.factories import a_line
from tests.second_carrier import at_telnyx

AMERICAN, TOLL_FREE, CANADIAN, SWEDISH = "+12125552671", "+18007362671", "+16045552671", "+46850012345"
BY_STAFF, REFUSED, UNSURE, NOWHERE = "+12125552133", "+12125552136", "+12125552135", "+12125552130"
SELLING = "*/AvailablePhoneNumbers/*"


@pytest.fixture
def carriers(carriers, to_carrier, settings, sessions, world, clock):
    """Two carriers at which numbers live, and the desk behind them."""
    by_hand = manual.build({}, worklist=DeskWorklist(sessions))
    return carriers | at_telnyx(to_carrier, settings, world, clock) | {"manual": by_hand}


@pytest.fixture
def turned(services):
    """The same carriers, of which the operator prefers the second."""
    return replace(services, carriers={name: services.carriers[name] for name in ("telnyx", "twilio", "manual")})


@pytest.fixture
def by_cost(services):
    """The same carriers, of which the operator prefers the cheaper."""
    return replace(services, settings=replace(services.settings, carriers_by=CarriersBy.COST))


def decided(services, number, silent=()):
    choice = choose(services, number, silent)
    return choice.carrier, choice.answer.verdict, dict(choice.passed_over)


@pytest.mark.parametrize(
    ("number", "carrier", "passed_over"),
    [
        (AMERICAN, "twilio", {}),
        (TOLL_FREE, "telnyx", {"twilio": Why.KIND}),
        (CANADIAN, "telnyx", {"twilio": Why.COUNTRY}),
        (BY_STAFF, "telnyx", {"twilio": Why.STAFF}),
        (REFUSED, "telnyx", {"twilio": Why.REFUSED}),
        (UNSURE, "telnyx", {"twilio": Why.UNSURE}),
        (SWEDISH, "manual", {"twilio": Why.COUNTRY, "telnyx": Why.COUNTRY}),
    ],
)
def test_what_one_carrier_cannot_port_the_next_does_and_only_then_the_desk(
    services, world, number, carrier, passed_over
):
    assert decided(services, number) == (carrier, Verdict.YES, passed_over)


def test_what_is_no_question_for_a_carrier_it_is_not_asked(services, world):
    asked = world.faults.add("slow", path="*/Portability/*", seconds=0)
    decided(services, TOLL_FREE)
    decided(services, CANADIAN)
    assert asked.struck == 0


def test_the_operators_order_decides_where_both_can(turned, world):
    assert decided(turned, AMERICAN) == ("telnyx", Verdict.YES, {})
    assert decided(turned, CANADIAN) == ("telnyx", Verdict.YES, {})


def test_the_price_decides_where_the_operator_wants_that(by_cost, world):
    assert decided(by_cost, AMERICAN) == ("telnyx", Verdict.YES, {"twilio": Why.DEARER})
    assert sellers(by_cost, NumberKind.TOLL_FREE) == ["telnyx", "twilio"]


def test_prices_in_several_currencies_are_not_compared(by_cost, world):
    second = by_cost.carriers["telnyx"]
    prices = replace(second.network.prices, currency="EUR")
    abroad = replace(second, network=replace(second.network, prices=prices))
    assert sellers(replace(by_cost, carriers=by_cost.carriers | {"telnyx": abroad}), NumberKind.LOCAL)[0] == "twilio"


def test_a_carrier_that_has_been_silent_for_long_is_passed_over(services, world):
    world.faults.add("outage", path="*/Portability/*")
    assert decided(services, AMERICAN, silent={"twilio"}) == ("telnyx", Verdict.YES, {"twilio": Why.SILENT})


def test_one_answer_that_fails_is_no_reason_to_go_elsewhere_nor_to_the_desk(services, world):
    world.faults.add("outage", path="*/Portability/*")
    with pytest.raises(Unavailable):
        choose(services, AMERICAN, ())


def test_the_desk_does_not_get_what_a_carrier_refuses_or_cannot_be_asked_about(services, world):
    alone = replace(services, carriers={name: services.carriers[name] for name in ("twilio", "manual")})
    assert decided(alone, REFUSED) == ("twilio", Verdict.NO, {})
    assert decided(alone, UNSURE) == ("twilio", Verdict.UNKNOWN, {})
    world.faults.add("outage", path="*/Portability/*")
    with pytest.raises(Unavailable):
        choose(alone, AMERICAN, {"twilio"})


def test_what_nobody_ports_keeps_the_first_carriers_answer(services, world):
    assert decided(services, NOWHERE) == ("twilio", Verdict.NO, {"telnyx": Why.REFUSED})
    elsewhere = {"telnyx": Why.COUNTRY, "manual": Why.COUNTRY}
    assert decided(services, "+4930123456") == ("twilio", Verdict.NO, elsewhere)


def bought(services):
    with services.sessions() as session:
        rows = session.scalars(select(PhoneNumber).order_by(PhoneNumber.id))
        return [(row.carrier, row.standing, row.passed_over) for row in rows]


@pytest.fixture
def newcomer(services, work):
    """Open a line, which wants its first number."""

    def newcomer():
        with services.sessions.begin() as session:
            a_line(session, services)
        work()

    return newcomer


@pytest.fixture
def again(services, work):
    """Have what failed tried again, which it is in real time."""

    def again():
        with services.sessions.begin() as session:
            session.execute(text("UPDATE ledger_entries SET due_at = now()"))
            session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        work()

    return again


def test_a_first_number_comes_from_the_first_carrier(services, newcomer):
    newcomer()
    assert bought(services) == [("twilio", Standing.HELD, {})]


def test_while_the_first_carrier_fails_a_first_number_comes_from_the_other_at_once(services, world, newcomer):
    world.faults.add("outage", path=SELLING)
    newcomer()
    assert bought(services) == [("telnyx", Standing.HELD, {"twilio": "silent"})]


def test_what_the_first_carrier_has_not_for_sale_comes_from_the_other(services, world, newcomer):
    world.faults.add("error", path=SELLING, status=404)
    newcomer()
    assert bought(services) == [("telnyx", Standing.HELD, {"twilio": "sold_out"})]


def test_a_number_whose_purchase_was_turned_away_comes_from_the_other_once_the_first_is_silent(
    services, world, newcomer, again, clock
):
    turned_away = world.faults.add("outage", path="*/IncomingPhoneNumbers.json")
    newcomer()
    assert (turned_away.struck > 0, bought(services)[0][:2]) == (True, ("twilio", Standing.WANTED))
    with services.sessions.begin() as session:
        session.add(Cursor(carrier="twilio", reached_at=now(), failing_since=clock.now().replace(hour=1)))
    again()
    assert bought(services) == [("telnyx", Standing.HELD, {"twilio": "silent"})]


def test_a_purchase_whose_answer_was_lost_is_looked_for_where_it_was_made(services, world, newcomer, again):
    world.faults.add("lose-after", path="*/IncomingPhoneNumbers.json", count=1)
    newcomer()
    again()
    assert bought(services) == [("twilio", Standing.HELD, {})]
    assert len(world.state.numbers) == 2, "and the platform's own"


def searched(services, kind=NumberKind.LOCAL):
    with services.sessions.begin() as session:
        line = a_line(session, services)
        search_id = begin_search(session, services, line.workspace_id, Sought("US", kind)).id
    find_numbers(services, search_id=search_id)
    with services.sessions() as session:
        return session.get_one(NumberSearch, search_id)


def test_a_customer_chooses_among_numbers_of_the_carrier_that_has_some_and_buys_it_there(
    services, world, work, newcomer
):
    world.faults.add("outage", path=SELLING)
    search = searched(services)
    number = search.found[0][0]
    with services.sessions.begin() as session:
        buy(session, services, search, number, None, "Second line")
    work()
    with services.sessions() as session:
        row = session.scalars(select(PhoneNumber).where(PhoneNumber.number == number)).one()
    assert (row.carrier, row.standing, row.passed_over) == ("telnyx", Standing.HELD, {"twilio": "silent"})


def test_a_search_that_no_carrier_answers_is_tried_again(services, world):
    world.faults.add("outage")
    with pytest.raises(Unavailable):
        searched(services)

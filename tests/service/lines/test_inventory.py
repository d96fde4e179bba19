"""The numbers of a line: bought, adopted, released."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from service.errors import Conflict, TooMany
from service.lines.inventory import (
    add_arriving,
    caps_reached,
    irreplaceable_on,
    make_primary,
    numbers_of,
    outgoing_number,
    shown_number,
    undo_primary,
)
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.lines.releasing import begin_release, release_number
from service.services import Services
from tests.factories import CALLER, a_line

PORTED = "+12125552000"


@pytest.fixture
def line_id(services, work):
    with services.sessions.begin() as session:
        line_id = a_line(session, services).id
    work()
    return line_id


def arrived(session, line_id, number=PORTED):
    return add_arriving(session, line_id, "twilio", number, "PN" + "1" * 32)


def test_a_line_gets_a_number_in_the_area_it_wished_for_already_routed_to_us(services, world, line_id):
    with services.sessions() as session:
        number = numbers_of(session, line_id)[0]
    assert (number.standing, number.role) == (Standing.HELD, NumberRole.TEMPORARY)
    assert number.number.startswith("+1415")
    assert services.network("twilio").numbers.find(number.number).routing == services.routing("twilio")


def test_a_number_that_somebody_else_takes_from_under_us_is_replaced_by_the_next(services, world, work):
    first = services.network("twilio").numbers.search
    from provisioning.contract.numbers import Wanted

    taken = first(Wanted("US", "415"))[0].number
    services.network("twilio").numbers.buy(taken, "somebody-else", services.routing("twilio"))
    with services.sessions.begin() as session:
        line_id = a_line(session, services).id
    work()
    with services.sessions() as session:
        assert numbers_of(session, line_id)[0].number != taken


def test_a_number_that_was_given_back_rests_before_it_is_taken_again(services, work, clock):
    from provisioning.contract.numbers import Wanted

    def new_line():
        with services.sessions.begin() as session:
            line_id = a_line(session, services).id
        work()
        with services.sessions() as session:
            return numbers_of(session, line_id)[0].number

    resting = services.network("twilio").numbers.search(Wanted("US", "415"))[0].number
    with services.sessions.begin() as session:
        given_back = PhoneNumber(line=a_line(session, services), number=resting, carrier="twilio")
        given_back.standing, given_back.released_at = Standing.RELEASED, clock.now()
        session.add(given_back)
    assert new_line() != resting
    clock.jump(timedelta(days=91))
    assert new_line() == resting


def test_where_no_number_is_for_sale_nothing_is_bought_and_the_cap_is_not_used_up(services, work, world):
    world.faults.add("error", path="*/IncomingPhoneNumbers.json", status=400)
    with services.sessions.begin() as session:
        a_line(session, services)
    work()
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber)).one().standing is Standing.FAILED
        assert caps_reached(session, replace(services.settings, purchase_cap=1, purchases_per_day=1)) == []


def test_a_hundred_sign_ups_at_once_do_not_pass_the_cap(services):
    start, outcomes = Barrier(12), []

    def sign_up():
        start.wait()
        for _ in range(3):
            try:
                with services.sessions.begin() as session:
                    a_line(session, services)
                outcomes.append("given")
            except TooMany:
                outcomes.append("refused")

    threads = [Thread(target=sign_up) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with services.sessions() as session:
        wanted = session.scalar(select(func.count(PhoneNumber.id)))
        lines = session.scalar(select(func.count(Line.id)))
    assert (outcomes.count("given"), wanted, lines) == (services.settings.purchase_cap,) * 3


@pytest.fixture
def capped(services):
    """An installation with other caps."""
    return lambda **caps: replace(services, settings=replace(services.settings, **caps))


def test_a_number_given_back_makes_room_under_the_cap_but_not_under_that_of_the_day(capped, line_id, clock):
    with capped().sessions.begin() as session:
        number = numbers_of(session, line_id)[0]
        number.standing = Standing.RELEASED
        assert caps_reached(session, capped(purchase_cap=1, purchases_per_day=1).settings) == ["PURCHASES_PER_DAY"]
        clock.jump(timedelta(days=1, minutes=1))
        assert caps_reached(session, capped(purchase_cap=1, purchases_per_day=1).settings) == []


def test_a_number_that_is_still_held_counts_for_ever(capped, line_id, clock):
    clock.jump(timedelta(days=100))
    with capped().sessions.begin() as session:
        assert caps_reached(session, capped(purchase_cap=1, purchases_per_day=1).settings) == ["PURCHASE_CAP"]


def test_a_number_that_came_by_porting_counts_for_nothing(capped, services, line_id):
    with services.sessions.begin() as session:
        make_primary(session, arrived(session, line_id))
        assert caps_reached(session, capped(purchase_cap=2).settings) == []


def test_a_ported_number_arrives_beside_the_temporary_and_replaces_it(services, line_id):
    with services.sessions.begin() as session:
        arriving = arrived(session, line_id)
        assert shown_number(numbers_of(session, line_id)).role is NumberRole.TEMPORARY
        make_primary(session, arriving)
        make_primary(session, arriving)
    with services.sessions() as session:
        roles = [number.role for number in numbers_of(session, line_id)]
        assert roles == [NumberRole.RETIRING, NumberRole.PRIMARY]
        assert outgoing_number(session, line_id).role is NumberRole.RETIRING


def roles(session, line_id):
    return [(number.number, number.role, number.retiring_since) for number in numbers_of(session, line_id)]


def test_stepping_back_and_forth_ends_in_the_same_rows(services, line_id):
    with services.sessions.begin() as session:
        ported = arrived(session, line_id)
        before = roles(session, line_id)
        for _ in range(3):
            make_primary(session, ported)
            once = roles(session, line_id)
            undo_primary(session, ported)
            undo_primary(session, ported)
            assert roles(session, line_id) == before
            make_primary(session, ported)
            assert roles(session, line_id) == once


def test_with_another_number_of_its_own_the_line_needs_no_temporary_one_back(services, line_id):
    with services.sessions.begin() as session:
        ported, other = arrived(session, line_id), arrived(session, line_id, "+12125552001")
        make_primary(session, ported)
        make_primary(session, other)
        assert undo_primary(session, ported) == []
        assert [role for _, role, _ in roles(session, line_id)] == [
            NumberRole.RETIRING,
            NumberRole.ARRIVING,
            NumberRole.PRIMARY,
        ]
        assert [number.role for number in undo_primary(session, other)] == [NumberRole.TEMPORARY]


def test_a_number_does_not_step_back_when_nothing_is_left_to_serve(services, line_id):
    with services.sessions.begin() as session:
        ported = arrived(session, line_id)
        [temporary] = make_primary(session, ported)
        temporary.standing = Standing.RELEASED
        session.flush()
        with pytest.raises(Conflict):
            undo_primary(session, ported)
        assert ported.role is NumberRole.PRIMARY


def test_a_number_of_another_line_is_not_taken_over(services, line_id):
    with services.sessions.begin() as session:
        arrived(session, line_id)
        other = a_line(session, services)
        with pytest.raises(Conflict):
            arrived(session, other.id)


def test_what_is_being_given_back_serves_no_more(services, line_id):
    with services.sessions.begin() as session:
        temporary = numbers_of(session, line_id)[0]
        ported = arrived(session, line_id)
        make_primary(session, ported)
        begin_release(session, temporary)
        with pytest.raises(Conflict):
            undo_primary(session, ported)


def test_a_temporary_number_in_use_is_never_given_back(services: Services, line_id, world):
    with services.sessions() as session:
        number = numbers_of(session, line_id)[0]
    release_number(services, number_id=number.id)
    assert services.network("twilio").numbers.find(number.number)


def test_a_number_that_is_gone_at_the_carrier_counts_as_given_back(services, line_id):
    with services.sessions.begin() as session:
        number = numbers_of(session, line_id)[0]
        begin_release(session, number)
    services.network("twilio").numbers.release(number.reference)
    release_number(services, number_id=number.id)
    with services.sessions() as session:
        assert session.get_one(PhoneNumber, number.id).standing is Standing.RELEASED


def test_calls_and_texts_keep_reaching_the_line_on_both_numbers(services, world, work, line_id):
    with services.sessions() as session:
        temporary = numbers_of(session, line_id)[0].number
    world.text(CALLER, temporary, "Hello")
    record = world.call(CALLER, temporary, says="Call me back")
    work()
    assert record.status == "completed"


def test_an_additional_number_stays_and_serves_where_nothing_else_is_left(services, line_id):
    with services.sessions.begin() as session:
        [temporary] = numbers_of(session, line_id)
        further = add_arriving(session, line_id, "twilio", "+12125552001", "PN" + "2" * 32)
        further.role = NumberRole.ADDITIONAL
        ported = arrived(session, line_id)
        assert shown_number([further, temporary, ported]) is temporary
        assert make_primary(session, ported) == [temporary]
        assert shown_number([further, temporary, ported]) is ported
        assert irreplaceable_on(session, [line_id]) == frozenset()
        temporary.standing = Standing.RELEASED
        assert undo_primary(session, ported) == []
        assert shown_number([further, ported]) is further


def test_a_number_that_comes_from_another_carrier_of_ours_leaves_its_pin_there(services, line_id):
    with services.sessions.begin() as session:
        number = add_arriving(session, line_id, "elsewhere", "+12125552009", "1")
        number.port_out_pin, number.pin_set_at = "482913", number.held_at
        moved = add_arriving(session, line_id, "twilio", "+12125552009", "PN" + "3" * 32)
        assert (moved.id, moved.port_out_pin, moved.pin_set_at) == (number.id, None, None)

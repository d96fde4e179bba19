"""Half ports are found, named, alerted, and found to be over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from provisioning.contract.callbacks import CallArrived
from service.alerts import Alert
from service.calls.events import arrived as call_arrived
from service.cutover.half_ports import KEPT_FOR_STRAYS, LOOK_UPS, look_for_half_ports
from service.cutover.models import CallerNetwork
from service.cutover.old_service import ending_of
from service.cutover.rows import cutover_of
from service.cutover.steps import advance
from service.cutover.traffic import WATCHED, networks_of, traffic_of
from service.cutover.undo import cut_over_again, take_back
from service.lines.inventory import numbers_of
from service.notifications.models import Channel, NoticeKind, Notification
from service.porting.models import Cause
from service.porting.states import State
from tests.service.cutover.test_undo import prove

TMOBILE, OF_TMOBILE_TOO, ATT, NOBODYS = "+14155556103", "+16465556103", "+14155556101", "+14155555130"


@pytest.fixture
def settled(do, arrived, work, clock):
    """A live number, after the time that networks take to learn of a port."""
    do(prove)
    work()
    clock.jump(timedelta(hours=2))


@pytest.fixture
def rings(do, settled, clock):
    """Call the number directly, or (`astray`) through the old line, which forwards to the temporary number."""
    references = iter(range(1000))

    def ring(caller, *, astray=False):
        def take(session, services, number):
            [temporary] = [
                one.number for one in numbers_of(session, number.project.line_id) if one.number != number.number
            ]
            called, forwarded_from = (temporary, number.number) if astray else (number.number, "")
            call_arrived(session, CallArrived(f"CA{next(references)}", caller, called, forwarded_from))

        clock.jump(timedelta(minutes=1))
        do(take)

    return ring


@pytest.fixture
def watch(services, work):
    def look():
        with services.sessions.begin() as session:
            look_for_half_ports(session, services)
        work()

    return look


@pytest.fixture
def told(services):
    """The kinds of notices about ending the old service, oldest first."""

    def read():
        kinds = (
            Notification.channel == Channel.EMAIL,
            Notification.kind.in_([NoticeKind.DONE, NoticeKind.CALLS_ASTRAY]),
        )
        with services.sessions() as session:
            return list(session.scalars(select(Notification.kind).where(*kinds).order_by(Notification.id)))

    return read


def looked_up(to_carrier):
    """The URLs of the look-ups from now on; each costs."""
    asked = []
    to_carrier.hooks["response"].append(
        lambda response, **_: asked.append(response.url) if "lookups" in response.url else None
    )
    return asked


def warned(session, services, number):
    return cutover_of(session, number).astray_at is not None


def traffic(session, services, number):
    return traffic_of(session, [number])[number.id]


def networks(session, services, number):
    return networks_of(session, [number])[number.id]


def tickets(services):
    with services.sessions() as session:
        return [found.details["ticket"] for found in session.scalars(select(Alert).where(Alert.kind == "half_port"))]


def test_the_networks_that_arrive_and_those_that_do_not_are_named(do, rings, watch, services):
    rings(ATT)
    rings(TMOBILE, astray=True)
    watch()
    assert (do(traffic).seen, do(traffic).missing) == (("AT&T Wireless",), ("T-Mobile USA, Inc.",))
    assert tickets(services) == []
    watch()
    [ticket] = tickets(services)
    assert f"- T-Mobile USA, Inc.: a call from {TMOBILE}" in ticket
    assert "Calls from these networks arrive directly: AT&T Wireless." in ticket
    assert ticket.endswith("Please have the routing data checked at T-Mobile USA, Inc..")


def test_a_network_that_nobody_knows_is_written_about_by_its_caller(rings, watch, services):
    rings(NOBODYS, astray=True)
    watch()
    watch()
    [ticket] = tickets(services)
    assert f"- network not known: a call from {NOBODYS}" in ticket


def test_each_caller_is_asked_for_once(do, rings, watch, to_carrier):
    asked = looked_up(to_carrier)
    for _ in range(3):
        rings(TMOBILE)
        rings(ATT, astray=True)
        watch()
    to_carrier.hooks["response"].clear()
    assert len([url for url in asked if TMOBILE in url]) == len([url for url in asked if ATT in url]) == 1


def test_no_more_callers_are_asked_for_than_show_every_network_and_those_astray_have_their_own(do, rings, watch):
    def many_asked(session, services, number):
        for line in range(LOOK_UPS - KEPT_FOR_STRAYS):
            session.add(CallerNetwork(port_number_id=number.id, caller=f"+1415555{line:04}"))

    do(many_asked)
    rings(ATT)
    rings(TMOBILE, astray=True)
    watch()
    assert ATT not in do(networks)
    assert do(networks)[TMOBILE] == "T-Mobile USA, Inc."


def test_nobody_is_asked_for_when_the_watch_is_over(do, rings, watch, clock):
    clock.jump(WATCHED)
    rings(ATT)
    watch()
    assert do(networks) == {}


@pytest.mark.parametrize("caller", [TMOBILE, OF_TMOBILE_TOO])
def test_it_is_over_when_the_network_comes_by_itself(do, rings, watch, caller):
    rings(TMOBILE, astray=True)
    watch()
    assert do(traffic).half
    rings(caller)
    watch()
    assert not do(traffic).half


def test_another_network_that_comes_by_itself_proves_nothing(do, rings, watch):
    rings(TMOBILE, astray=True)
    rings(ATT)
    watch()
    assert do(traffic).half


def test_what_went_astray_once_does_not_count_for_ever(do, rings, clock):
    rings(TMOBILE, astray=True)
    clock.jump(WATCHED + timedelta(minutes=1))
    assert not do(traffic).half


def test_the_owner_hears_that_the_old_service_is_needed_again_and_when_it_is_not(rings, watch, told):
    assert told() == [NoticeKind.DONE]
    rings(TMOBILE, astray=True)
    for _ in range(3):
        watch()
    assert told() == [NoticeKind.DONE, NoticeKind.CALLS_ASTRAY]
    rings(TMOBILE)
    for _ in range(3):
        watch()
    assert told() == [NoticeKind.DONE, NoticeKind.CALLS_ASTRAY, NoticeKind.DONE]


def test_a_move_that_is_taken_back_pays_for_no_caller_twice_and_forgets_no_warning(do, rings, watch, to_carrier):
    rings(TMOBILE, astray=True)
    watch()
    watch()
    asked = looked_up(to_carrier)
    do(take_back, Cause.CUSTOMER)
    do(cut_over_again, Cause.CUSTOMER)
    rings(TMOBILE, astray=True)
    watch()
    to_carrier.hooks["response"].clear()
    assert asked == []
    assert do(networks)[TMOBILE] == "T-Mobile USA, Inc."
    assert do(warned)


def test_the_owner_hears_that_it_is_over_however_quiet_the_line_has_become(rings, watch, told, clock):
    rings(TMOBILE, astray=True)
    watch()
    watch()
    clock.jump(2 * WATCHED)
    watch()
    assert told() == [NoticeKind.DONE, NoticeKind.CALLS_ASTRAY, NoticeKind.DONE]


class TestBeforeAllIsProven:
    @pytest.fixture
    def settled(self, clock):
        clock.jump(timedelta(hours=2))

    def test_nobody_is_told_to_end_the_old_service_while_calls_go_there(self, do, rings, work, arrived, services):
        rings(TMOBILE, astray=True)
        do(prove)
        work()
        assert do(state) is State.PORTED
        assert do(ending).half == (do(own),)
        assert do(ending).waiting == ()
        rings(TMOBILE)
        advance(services, arrived)
        assert do(state) is State.LIVE


def state(session, services, number):
    return number.state


def own(session, services, number):
    return number.number


def ending(session, services, number):
    return ending_of(session, services, number.project)

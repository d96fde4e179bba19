"""The carrier's callback addresses are checked: a missing one is set, a different one raises an alert."""

import pytest
from sqlalchemy import select

from provisioning.contract.numbers import Routing
from service.alerts import Alert
from service.schedule.timetable import JOBS
from service.schedule.watch_carriers import watch_carriers

ELSEWHERE = "https://elsewhere.example"


@pytest.fixture
def watch(services, work):
    def watch():
        watch_carriers(services)
        work()

    return watch


@pytest.fixture
def callbacks(services):
    return services.network(services.home).callbacks


def alerts(services):
    with services.sessions() as session:
        return [(alert.kind, alert.details) for alert in session.scalars(select(Alert))]


def test_a_configuration_as_it_should_be_is_left_alone(services, watch, callbacks):
    watch()
    assert callbacks.porting_url() == services.webhook(services.home, "porting")
    assert alerts(services) == []


def test_a_configuration_that_was_deleted_is_set_again(services, world, watch, callbacks):
    world.state.webhooks.port_in_target_url = None
    assert callbacks.porting_url() is None
    watch()
    assert callbacks.porting_url() == services.webhook(services.home, "porting")
    assert alerts(services) == []


def test_a_configuration_that_drifted_is_told_and_left_for_a_person(services, watch, callbacks):
    callbacks.point_porting_at(ELSEWHERE)
    watch()
    ours = services.webhook(services.home, "porting")
    assert alerts(services) == [("callbacks_point_elsewhere", {"theirs": ELSEWHERE, "ours": ours})]
    assert callbacks.porting_url() == ELSEWHERE


def test_our_own_number_that_was_routed_elsewhere_is_routed_back(services, watch):
    numbers = services.network(services.home).numbers
    reference = numbers.find(services.settings.platform_number).reference
    numbers.apply_routing(reference, Routing(f"{ELSEWHERE}/voice", f"{ELSEWHERE}/text", f"{ELSEWHERE}/status"))
    watch()
    assert numbers.find(services.settings.platform_number).routing == services.routing(services.home)


def test_it_is_compared_daily_and_at_the_start_of_the_clock():
    assert [job.every.days for job in JOBS if job.run is watch_carriers] == [1]

"""With a registration of our texts at the carrier, every number that texts leave from stands under it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from provisioning.carriers import twilio
from service.callbacks import set_up_carrier
from service.inbox.receiving import receive
from service.inbox.writing import write
from service.lines.inventory import numbers_of
from service.lines.releasing import begin_release, release_number
from tests.conftest import CARRIER_SETTINGS, PLATFORM_NUMBER, REGISTERED
from tests.factories import CALLER, a_line
from tests.service.inbox.lines import a_text


@pytest.fixture
def number(services, work):
    """The number of a line, as it was bought."""
    with services.sessions.begin() as session:
        line_id = a_line(session, services).id
    work()
    with services.sessions() as session:
        return numbers_of(session, line_id)[0]


def test_the_first_text_from_a_number_that_was_just_bought_arrives(services, app, world, clock, work, number):
    with services.sessions.begin() as session:
        message = receive(session, a_text(to=number.number, sender=CALLER))
        write(session, message.conversation, "We are, from eight to noon.", None)
    work()
    clock.jump(timedelta(minutes=1))
    work()
    assert [text.body for text in world.phone(CALLER).texts] == ["We are, from eight to noon."]


def test_our_own_number_stands_under_it_however_often_it_is_set_up(services, set_up):
    set_up_carrier(services, buy_platform_number=True)
    network = services.network("twilio")
    assert network.messaging.enrolled(network.numbers.find(PLATFORM_NUMBER).reference)


def test_a_number_that_is_given_back_is_taken_out_first(services, world, number):
    with services.sessions.begin() as session:
        begin_release(session, session.merge(number))
    release_number(services, number_id=number.id)
    assert number.reference not in world.state.services[REGISTERED].pool


class TestWithoutARegistration:
    @pytest.fixture
    def carriers(self, to_carrier):
        return {"twilio": twilio.build({**CARRIER_SETTINGS, "TWILIO_MESSAGING_SERVICE_SID": ""}, to_carrier)}

    def test_numbers_that_are_there_are_put_under_one_that_comes(self, services, shared, number):
        since = replace(services, carriers=shared.services.carriers)
        assert not since.network("twilio").messaging.enrolled(number.reference)
        set_up_carrier(since, buy_platform_number=True)
        assert since.network("twilio").messaging.enrolled(number.reference)

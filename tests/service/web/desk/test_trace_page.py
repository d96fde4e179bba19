"""The porting desk looks up what happened to a number, and has a callback or an order read again."""

import pytest
from sqlalchemy import select

from service.porting.models import CarrierOrder
from tests.factories import CALLER
from tests.journeys.journey import Journey
from webhooks.models import Received
from webhooks.reader import read_all

NUMBER = "+12125552000"


@pytest.fixture
def moved(operator, set_up, services, world, clock, work):
    journey = Journey(services, world, clock, work)
    journey.sign_up()
    journey.schedule(NUMBER)
    return journey


def test_the_desk_sees_what_happened_to_a_number(operator, moved):
    page = operator.get("trace.show", number="(212) 555-2000")
    assert page.says("customer: submit, draft → submitting")
    assert not operator.get("trace.show", number="+12125552999").says("submit")


@pytest.mark.parametrize("typed", ["12", "x" * 500, "<b>", "+1 (212) 555"])
def test_what_is_no_number_is_refused_with_a_sentence(operator, typed):
    assert operator.get("trace.show", number=typed).select(".invalid-feedback")


def test_a_callback_is_read_again_from_there(operator, services, moved, caplog):
    with services.sessions() as session:
        received_id = session.scalars(select(Received.id).where(Received.subject == "porting")).first()
    page = operator.get("trace.show", number=NUMBER)
    token = page.select_one("main [name=csrf_token]")["value"]
    address = operator.address("trace.read_callback", received_id=received_id)
    answer = operator.client.post(address, data={"csrf_token": token, "number": NUMBER})
    assert answer.status_code == 302
    with services.sessions() as session:
        assert session.get_one(Received, received_id).read_at is None
    assert [record.received for record in caplog.records if record.msg == "callback is read again"] == [received_id]
    read_all(services)
    with services.sessions() as session:
        assert session.get_one(Received, received_id).read_at


def test_an_order_is_asked_about_again_from_there(operator, services, moved, work, caplog):
    operator.get("trace.show", number=NUMBER)
    operator.submit(button="Ask the carrier again")
    with services.sessions() as session:
        before = session.scalars(select(CarrierOrder.asked_at)).one()
    work()
    with services.sessions() as session:
        assert session.scalars(select(CarrierOrder.asked_at)).one() >= before
    assert [record.msg for record in caplog.records if record.name == "service.trace.page"]


def test_what_is_not_there_any_more_is_not_read_again(operator, services, moved):
    token = operator.get("trace.show", number=NUMBER).select_one("main [name=csrf_token]")["value"]
    for endpoint, key in (("trace.read_callback", "received_id"), ("trace.ask_order", "order_id")):
        address = operator.address(endpoint, **{key: 999_999})
        assert operator.client.post(address, data={"csrf_token": token}).status_code == 404


def test_customers_find_no_such_page(alice):
    alice.get("trace.show", status=404)
    alice.get("trace.show", number=CALLER, status=404)

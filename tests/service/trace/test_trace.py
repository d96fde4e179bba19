"""`portline trace NUMBER` and the desk's page tell all that happened to a number, and read parts of it again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from provisioning.sent import Sent, note, noted
from service.carrier_calls import CarrierCall, forget_calls, keep_calls
from service.porting.asking import ask_carrier
from service.porting.models import CarrierOrder
from service.queue import connection_of
from service.trace.timeline import timeline
from tests.journeys.journey import Journey

NUMBER, PIN, ACCOUNT = "+12125552000", "734912", "ACCT-88271-CANARY"


@pytest.fixture
def moved(app, set_up, services, world, clock, work):
    """A number that was filed, whose letter was signed and whose date was committed."""
    journey = Journey(services, world, clock, work)
    journey.sign_up()
    journey.schedule(NUMBER, pin=PIN, account_number=ACCOUNT)
    return journey


@pytest.fixture
def events(services, moved):
    with services.sessions() as session:
        return timeline(session, NUMBER)


def test_everything_that_happened_is_in_one_timeline_in_its_order(events):
    assert {event.kind for event in events} >= {"history", "ledger", "order", "callback", "notice", "carrier"}
    assert [event.at for event in events] == sorted(event.at for event in events)
    told = [event.what for event in events]
    assert "customer: submit, draft → submitting" in told
    assert "file_port done" in told
    assert any("port_in_request_sid" in event.details for event in events if event.received_id)


def test_a_call_of_the_carriers_api_is_told_with_its_status_and_its_seconds(events):
    asked = [event for event in events if event.kind == "carrier"]
    assert all(": 2" in event.what and "seconds: " in event.details for event in asked if "seconds" in event.details)
    assert any("/Porting/PortIn" in event.what and "job: perform_at_carrier" in event.details for event in asked)


def test_secrets_are_not_in_it(events):
    shown = "".join(event.what + event.details for event in events)
    assert PIN not in shown
    assert ACCOUNT not in shown


def test_another_number_has_none_of_it(services, moved):
    with services.sessions() as session:
        assert timeline(session, "+12125552999") == []


def test_a_job_that_waits_is_told_with_the_request_it_follows_from(services, moved):
    with services.sessions.begin() as session:
        order_id = session.scalars(select(CarrierOrder.id)).one()
        ask_carrier.defer_in(session, timedelta(hours=1), order_id=order_id)
        connection_of(session).execute("UPDATE procrastinate_jobs SET request = 'a-request'")
    with services.sessions() as session:
        [job] = [event for event in timeline(session, NUMBER) if event.what == "ask_carrier todo"]
    assert f"order_id: {order_id}" in job.details
    assert "request: a-request" in job.details


def test_the_command_tells_it_on_lines(app, moved):
    told = app.test_cli_runner().invoke(args=["trace", "(212) 555-2000"])
    assert told.exit_code == 0, told.output
    assert "customer: submit, draft → submitting" in told.output
    assert PIN not in told.output


@pytest.mark.parametrize(
    ("typed", "told"), [("12", "number"), ("+1 212 555 2999", "Nothing is known of +12125552999.")]
)
def test_the_command_refuses_what_it_does_not_know(app, typed, told):
    refused = app.test_cli_runner().invoke(args=["trace", typed])
    assert refused.exit_code == 1
    assert told in refused.output


def test_what_was_sent_is_noted_only_within_its_block():
    one = Sent("GET", "api.example.com", "/x", 200, 0.1)
    with noted() as sent:
        with noted() as inner:
            note(one)
        note(one)
    note(one)
    assert (sent, inner) == ([one], [one])


def test_calls_are_kept_for_as_long_as_callbacks(services, clock):
    sent = [Sent("GET", "api.example.com", "/x", 0, 0.1)]
    keep_calls(services.sessions, sent, task="ask_carrier", ids={"order_id": 1}, request="r")
    clock.jump(timedelta(days=29))
    keep_calls(services.sessions, sent, task="ask_carrier", ids={"order_id": 2}, request="r")
    clock.jump(timedelta(days=2))
    with services.sessions.begin() as session:
        forget_calls(session, 30)
        assert [row.ids for row in session.scalars(select(CarrierCall))] == [{"order_id": 2}]


def test_a_database_that_is_away_fails_no_job_that_was_done(services, monkeypatch):
    with services.sessions.begin() as session:
        session.execute(text("ALTER TABLE carrier_calls RENAME TO others"))
    keep_calls(services.sessions, [Sent("GET", "h", "/x", 200, 0.1)], task="t", ids={}, request="")
    with services.sessions.begin() as session:
        session.execute(text("ALTER TABLE others RENAME TO carrier_calls"))

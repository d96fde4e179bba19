"""The doctor names everything that keeps an installation from going live, with what to do about it."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import requests
from sqlalchemy import select, text
from werkzeug.wrappers import Request, Response

from provisioning.carriers import twilio
from provisioning.contract.numbers import Routing, Wanted
from service.accounts.models import Member, User, Workspace
from service.alerts import Alert
from service.connections import Process, arguments
from service.doctor.findings import Patient
from service.lines.inventory import number_held
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.media import media_at
from service.queue import connection_of
from service.team_notices.models import TeamChannel
from service.time import now
from tests.conftest import CARRIER_SETTINGS, REGISTERED
from tests.in_process import InProcess
from tests.lesser_carrier import without
from tests.service.doctor.conftest import ADDRESS

ELSEWHERE = Routing("https://else.test/voice", "https://else.test/text", "https://else.test/status")


def with_settings(patient, **changed):
    return replace(patient, services=replace(patient.services, settings=replace(patient.services.settings, **changed)))


def with_carrier(patient, to_carrier, **changed):
    carrier = replace(twilio.build({**CARRIER_SETTINGS, **changed}, to_carrier), rehearsal=False)
    return replace(patient, services=replace(patient.services, carriers={"twilio": carrier}))


@pytest.fixture
def numbers(in_earnest):
    return in_earnest.network("twilio").numbers


@pytest.fixture
def held(in_earnest, numbers):
    """A customer's number, routed to us."""
    offer = numbers.search(Wanted("US", "415"))[0].number
    owned = numbers.buy(offer, "tag", in_earnest.routing("twilio"))
    with in_earnest.sessions.begin() as session:
        workspace = Workspace(name="Alice's Bakery")
        session.add(workspace)
        session.flush()
        line = Line(workspace_id=workspace.id, name="Main")
        row = PhoneNumber(
            line=line,
            number=offer,
            role=NumberRole.TEMPORARY,
            standing=Standing.HELD,
            carrier="twilio",
            reference=owned.reference,
            routed_at=now(),
        )
        session.add(row)
    return owned


def test_an_installation_in_good_health_has_no_complaint(complaints, held):
    assert complaints() == []


def test_a_check_leaves_nothing_to_be_done(complaints, in_earnest, work):
    complaints()
    work()
    with in_earnest.sessions() as session:
        assert session.scalars(select(Alert)).all() == []


def test_media_that_cannot_be_kept_are_a_problem(complaints, patient, tmp_path):
    (tmp_path / "taken").write_text("a file stands in the way")
    nowhere = replace(patient, services=replace(patient.services, media=media_at(f"file:{tmp_path}/taken")))
    [(verdict, said)] = complaints(nowhere)
    assert (verdict, said.partition(":")[0]) == ("problem", "Pictures and recordings cannot be kept")


def test_a_rehearsals_clock_is_a_problem(complaints, patient):
    assert complaints(with_settings(patient, rehearsal_clock=Path("clock.json"))) == [
        ("problem", "The clock is a rehearsal's.")
    ]


def test_a_rehearsals_carrier_is_a_problem(complaints, patient, services):
    rehearsing = replace(patient.services.carriers["twilio"], rehearsal=True)
    sick = replace(patient, services=replace(patient.services, carriers={"twilio": rehearsing}))
    assert complaints(sick) == [("problem", "Carriers of a rehearsal: twilio.")]


def test_a_router_that_is_not_counted_is_noted(complaints, patient):
    [(verdict, said)] = complaints(with_settings(patient, trusted_proxies=0))
    assert (verdict, said.partition(",")[0]) == ("note", "TRUSTED_PROXIES is 0")


def test_mail_that_is_only_printed_is_a_problem(complaints, patient):
    sick = with_settings(patient, mail_url="console:")
    assert complaints(sick) == [("problem", "Mail is only printed: nobody can sign up.")]


def test_what_the_operator_has_not_told_is_noted(patient, complaints):
    (patient.services.settings.operator_texts / "prices.en.md").unlink()
    assert complaints() == [("note", "Visitors find no text of yours on: prices.")]


def test_that_no_device_gets_notifications_is_noted(complaints, patient):
    assert complaints(with_settings(patient, vapid_key="")) == [("note", "Phones and browsers get no notifications.")]


def test_devices_that_allowed_another_key_are_a_problem(complaints, services):
    with services.sessions.begin() as session:
        alice = User(email="alice@bakery.example", fs_uniquifier="alice")
        member = Member(workspace=Workspace(name="Alice's Bakery"), user=alice)
        session.add(member)
        session.flush()
        session.add(TeamChannel(member_id=member.id, url="https://push.example", name="Firefox", vapid_key="lost"))
    [(verdict, said)] = complaints()
    assert (verdict, said) == ("problem", "1 browsers allowed notifications for another VAPID_KEY, and get none.")


def test_mail_from_nowhere_is_a_problem(complaints, patient):
    sick = with_settings(patient, mail_from="Portline <hello@portline.invalid>")
    assert complaints(sick) == [("problem", "Mail comes from an address that does not exist.")]


def test_tables_of_another_version_are_a_problem(complaints, patient):
    with patient.services.sessions.begin() as session:
        head = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        assert complaints() == [("problem", "The tables are not those of this version.")]
    finally:
        with patient.services.sessions.begin() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})


def test_too_few_connections_for_what_runs_are_a_problem(complaints, patient, services):
    running = arguments(Process.WORKER) | {"application_name": "portline worker 4711@elsewhere"}
    with psycopg.connect(services.settings.database_url, **running):
        [(verdict, said)] = complaints(with_settings(patient, worker_connections=9_999))
    assert verdict == "problem"
    assert said.startswith("The processes that run may open 10000 connections to the database, which allows ")


def test_a_worker_that_was_not_heard_of_is_a_problem(complaints, patient):
    with patient.services.sessions.begin() as session:
        connection_of(session).execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert complaints() == [("problem", "No worker is running: nothing is bought, filed or sent.")]


def test_no_worker_at_all_is_a_problem(complaints, patient):
    with patient.services.sessions.begin() as session:
        connection_of(session).execute("DELETE FROM procrastinate_workers")
    assert complaints() == [("problem", "No worker is running: nothing is bought, filed or sent.")]


def test_a_clock_that_does_not_run_is_a_problem(complaints, leader):
    leader.execute("SELECT pg_advisory_unlock_all()")
    assert complaints() == [("problem", "No clock is running: no order is polled, nobody is reminded.")]


def test_jobs_that_wait_are_noted(complaints, patient):
    from service.porting.asking import ask_about

    with patient.services.sessions.begin() as session:
        ask_about.defer(session, carrier="nobody", reference="X")
        connection_of(session).execute("UPDATE procrastinate_events SET at = at - interval '3 minutes'")
    assert complaints() == [("note", "Jobs wait for more than two minutes: reading.")]


def test_a_database_that_is_away_is_a_problem_and_the_other_checks_go_on(complaints, patient, held):
    from service.db import connect, sessions_on

    engine = connect("postgresql://nobody@127.0.0.1:1/nowhere")
    away = replace(patient, services=replace(patient.services, sessions=sessions_on(engine)))
    found = complaints(away)
    engine.dispose()
    assert set(found) == {("problem", "The database gives no good answer (OperationalError).")}
    assert len(found) > 3


def test_wrong_credentials_are_a_problem(complaints, patient, to_carrier):
    sick = with_carrier(patient, to_carrier, TWILIO_AUTH_TOKEN="another-token")
    found = complaints(sick)
    assert any("does not accept our credentials" in what for _, what in found)
    assert ("problem", "A callback with a good signature was turned away.") in found


def test_a_carrier_that_is_away_is_a_problem(complaints, world):
    world.faults.add("outage", lasting=60)
    found = complaints()
    assert found
    assert all(what.startswith("The carrier gives no good answer") for _, what in found)


@pytest.mark.parametrize("wrong", [-60, 60])
def test_a_clock_that_differs_from_the_carriers_is_a_problem(complaints, date, wrong):
    date.wrong = wrong
    [(verdict, what)] = complaints()
    assert verdict == "problem"
    assert what.startswith("This machine's clock and the carrier's are")


def test_an_address_without_encryption_is_a_problem(complaints, patient, app, to_us):
    to_us.mount("http://portline.test", InProcess(app))
    found = complaints(with_settings(patient, public_base_url="http://portline.test"))
    assert ("problem", "PUBLIC_BASE_URL is not https://.") in found


def somebody_elses(status):
    @Request.application
    def app(request):
        return Response(status=status, headers={"Location": "https://www.portline.test/"})

    return InProcess(app)


@pytest.mark.parametrize("status", [200, 301, 404, 502])
def test_an_address_where_somebody_else_answers_is_a_problem(complaints, to_us, status):
    to_us.mount(ADDRESS, somebody_elses(status))
    url = f"{ADDRESS}/webhooks/twilio/message-status"
    assert ("problem", f"A forged callback to {url} was answered {status} instead of 403.") in complaints()


def test_an_address_that_is_not_reached_is_a_problem(complaints, to_us):
    class Nowhere(requests.adapters.BaseAdapter):
        def send(self, request, **settings):
            raise requests.ConnectionError

        def close(self):
            """Close nothing."""

    to_us.mount(ADDRESS, Nowhere())
    assert set(complaints()) == {("problem", "Our public address was not reached (ConnectionError).")}


def test_an_address_that_web_knows_by_another_name_is_a_problem(complaints, patient, app, to_us):
    to_us.mount("https://www.portline.test", InProcess(app))
    sick = with_settings(patient, public_base_url="https://www.portline.test")
    assert ("problem", "A callback with a good signature was turned away.") in complaints(sick)


def test_callbacks_that_go_nowhere_are_a_problem(complaints, world):
    world.state.webhooks.port_in_target_url = None
    assert complaints() == [("problem", "The carrier sends news of orders nowhere.")]


def test_callbacks_that_go_elsewhere_are_a_problem(complaints, in_earnest):
    in_earnest.network("twilio").callbacks.point_porting_at("https://else.test/porting")
    [(verdict, what)] = complaints()
    assert verdict == "problem"
    assert "https://else.test/porting" in what


def test_no_number_for_our_own_texts_is_noted(complaints, patient, numbers):
    numbers.release(numbers.find(patient.services.settings.platform_number).reference)
    assert complaints(with_settings(patient, platform_number="")) == [
        ("note", "No PLATFORM_NUMBER is set: customers get mail only.")
    ]


def test_a_number_for_our_own_texts_that_is_not_ours_is_a_problem(complaints, patient, numbers):
    numbers.release(numbers.find(patient.services.settings.platform_number).reference)
    assert complaints() == [("problem", "PLATFORM_NUMBER is not in the account.")]


def test_answers_to_our_own_number_that_go_elsewhere_are_a_problem(complaints, patient, numbers):
    numbers.apply_routing(numbers.find(patient.services.settings.platform_number).reference, ELSEWHERE)
    assert complaints() == [("problem", "Answers to PLATFORM_NUMBER do not come here: STOP would not be heard.")]


def test_our_own_number_without_a_registration_is_a_problem(complaints, patient, numbers):
    owned = numbers.find(patient.services.settings.platform_number)
    patient.services.network("twilio").messaging.withdraw(owned.reference)
    assert complaints() == [
        ("problem", "PLATFORM_NUMBER is not in our registration: its texts would be refused."),
    ]


def test_a_customers_number_that_is_gone_is_a_problem_and_not_written_out(complaints, numbers, held):
    numbers.release(held.reference)
    shown = f"+1…{held.number[-2:]}"
    assert complaints() == [("problem", f"Not in the carrier's account: {shown}.")]


def test_a_customers_number_that_is_routed_elsewhere_is_a_problem(complaints, numbers, held):
    numbers.apply_routing(held.reference, ELSEWHERE)
    [(verdict, what)] = complaints()
    assert (verdict, what.startswith("Calls or texts go elsewhere: +1…")) == ("problem", True)


def test_a_number_that_only_arrives_is_not_expected_yet(complaints, in_earnest, numbers, held):
    with in_earnest.sessions.begin() as session:
        number_held(session, held.number).routed_at = None
    numbers.apply_routing(held.reference, ELSEWHERE)
    assert [verdict for verdict, _ in complaints()] == ["note"]


def test_a_number_in_no_book_of_ours_is_noted(complaints, in_earnest, numbers):
    numbers.buy(numbers.search(Wanted("US", "415"))[0].number, "whose", in_earnest.routing("twilio"))
    [(verdict, what)] = complaints()
    assert (verdict, what.startswith("In the account, but in no book of ours: +1…")) == ("note", True)


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("PENDING", "The registration of our texts is not decided yet."),
        ("FAILED", "The registration of our texts was refused."),
        (None, "Our texts are not registered: American operators will refuse them."),
    ],
)
def test_texts_that_are_not_registered_are_a_problem(complaints, world, status, what):
    world.registry.decide_campaign(REGISTERED, status)
    assert complaints() == [("problem", what)]


def test_a_suspended_account_is_a_problem(complaints, patient, to_carrier):
    @Request.application
    def suspended(request):
        return Response('{"status": "suspended", "type": "Full"}', content_type="application/json")

    to_carrier.mount("http://sandbox.test/api.twilio.com/2010-04-01/Accounts/AC", InProcess(suspended))
    assert ("problem", "The carrier calls our account: suspended.") in complaints()


def test_what_a_carrier_does_not_offer_is_told(complaints, patient):
    lesser = without(patient.services.carriers, "browser_phones", "registration")
    each_registers = replace(patient.services.settings, single_business=False)
    sick = Patient(replace(patient.services, carriers=lesser, settings=each_registers), patient.to_us)
    assert complaints(sick) == [
        ("note", "The carrier lets no pages be phones."),
        ("problem", "The carrier registers no businesses for texts."),
    ]


def test_carriers_without_any_numbers_are_a_problem(complaints, patient):
    by_hand = replace(patient.services.carriers["twilio"], network=None)
    sick = Patient(replace(patient.services, carriers={"twilio": by_hand}), patient.to_us)
    assert complaints(sick) == [("problem", "Numbers can live at none of the carriers.")]


def test_the_command_says_what_is_wrong_and_fails(app):
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "problem  No worker is running" in result.output
    assert "→ Start python -m service.worker." in result.output


def test_no_key_for_phones_in_browsers_is_noted(complaints, patient, to_carrier):
    [(verdict, said)] = complaints(with_carrier(patient, to_carrier, TWILIO_API_KEY_SID="", TWILIO_API_KEY_SECRET=""))
    assert (verdict, said) == ("note", "Calls cannot be taken in browsers.")


def test_a_key_for_phones_in_browsers_that_is_not_taken_is_a_problem(complaints, patient, to_carrier):
    [(verdict, said)] = complaints(with_carrier(patient, to_carrier, TWILIO_API_KEY_SECRET="x" * 40))
    assert verdict == "problem"
    assert said.startswith("The key for phones in browsers is no good: the carrier does not accept our credentials")

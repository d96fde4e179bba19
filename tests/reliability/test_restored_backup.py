"""A backup is restored: what was done since is found at the carrier, and nothing is done twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from provisioning.contract.numbers import Wanted
from reliability import runbook
from reliability.audit import doubled
from service.alerts import Alert
from service.audit.books import unexplained
from service.inbox import contacts, writing
from service.inbox.models import Call, Conversation, Direction, Message, Outcome
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.restorations import Restoration
from service.lines.models import Line, OwnNumber, PhoneNumber, Showing, Standing
from service.notifications.models import Channel, Notification
from service.porting import projects
from service.porting.models import CarrierOrder, PortProject
from service.porting.states import State
from service.registration.models import Registration
from service.restoring.identity import notice_restoration
from service.restoring.restored import FORGOTTEN_IDS
from service.schedule.catch_up_with_carriers import catch_up_with_carriers
from tests.factories import CALLER, a_line
from tests.reliability.test_crashes import RINGING, WANTING, buy_number, entries, register_program, rung, send_message

NUMBER = "+12125552000"


@pytest.fixture
def journey(harness):
    """A customer with a working number and a draft that could be sent."""
    journey = harness.begin_anew()
    journey.sign_up()
    journey.draft(NUMBER)
    return journey


@pytest.fixture
def flask(app):
    """Run an operator's command; its output."""

    def run(*words, fails=False):
        result = app.test_cli_runner().invoke(args=words)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return run


class Backup:
    """A dump of the database, and restoring it as the runbook says."""

    def __init__(self, harness, flask):
        self._stage, self._flask = harness, flask
        self.as_of = harness.clock.now().isoformat()
        self._dump = harness.worker.back_up()

    def restore(self):
        """Ten minutes later."""
        self._stage.clock.jump(timedelta(minutes=10))
        self._stage.worker.restore(self._dump)
        self._flask("restored", "--as-of", self.as_of)
        self._stage.good_hours()
        catch_up_with_carriers(self._stage.services)
        self._stage.worker()

    def audit(self, **how):
        return self._flask("audit", "--since", self.as_of, **how)


@pytest.fixture
def back_up(harness, flask):
    return lambda: Backup(harness, flask)


def done_since(harness):
    harness.worker()
    harness.pass_time(timedelta(minutes=1))


@pytest.fixture
def restored(harness, journey, back_up):
    """A backup that was put back after an order had been filed, and that order's reference."""
    backup = back_up()
    journey.ask(projects.submit)
    done_since(harness)
    filed = the(harness, select(CarrierOrder.reference))
    backup.restore()
    return backup, filed


def name_another_address(harness):
    with harness.services.sessions.begin() as session:
        project = session.scalars(select(PortProject)).one()
        project.contact_email = project.authorized_email = "bob@cafe.example"


def the(harness, statement):
    with harness.services.sessions() as session:
        return session.scalars(statement).one()


@pytest.mark.parametrize("kind", WANTING)
def test_what_was_owed_in_the_backup_and_done_since_is_found(harness, journey, back_up, kind):
    WANTING[kind](harness, journey)
    backup = back_up()
    harness.worker()
    backup.restore()
    assert [entry.progress for entry in entries(harness, kind)] == [Progress.DONE] * len(entries(harness, kind))
    assert doubled(harness.world.state) == []
    assert unexplained(harness.services, harness.services.home, harness.clock.now() - timedelta(hours=1)) == []
    letters = {mail.message_id for mail in harness.mailbox.mails}
    assert len(letters) == len({(mail.to, mail.subject) for mail in harness.mailbox.mails})


@pytest.mark.parametrize("kind", WANTING)
def test_what_was_owed_in_the_backup_and_never_done_is_done_once(harness, journey, back_up, kind):
    WANTING[kind](harness, journey)
    backup = back_up()
    backup.restore()
    assert {entry.progress for entry in entries(harness, kind)} == {Progress.DONE}
    assert doubled(harness.world.state) == []


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_that_rang_since_the_backup_does_not_ring_again(harness, journey, back_up, kind):
    RINGING[kind](harness, journey)
    backup = back_up()
    harness.worker()
    times = rung(harness)
    backup.restore()
    assert rung(harness) == times == 1


def test_a_call_is_adopted_with_its_end(harness, journey, back_up):
    RINGING[EntryKind.PLACE_CALL](harness, journey)
    backup = back_up()
    harness.worker()
    ordered = next(call.sid for call in harness.world.state.calls.values() if call.direction == "outbound-api")
    backup.restore()
    call = the(harness, select(Call).where(Call.direction == Direction.OUT))
    assert (call.reference, call.outcome is Outcome.RINGING) == (ordered, False)


def test_a_number_whose_code_was_keyed_since_the_backup_is_shown(harness, journey, back_up):
    RINGING[EntryKind.PROVE_NUMBER](harness, journey)
    backup = back_up()
    harness.worker()
    own = the(harness, select(OwnNumber))
    harness.world.verify_caller(NUMBER, own.code)
    harness.worker()
    backup.restore()
    assert the(harness, select(OwnNumber.state)) is Showing.SHOWN


def test_a_number_is_adopted_with_its_digits(harness, journey, back_up):
    buy_number(harness, journey)
    backup = back_up()
    harness.worker()
    bought = the(harness, select(PhoneNumber).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    found = the(harness, select(PhoneNumber).order_by(PhoneNumber.id.desc()).limit(1))
    assert (found.number, found.reference) == (bought.number, bought.reference)
    assert (found.standing, bool(found.texts_since)) == (Standing.HELD, True)


def test_a_number_is_adopted_although_another_line_is_after_it_in_the_backup(harness, journey, back_up):
    buy_number(harness, journey)
    buy_number(harness, journey)
    with harness.services.sessions.begin() as session:
        first = session.scalars(select(PhoneNumber).order_by(PhoneNumber.id.desc())).first()
        wanted = harness.services.network(harness.services.home).numbers.search(Wanted("US", "212"))[0].number
        first.number = wanted
    backup = back_up()
    with harness.services.sessions.begin() as session:
        session.get_one(PhoneNumber, first.id).number = ""
    harness.worker()
    backup.restore()
    with harness.services.sessions() as session:
        ours = {row.number for row in session.scalars(select(PhoneNumber).where(PhoneNumber.reference != ""))}
    assert ours >= {number.phone_number for number in harness.world.state.numbers.values()} - {
        harness.services.settings.platform_number
    }
    assert len(ours) == 3


def test_a_text_is_adopted_with_how_far_it_got(harness, journey, back_up):
    send_message(harness, journey)
    backup = back_up()
    done_since(harness)
    sent = the(harness, select(Message))
    assert sent.status == "delivered"
    backup.restore()
    found = the(harness, select(Message))
    assert (found.reference, found.status) == (sent.reference, "delivered")


def test_a_port_that_was_sent_since_the_backup_is_sent_again_by_its_customer_and_found(harness, journey, restored):
    backup, filed = restored
    assert f"Order {filed} is at {harness.services.home} and in no row of ours." in backup.audit(fails=True)
    journey.ask(projects.submit)
    harness.good_hours()
    assert the(harness, select(CarrierOrder.reference)) == filed
    assert journey.state() is State.AWAITING_SIGNATURE
    assert list(harness.world.state.port_ins) == [filed]
    assert backup.audit() == ""


def test_an_order_that_another_customer_sent_since_the_backup_is_not_adopted_but_listed(harness, journey, restored):
    backup, filed = restored
    name_another_address(harness)
    journey.ask(projects.submit)
    harness.good_hours()
    assert list(harness.world.state.port_ins) == [filed]
    assert journey.state() is State.ACTION_REQUIRED
    assert the(harness, select(func.count()).select_from(CarrierOrder)) == 0
    assert the(harness, select(Alert.about).where(Alert.kind == "port_needs_staff"))
    assert f"Order {filed} is at {harness.services.home} and in no row of ours." in backup.audit(fails=True)


def test_what_a_business_registered_since_the_backup_is_found_and_not_paid_again(harness, journey, back_up):
    backup = back_up()
    before = registered(harness, journey)
    backup.restore()
    assert the(harness, select(func.count()).select_from(Registration)) == 0
    assert registered(harness, journey) == before
    assert [fee.reason for fee in harness.world.registry.fees] == ["brand", "review"]
    assert backup.audit() == ""


def registered(harness, journey):
    """What the carrier calls the business, its pool and its program, once each was submitted."""
    register_program(harness, journey)
    harness.good_hours()
    with harness.services.sessions() as session:
        return dict(session.execute(select(Registration.subject, Registration.reference)).all())


def test_customers_are_not_told_again_by_text_what_they_were_told_since_the_backup(harness, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(harness)
    backup.restore()
    journey.ask(projects.submit)
    harness.good_hours()
    told = journey.texts()
    assert told
    assert len(told) == len(set(told))
    with harness.services.sessions() as session:
        rows = session.execute(select(Notification.sent_at).where(Notification.channel == Channel.SMS)).scalars().all()
    assert len(rows) == len(told)
    assert all(rows)


def test_an_order_that_ended_since_the_backup_is_not_taken_for_a_new_filing(harness, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(harness)
    filed = the(harness, select(CarrierOrder.reference))
    journey.ask(projects.cancel)
    harness.pass_time(timedelta(minutes=10))
    backup.restore()
    journey.ask(projects.submit)
    harness.good_hours()
    assert the(harness, select(CarrierOrder.reference)) != filed
    assert journey.state() is State.AWAITING_SIGNATURE


def test_a_text_that_was_to_leave_later_and_left_since_the_backup_leaves_once(harness, journey, back_up):
    with harness.services.sessions.begin() as session:
        conversation = contacts.conversation_with(session, session.get_one(Line, journey.line_id), CALLER)
        writing.schedule(session, conversation, "See you", None, harness.clock.now() + timedelta(minutes=2))
    backup = back_up()
    harness.pass_time(timedelta(minutes=3))
    harness.pass_time(timedelta(minutes=1))
    assert len(harness.world.phone(CALLER).texts) == 1
    backup.restore()
    assert len(harness.world.phone(CALLER).texts) == 1
    assert the(harness, select(Message.status)) == "delivered"


def test_what_a_person_writes_after_the_restoration_goes_out_even_in_the_same_words(harness, journey, back_up):
    backup = back_up()
    send_message(harness, journey)
    done_since(harness)
    backup.restore()
    send_message(harness, journey)
    harness.good_hours()
    assert len(harness.world.phone(CALLER).texts) == 2


def test_what_cannot_be_looked_for_is_parked_and_not_sent(harness, journey, back_up):
    send_message(harness, journey)
    backup = back_up()
    harness.worker.restore(backup._dump)
    harness.world.faults.add("error", path="*/Messages.json", status=401)
    backup._flask("restored", "--as-of", backup.as_of)
    harness.worker.wait_over()
    harness.worker()
    entry = entries(harness, EntryKind.SEND_MESSAGE)[0]
    assert (entry.progress, harness.world.phone(CALLER).texts) == (Progress.PARKED, [])
    assert the(harness, select(Alert.about).where(Alert.kind == "entry_parked")) == f"ledger_entry:{entry.id}"


def test_while_the_carrier_does_not_answer_nothing_is_sent(harness, journey, back_up):
    send_message(harness, journey)
    backup = back_up()
    harness.worker()
    harness.world.faults.add("outage")
    harness.worker.restore(backup._dump)
    backup._flask("restored", "--as-of", backup.as_of)
    harness.worker.wait_over()
    harness.worker()
    assert entries(harness, EntryKind.SEND_MESSAGE)[0].progress is Progress.READY
    harness.good_hours()
    assert entries(harness, EntryKind.SEND_MESSAGE)[0].progress is Progress.DONE
    assert len(harness.world.phone(CALLER).texts) == 1


def test_no_id_is_given_out_again(harness, journey, back_up):
    backup = back_up()
    send_message(harness, journey)
    done_since(harness)
    forgotten = the(harness, select(func.max(LedgerEntry.id)))
    backup.restore()
    send_message(harness, journey)
    harness.worker()
    assert the(harness, select(func.max(LedgerEntry.id))) > forgotten
    [(jobs,)] = harness.worker.query(
        "SELECT last_value FROM pg_sequences WHERE sequencename = 'procrastinate_jobs_id_seq'"
    )
    assert jobs > FORGOTTEN_IDS


def test_a_number_bought_since_the_backup_is_listed_and_given_back(harness, journey, back_up, flask):
    backup = back_up()
    buy_number(harness, journey)
    harness.worker()
    bought = the(harness, select(PhoneNumber.number).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    assert f"Number {bought} is at {harness.services.home} and in no row of ours." in backup.audit(fails=True)
    flask("give-back-number", bought)
    assert backup.audit() == ""
    assert "no number" in flask("give-back-number", bought, fails=True)


def test_a_number_bought_since_the_backup_is_put_on_a_line_that_has_none(harness, journey, back_up, flask):
    backup = back_up()
    buy_number(harness, journey)
    harness.worker()
    bought = the(harness, select(PhoneNumber.number).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    with harness.services.sessions.begin() as session:
        line = a_line(session, harness.services).id
        wanted = session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line)).one()
        wanted.standing = Standing.FAILED
        session.execute(text("DELETE FROM ledger_entries WHERE subject_id = :id"), {"id": wanted.id})
    flask("adopt-number", bought, str(line))
    harness.good_hours()
    assert backup.audit() == ""
    harness.world.text(CALLER, bought, "Are you open?")
    harness.worker()
    assert the(harness, select(Conversation.line_id)) == line


def test_a_number_is_not_put_on_a_line_that_has_one_nor_taken_from_one(harness, journey, flask):
    ours = journey.numbers()[0].number
    stray = harness.services.network("twilio").numbers.search(Wanted("US", "415"))[0].number
    harness.services.network("twilio").numbers.buy(stray, "stray", harness.services.routing("twilio"))
    assert "has a number" in flask("adopt-number", stray, str(journey.line_id), fails=True)
    assert "no line" in flask("adopt-number", stray, "999", fails=True)
    assert "in a row" in flask("adopt-number", ours, str(journey.line_id), fails=True)
    assert "in a row" in flask("give-back-number", ours, fails=True)
    assert "in a row" in flask("give-back-number", harness.services.settings.platform_number, fails=True)
    assert harness.services.network("twilio").numbers.find(ours)


def test_texts_that_left_since_the_backup_come_into_their_conversations(harness, journey, back_up, flask):
    backup = back_up()
    send_message(harness, journey)
    done_since(harness)
    sent = the(harness, select(Message))
    backup.restore()
    assert f"Text {sent.reference} left" in backup.audit(fails=True)
    assert flask("adopt-texts", "--since", backup.as_of) == "1 texts were adopted.\n"
    found = the(harness, select(Message))
    assert (found.reference, found.text, found.status, found.number) == (
        sent.reference,
        sent.text,
        "delivered",
        sent.number,
    )
    assert backup.audit() == ""


def test_an_order_filed_since_the_backup_is_put_on_its_draft(harness, journey, restored, flask):
    backup, filed = restored
    port = the(harness, select(PortProject.public_id))
    flask("adopt-order", filed, port)
    harness.good_hours()
    assert (journey.state(), list(harness.world.state.port_ins)) == (State.AWAITING_SIGNATURE, [filed])
    assert backup.audit() == ""
    assert "in a row" in flask("adopt-order", filed, port, fails=True)
    assert "in a row" in flask("cancel-order", filed, fails=True)


def test_an_order_is_not_put_on_the_draft_of_another_customer(harness, journey, restored, flask):
    _, filed = restored
    port = the(harness, select(PortProject.public_id))
    name_another_address(harness)
    assert "another address" in flask("adopt-order", filed, port, fails=True)
    assert journey.state() is State.DRAFT
    with harness.services.sessions.begin() as session:
        session.scalars(select(PortProject)).one().authorized_email = "Alice@Bakery.example"
    flask("adopt-order", filed, port)


def test_an_order_filed_since_the_backup_is_canceled(harness, journey, restored, flask):
    backup, filed = restored
    assert flask("cancel-order", filed) == "accepted\n"
    assert flask("adopt-texts", "--since", backup.as_of)
    assert backup.audit() == ""
    assert "no order" in flask("cancel-order", "KW00000000000000000000000000000000", fails=True)


def test_a_backup_of_the_future_is_refused(harness, journey, flask):
    assert "future" in flask("restored", "--as-of", "2199-01-01T00:00Z", fails=True)
    assert the(harness, select(func.count()).select_from(Restoration)) == 0


def test_the_database_notices_by_itself_that_its_rows_come_from_another(harness, journey, back_up):
    send_message(harness, journey)
    assert not notice_restoration(harness.services)
    assert not notice_restoration(harness.services)
    backup = back_up()
    harness.worker()
    harness.worker.restore(backup._dump)
    with harness.services.sessions.begin() as session:
        session.execute(text("UPDATE restorations SET identity = 'another server'"))
    assert notice_restoration(harness.services)
    assert not notice_restoration(harness.services)
    harness.good_hours()
    assert len(harness.world.phone(CALLER).texts) == 1
    assert the(harness, select(Alert.kind).where(Alert.kind == "database_restored"))


def test_the_drill_finds_the_commands_of_the_runbook(app):
    put_back, upgrade, *ours = runbook.commands()
    assert (put_back.split()[0], upgrade) == ("pg_restore", "alembic upgrade head")
    named = [line.removeprefix("portline ").split()[0] for line in ours]
    assert named == ["restored", "audit", "adopt-texts", "audit"]
    assert runbook.remedies() == {
        "adopt-order ORDER PORT",
        "cancel-order ORDER",
        "adopt-number NUMBER LINE",
        "give-back-number NUMBER",
    }
    assert {*named, *(typed.split()[0] for typed in runbook.remedies())} <= set(app.cli.commands)

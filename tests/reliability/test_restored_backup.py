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
from service.restoring.identity import notice_restoration
from service.restoring.restored import FORGOTTEN_IDS
from service.schedule.catch_up_with_carriers import catch_up_with_carriers
from tests.factories import CALLER, a_line
from tests.reliability.test_crashes import RINGING, WANTING, buy_number, entries, rung, send_message

NUMBER = "+12125552000"


@pytest.fixture
def journey(stage):
    """A customer with a working number and a draft that could be sent."""
    journey = stage.begin_anew()
    journey.sign_up()
    journey.draft(NUMBER)
    return journey


@pytest.fixture
def flask(app):
    """An operator's command, as it is typed; what it says."""

    def run(*words, fails=False):
        result = app.test_cli_runner().invoke(args=words)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return run


class Backup:
    """A dump of this moment, and the way back to it, as the runbook has it."""

    def __init__(self, stage, flask):
        self._stage, self._flask = stage, flask
        self.as_of = stage.clock.now().isoformat()
        self._dump = stage.hands.back_up()

    def restore(self):
        """Ten minutes later."""
        self._stage.clock.jump(timedelta(minutes=10))
        self._stage.hands.restore(self._dump)
        self._flask("restored", "--as-of", self.as_of)
        self._stage.good_hours()
        catch_up_with_carriers(self._stage.services)
        self._stage.hands()

    def audit(self, **how):
        return self._flask("audit", "--since", self.as_of, **how)


@pytest.fixture
def back_up(stage, flask):
    return lambda: Backup(stage, flask)


def done_since(stage):
    stage.hands()
    stage.pass_time(timedelta(minutes=1))


def the(stage, statement):
    with stage.services.sessions() as session:
        return session.scalars(statement).one()


@pytest.mark.parametrize("kind", WANTING)
def test_what_was_owed_in_the_backup_and_done_since_is_found(stage, journey, back_up, kind):
    WANTING[kind](stage, journey)
    backup = back_up()
    stage.hands()
    backup.restore()
    assert [entry.progress for entry in entries(stage, kind)] == [Progress.DONE] * len(entries(stage, kind))
    assert doubled(stage.world.state) == []
    assert unexplained(stage.services, stage.services.home, stage.clock.now() - timedelta(hours=1)) == []
    letters = {mail.message_id for mail in stage.mailbox.mails}
    assert len(letters) == len({(mail.to, mail.subject) for mail in stage.mailbox.mails})


@pytest.mark.parametrize("kind", WANTING)
def test_what_was_owed_in_the_backup_and_never_done_is_done_once(stage, journey, back_up, kind):
    WANTING[kind](stage, journey)
    backup = back_up()
    backup.restore()
    assert {entry.progress for entry in entries(stage, kind)} == {Progress.DONE}
    assert doubled(stage.world.state) == []


@pytest.mark.parametrize("kind", RINGING)
def test_a_phone_that_rang_since_the_backup_does_not_ring_again(stage, journey, back_up, kind):
    RINGING[kind](stage, journey)
    backup = back_up()
    stage.hands()
    times = rung(stage)
    backup.restore()
    assert rung(stage) == times == 1


def test_a_call_is_adopted_with_its_end(stage, journey, back_up):
    RINGING[EntryKind.PLACE_CALL](stage, journey)
    backup = back_up()
    stage.hands()
    ordered = next(call.sid for call in stage.world.state.calls.values() if call.direction == "outbound-api")
    backup.restore()
    call = the(stage, select(Call).where(Call.direction == Direction.OUT))
    assert (call.reference, call.outcome is Outcome.RINGING) == (ordered, False)


def test_a_number_whose_code_was_keyed_since_the_backup_is_shown(stage, journey, back_up):
    RINGING[EntryKind.PROVE_NUMBER](stage, journey)
    backup = back_up()
    stage.hands()
    own = the(stage, select(OwnNumber))
    stage.world.verify_caller(NUMBER, own.code)
    stage.hands()
    backup.restore()
    assert the(stage, select(OwnNumber.state)) is Showing.SHOWN


def test_a_number_is_adopted_with_its_digits(stage, journey, back_up):
    buy_number(stage, journey)
    backup = back_up()
    stage.hands()
    bought = the(stage, select(PhoneNumber).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    found = the(stage, select(PhoneNumber).order_by(PhoneNumber.id.desc()).limit(1))
    assert (found.number, found.reference) == (bought.number, bought.reference)
    assert (found.standing, bool(found.texts_since)) == (Standing.HELD, True)


def test_a_number_is_adopted_although_another_line_is_after_it_in_the_backup(stage, journey, back_up):
    buy_number(stage, journey)
    buy_number(stage, journey)
    with stage.services.sessions.begin() as session:
        first = session.scalars(select(PhoneNumber).order_by(PhoneNumber.id.desc())).first()
        wanted = stage.services.network(stage.services.home).numbers.search(Wanted("US", "212"))[0].number
        first.number = wanted
    backup = back_up()
    with stage.services.sessions.begin() as session:
        session.get_one(PhoneNumber, first.id).number = ""
    stage.hands()
    backup.restore()
    with stage.services.sessions() as session:
        ours = {row.number for row in session.scalars(select(PhoneNumber).where(PhoneNumber.reference != ""))}
    assert ours >= {number.phone_number for number in stage.world.state.numbers.values()} - {
        stage.services.settings.platform_number
    }
    assert len(ours) == 3


def test_a_text_is_adopted_with_how_far_it_got(stage, journey, back_up):
    send_message(stage, journey)
    backup = back_up()
    done_since(stage)
    sent = the(stage, select(Message))
    assert sent.status == "delivered"
    backup.restore()
    found = the(stage, select(Message))
    assert (found.reference, found.status) == (sent.reference, "delivered")


def test_a_port_that_was_sent_since_the_backup_is_sent_again_by_its_customer_and_found(stage, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    filed = the(stage, select(CarrierOrder.reference))
    backup.restore()
    assert f"Order {filed} is at {stage.services.home} and in no row of ours." in backup.audit(fails=True)
    journey.ask(projects.submit)
    stage.good_hours()
    assert the(stage, select(CarrierOrder.reference)) == filed
    assert journey.state() is State.AWAITING_SIGNATURE
    assert list(stage.world.state.port_ins) == [filed]
    assert backup.audit() == ""


def test_an_order_that_another_customer_sent_since_the_backup_is_not_adopted_but_listed(stage, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    filed = the(stage, select(CarrierOrder.reference))
    backup.restore()
    with stage.services.sessions.begin() as session:
        project = session.scalars(select(PortProject)).one()
        project.contact_email = project.authorized_email = "bob@cafe.example"
    journey.ask(projects.submit)
    stage.good_hours()
    assert list(stage.world.state.port_ins) == [filed]
    assert journey.state() is State.ACTION_REQUIRED
    assert the(stage, select(func.count()).select_from(CarrierOrder)) == 0
    assert the(stage, select(Alert.about).where(Alert.kind == "port_needs_staff"))
    assert f"Order {filed} is at {stage.services.home} and in no row of ours." in backup.audit(fails=True)


def test_customers_are_not_told_again_by_text_what_they_were_told_since_the_backup(stage, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    backup.restore()
    journey.ask(projects.submit)
    stage.good_hours()
    told = journey.texts()
    assert told
    assert len(told) == len(set(told))
    with stage.services.sessions() as session:
        rows = session.execute(select(Notification.sent_at).where(Notification.channel == Channel.SMS)).scalars().all()
    assert len(rows) == len(told)
    assert all(rows)


def test_an_order_that_ended_since_the_backup_is_not_taken_for_a_new_filing(stage, journey, back_up):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    filed = the(stage, select(CarrierOrder.reference))
    journey.ask(projects.cancel)
    stage.pass_time(timedelta(minutes=10))
    backup.restore()
    journey.ask(projects.submit)
    stage.good_hours()
    assert the(stage, select(CarrierOrder.reference)) != filed
    assert journey.state() is State.AWAITING_SIGNATURE


def test_a_text_that_was_to_leave_later_and_left_since_the_backup_leaves_once(stage, journey, back_up):
    with stage.services.sessions.begin() as session:
        conversation = contacts.conversation_with(session, session.get_one(Line, journey.line_id), CALLER)
        writing.schedule(session, conversation, "See you", None, stage.clock.now() + timedelta(minutes=2))
    backup = back_up()
    stage.pass_time(timedelta(minutes=3))
    stage.pass_time(timedelta(minutes=1))
    assert len(stage.world.phone(CALLER).texts) == 1
    backup.restore()
    assert len(stage.world.phone(CALLER).texts) == 1
    assert the(stage, select(Message.status)) == "delivered"


def test_what_a_person_writes_after_the_restoration_goes_out_even_in_the_same_words(stage, journey, back_up):
    backup = back_up()
    send_message(stage, journey)
    done_since(stage)
    backup.restore()
    send_message(stage, journey)
    stage.good_hours()
    assert len(stage.world.phone(CALLER).texts) == 2


def test_what_cannot_be_looked_for_is_parked_and_not_sent(stage, journey, back_up):
    send_message(stage, journey)
    backup = back_up()
    stage.hands.restore(backup._dump)
    stage.world.faults.add("error", path="*/Messages.json", status=401)
    backup._flask("restored", "--as-of", backup.as_of)
    stage.hands.wait_over()
    stage.hands()
    entry = entries(stage, EntryKind.SEND_MESSAGE)[0]
    assert (entry.progress, stage.world.phone(CALLER).texts) == (Progress.PARKED, [])
    assert the(stage, select(Alert.about).where(Alert.kind == "effect_parked")) == f"ledger_entry:{entry.id}"


def test_while_the_carrier_does_not_answer_nothing_is_sent(stage, journey, back_up):
    send_message(stage, journey)
    backup = back_up()
    stage.hands()
    stage.world.faults.add("outage")
    stage.hands.restore(backup._dump)
    backup._flask("restored", "--as-of", backup.as_of)
    stage.hands.wait_over()
    stage.hands()
    assert entries(stage, EntryKind.SEND_MESSAGE)[0].progress is Progress.READY
    stage.good_hours()
    assert entries(stage, EntryKind.SEND_MESSAGE)[0].progress is Progress.DONE
    assert len(stage.world.phone(CALLER).texts) == 1


def test_no_id_is_given_out_again(stage, journey, back_up):
    backup = back_up()
    send_message(stage, journey)
    done_since(stage)
    forgotten = the(stage, select(func.max(LedgerEntry.id)))
    backup.restore()
    send_message(stage, journey)
    stage.hands()
    assert the(stage, select(func.max(LedgerEntry.id))) > forgotten
    [(jobs,)] = stage.hands.query(
        "SELECT last_value FROM pg_sequences WHERE sequencename = 'procrastinate_jobs_id_seq'"
    )
    assert jobs > FORGOTTEN_IDS


def test_a_number_bought_since_the_backup_is_listed_and_given_back(stage, journey, back_up, flask):
    backup = back_up()
    buy_number(stage, journey)
    stage.hands()
    bought = the(stage, select(PhoneNumber.number).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    assert f"Number {bought} is at {stage.services.home} and in no row of ours." in backup.audit(fails=True)
    flask("give-back-number", bought)
    assert backup.audit() == ""
    assert "no number" in flask("give-back-number", bought, fails=True)


def test_a_number_bought_since_the_backup_is_put_on_a_line_that_has_none(stage, journey, back_up, flask):
    backup = back_up()
    buy_number(stage, journey)
    stage.hands()
    bought = the(stage, select(PhoneNumber.number).order_by(PhoneNumber.id.desc()).limit(1))
    backup.restore()
    with stage.services.sessions.begin() as session:
        line = a_line(session, stage.services).id
        wanted = session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line)).one()
        wanted.standing = Standing.FAILED
        session.execute(text("DELETE FROM ledger_entries WHERE subject_id = :id"), {"id": wanted.id})
    flask("adopt-number", bought, str(line))
    stage.good_hours()
    assert backup.audit() == ""
    stage.world.text(CALLER, bought, "Are you open?")
    stage.hands()
    assert the(stage, select(Conversation.line_id)) == line


def test_a_number_is_not_put_on_a_line_that_has_one_nor_taken_from_one(stage, journey, flask):
    ours = journey.numbers()[0].number
    stray = stage.services.network("twilio").numbers.search(Wanted("US", "415"))[0].number
    stage.services.network("twilio").numbers.buy(stray, "stray", stage.services.routing("twilio"))
    assert "has a number" in flask("adopt-number", stray, str(journey.line_id), fails=True)
    assert "no line" in flask("adopt-number", stray, "999", fails=True)
    assert "in a row" in flask("adopt-number", ours, str(journey.line_id), fails=True)
    assert "in a row" in flask("give-back-number", ours, fails=True)
    assert "in a row" in flask("give-back-number", stage.services.settings.platform_number, fails=True)
    assert stage.services.network("twilio").numbers.find(ours)


def test_texts_that_left_since_the_backup_come_into_their_conversations(stage, journey, back_up, flask):
    backup = back_up()
    send_message(stage, journey)
    done_since(stage)
    sent = the(stage, select(Message))
    backup.restore()
    assert f"Text {sent.reference} left" in backup.audit(fails=True)
    assert flask("adopt-texts", "--since", backup.as_of) == "1 texts were adopted.\n"
    found = the(stage, select(Message))
    assert (found.reference, found.text, found.status, found.number) == (
        sent.reference,
        sent.text,
        "delivered",
        sent.number,
    )
    assert backup.audit() == ""


def test_an_order_filed_since_the_backup_is_put_on_its_draft(stage, journey, back_up, flask):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    filed = the(stage, select(CarrierOrder.reference))
    backup.restore()
    port = the(stage, select(PortProject.public_id))
    flask("adopt-order", filed, port)
    stage.good_hours()
    assert (journey.state(), list(stage.world.state.port_ins)) == (State.AWAITING_SIGNATURE, [filed])
    assert backup.audit() == ""
    assert "in a row" in flask("adopt-order", filed, port, fails=True)
    assert "in a row" in flask("cancel-order", filed, fails=True)


def test_an_order_filed_since_the_backup_is_canceled(stage, journey, back_up, flask):
    backup = back_up()
    journey.ask(projects.submit)
    done_since(stage)
    filed = the(stage, select(CarrierOrder.reference))
    backup.restore()
    assert flask("cancel-order", filed) == "accepted\n"
    assert flask("adopt-texts", "--since", backup.as_of)
    assert backup.audit() == ""
    assert "no order" in flask("cancel-order", "KW00000000000000000000000000000000", fails=True)


def test_a_backup_of_the_future_is_refused(stage, journey, flask):
    assert "future" in flask("restored", "--as-of", "2199-01-01T00:00Z", fails=True)
    assert the(stage, select(func.count()).select_from(Restoration)) == 0


def test_the_database_notices_by_itself_that_its_rows_come_from_another(stage, journey, back_up):
    send_message(stage, journey)
    assert not notice_restoration(stage.services)
    assert not notice_restoration(stage.services)
    backup = back_up()
    stage.hands()
    stage.hands.restore(backup._dump)
    with stage.services.sessions.begin() as session:
        session.execute(text("UPDATE restorations SET identity = 'another server'"))
    assert notice_restoration(stage.services)
    assert not notice_restoration(stage.services)
    stage.good_hours()
    assert len(stage.world.phone(CALLER).texts) == 1
    assert the(stage, select(Alert.kind).where(Alert.kind == "database_restored"))


def test_the_drill_finds_the_commands_of_the_runbook(app):
    put_back, upgrade, *ours = runbook.commands()
    assert (put_back.split()[0], upgrade) == ("pg_restore", "alembic upgrade head")
    named = [line.removeprefix("flask --app wsgi ").split()[0] for line in ours]
    assert named == ["restored", "audit", "adopt-texts", "audit"]
    assert runbook.remedies() == {
        "adopt-order ORDER PORT",
        "cancel-order ORDER",
        "adopt-number NUMBER LINE",
        "give-back-number NUMBER",
    }
    assert {*named, *(typed.split()[0] for typed in runbook.remedies())} <= set(app.cli.commands)

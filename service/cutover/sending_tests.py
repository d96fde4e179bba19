"""Testing that texts from a ported number are delivered: one text to the mobile of the customer who asked for the port.

Any text that is delivered to another network proves it (`proof.py`). This one spares the customer the wait for it. If
it is not delivered for a reason on our side, it is sent again later; nobody reads it twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import MessageProgressed
from provisioning.contract.errors import Refused
from provisioning.contract.messaging import CannotTell, LoggedMessage, OutgoingMessage, Trouble
from service.brands import brand_of
from service.callback_addresses import addresses
from service.cutover.models import Cutover, CutoverStep, StepName
from service.cutover.rows import cutover_of, destination_carrier, steps_of
from service.language import Language
from service.lines.inventory import held_last, number_held
from service.optouts import stopped
from service.porting.models import PortNumber
from service.porting.states import State
from service.proven_numbers import is_proven
from service.queue import task
from service.services import Services
from service.spending.permission import Use, stop_of, trouble_of
from service.time import now
from service.written_numbers import written

WAITS: Final = (timedelta(hours=1), timedelta(hours=8), timedelta(days=1))
"""Waits after each test that was not delivered; the last one repeats."""

MOST_TESTED: Final = 5
"""Numbers of a project that are tested: carriers take the same text from many numbers to one phone for spam.

The others are proven by the first text that their line sends from them.
"""

OURS: Final = frozenset({Trouble.NOT_REGISTERED, Trouble.SENDER_NOT_READY, Trouble.FILTERED, Trouble.OTHER})
"""Troubles that lie with the sender, whoever is texted."""

_TRIED_AGAIN: Final = OURS | {Trouble.PAUSED, Trouble.OVER_LIMIT}
"""Troubles that end without the customer: a test is sent again."""

_WORDS: Final = {
    Language.ENGLISH: "{brand}: this text left from your number {number}. That you can read it shows that texts from "
    "it are delivered. Nothing to do for you. ({word})",
    Language.SWEDISH: "{brand}: detta sms gick från ditt nummer {number}. Att du kan läsa det visar att sms från det "
    "kommer fram. Du behöver inte göra något. ({word})",
    Language.SPANISH: "{brand}: este mensaje salió de su número {number}. Si puede leerlo, los mensajes enviados "
    "desde él llegan. No tiene que hacer nada. ({word})",
    Language.FRENCH: "{brand} : ce texto vient de votre numéro {number}. Si vous le lisez, les textos envoyés de ce "
    "numéro arrivent. Vous n'avez rien à faire. ({word})",
}


def begin_sending_test(session: Session, number: PortNumber, step: CutoverStep) -> None:
    """Queue a test text, unless texts are proven already or there is no phone to send it to."""
    if not step.complete and _testable(session, number):
        step.tries, step.tried_at, step.begun_at, step.trouble = step.tries + 1, now(), None, ""
        text_own_mobile.defer(session, port_number_id=number.id)


def repeat_sending_tests(session: Session) -> None:
    """Queue the tests again that were not sent or not delivered for a reason on our side, and are due."""
    undelivered = (CutoverStep.name == StepName.PROVE_SENDING, CutoverStep.done_at.is_(None), CutoverStep.tries > 0)
    rows = select(CutoverStep).join(PortNumber).where(PortNumber.state == State.PORTED, *undelivered)
    for step in session.scalars(rows.where(CutoverStep.trouble.in_(_TRIED_AGAIN)).order_by(CutoverStep.id)):
        wait = WAITS[min(step.tries, len(WAITS)) - 1]
        if step.tried_at and step.tried_at + wait <= now():
            begin_sending_test(session, step.port_number, step)


@task
def text_own_mobile(services: Services, *, port_number_id: int) -> None:
    """Send the test text, unless an earlier run did. Where the workspace may not text that phone, note why.

    If the carrier cannot tell whether one did, it is sent only if none began to; otherwise another test is sent later.
    """
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id)
        test, own = sending_test_of(session, services, number), number.project.contact_number
        stop = stop_of(session, services.settings, Use(number.project.workspace_id, number.number, (own,)))
        if test and stop:
            _note(session, services, number, trouble_of(stop))
    if test is None or stop:
        return
    messaging = services.network(test.carrier).messaging
    found = messaging.find(test.text, test.asked_at)
    sent = not _begins(services, port_number_id) if isinstance(found, CannotTell) else bool(found)
    if sent:
        return
    try:
        messaging.send(test.text)
    except Refused as error:
        with services.sessions.begin() as session:
            _note(session, services, session.get_one(PortNumber, port_number_id), error.code)


def _begins(services: Services, port_number_id: int) -> bool:
    """Whether this run is the first that sends the latest test. For a later one it is noted as undelivered."""
    with services.sessions.begin() as session:
        number = session.get_one(PortNumber, port_number_id, with_for_update=True)
        step = steps_of(session, services, number)[StepName.PROVE_SENDING]
        if step.begun_at:
            _note(session, services, number, Trouble.OTHER)
            return False
        step.begun_at = now()
        return True


@dataclass(frozen=True, slots=True)
class SendingTest:
    """A test text, the carrier that sends it, and since when it is to be looked for there (aware UTC)."""

    text: OutgoingMessage
    carrier: str
    asked_at: datetime


def sending_test_of(session: Session, services: Services, number: PortNumber) -> SendingTest | None:
    """The test text of a number as it was asked for last; None if it was not, or the move was taken back since."""
    asked_at = steps_of(session, services, number)[StepName.PROVE_SENDING].tried_at
    if asked_at is None:
        return None
    return SendingTest(_text(session, services, number, asked_at), destination_carrier(services, number), asked_at)


def note_undelivered(session: Session, services: Services, event: MessageProgressed) -> None:
    """Note why a text from a ported number was not delivered, while none was.

    What lies with the phone that was texted says nothing about other phones: it is noted of our own test only.
    """
    trouble = event.trouble or Trouble.OTHER
    ported = select(PortNumber).where(PortNumber.number == event.sender, PortNumber.state == State.PORTED)
    for number in session.scalars(ported):
        if trouble in OURS or event.recipient == number.project.contact_number:
            _note(session, services, number, trouble)


def is_sending_test(session: Session, text: LoggedMessage) -> bool:
    """Whether a text in the carrier's log is a test of ours, which stands in no inbox."""
    words = select(Cutover.trial_word).join(PortNumber).where(PortNumber.number == text.sender)
    return any(word and word in text.text for word in session.scalars(words))


def _note(session: Session, services: Services, number: PortNumber, trouble: str) -> None:
    step = steps_of(session, services, number).get(StepName.PROVE_SENDING)
    if step and not step.complete:
        step.trouble = trouble


def _testable(session: Session, number: PortNumber) -> bool:
    """Whether the customer has shown a phone outside of our carrier to be theirs, and few numbers were tested on it."""
    own, project = number.project.contact_number, number.project
    if not own or own == number.number or number_held(session, own):
        return False
    if not is_proven(session, project.workspace_id, own):
        return False
    if stopped(session, own) or stopped(session, own, project.workspace_id):
        return False
    others = (PortNumber.project_id == project.id, PortNumber.id != number.id, CutoverStep.tries > 0)
    tested = select(func.count()).select_from(CutoverStep).join(PortNumber).where(*others)
    return session.execute(tested.where(CutoverStep.name == StepName.PROVE_SENDING)).scalar_one() < MOST_TESTED


def _text(session: Session, services: Services, number: PortNumber, asked_at: datetime) -> OutgoingMessage:
    """The text, which tells this test from earlier ones of the number."""
    project, word = number.project, f"{cutover_of(session, number).trial_word} {asked_at:%H%M%S}"
    brand = brand_of(services.settings, project.workspace).name
    text = _WORDS[project.language].format(brand=brand, number=written(number.number), word=word)
    to = addresses(services, destination_carrier(services, number))
    pool = held_last(session, number.number).pool
    return OutgoingMessage(number.number, project.contact_number, text, to.message_status(), pool=pool)

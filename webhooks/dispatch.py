"""Dispatches a stored callback to its function: about an order, a text, or a call."""

from dataclasses import replace

from sqlalchemy.orm import Session

from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallPlaced,
    Event,
    KeyPressed,
    MessageArrived,
    MessageProgressed,
    OrderChanged,
    PickedUp,
    ProofEnded,
    RegistrationChanged,
    RingEnded,
    TalkRecorded,
    TranscriptReady,
    Unfamiliar,
    VoicemailLeft,
)
from provisioning.contract.messaging import MessageStatus
from service.alerts import AlertKind, alert
from service.arrivals import text_arrived
from service.callback_addresses import Carried, Step, read
from service.calls import events as calls
from service.calls import outgoing
from service.calls.legs.ending import call_of, caller_gone, leg_ended, machine_picked_up, room_ended
from service.calls.legs.placing import leg_placed
from service.cutover.proof import Leg, Proof, record_proof
from service.cutover.sending_results import note_result
from service.errors import NotFound
from service.inbox import receiving
from service.ledger.models import EntryKind, LedgerEntry
from service.ledger.queries import entry_tagged
from service.lines.own_number import proof_ended
from service.notifications.channels import sms
from service.porting import number_codes
from service.porting.asking import ask_about
from service.porting.learning import note_callback
from service.registration.learning import changed_at_carrier
from service.services import Services
from service.unannounced import clear_unannounced
from webhooks.unread import Unread


def read_received(session: Session, services: Services, received: Unread) -> bool:
    """Parse a callback and act on its events. It may be read more than once, and callbacks come in any order.

    Returns False if it is about something that we do not have yet, such as a call to a number that was ported early.
    Commit all the same, as what was written may lead to it, and read the callback again later.
    """
    events = services.network(received.carrier).callbacks.read(received.subject, received.body)
    acted = [_acted(session, services, received, event) for event in events]  # each, also behind one that is too early
    return all(acted)


def _acted(session: Session, services: Services, received: Unread, event: Event) -> bool:
    try:
        _act(session, services, received, event)
    except NotFound:
        return False
    return True


def _act(session: Session, services: Services, received: Unread, event: Event) -> None:
    carried = read(received.query)
    entry = entry_tagged(session, carried.entry)
    match event:
        case OrderChanged() | RegistrationChanged():
            _look(session, received.carrier, event, carried)
        case MessageArrived():
            clear_unannounced(session, received.carrier, event.reference)
            text_arrived(session, services, event)
        case MessageProgressed():
            _message_progressed(session, services, event, entry)
        case CallPlaced() | CallEnded() if carried.leg or event.parent:
            _leg_went_on(session, event, carried.leg)
        case CallPlaced() | RingEnded() | CallEnded() if entry:
            outgoing.progress(session, services, event, entry.subject_id)
        case ProofEnded() if entry:
            proof_ended(session, entry.subject_id)
        case Unfamiliar():
            alert(session, AlertKind.CALLBACK_UNFAMILIAR, f"{received.carrier}:{received.subject}", why=event.why)
        case _:
            _call_went_on(session, services, event, carried)


def _look(session: Session, carrier: str, event: OrderChanged | RegistrationChanged, carried: Carried) -> None:
    """Ask the carrier where an order, or the registration whose tag is in the address, stands."""
    if isinstance(event, RegistrationChanged):
        changed_at_carrier(session, carried.registration, event.reason)
    else:
        note_callback(session, carrier, event.reference)
        ask_about.defer_once(session, carrier=carrier, reference=event.reference)


def _leg_went_on(session: Session, event: CallPlaced | CallEnded, tag: str) -> None:
    """Note that a leg was placed, or has ended. A phone that a step rang is none: the end of the step tells its end."""
    if isinstance(event, CallPlaced):
        leg_placed(session, event, tag)
    else:
        leg_ended(session, event, tag)


def _message_progressed(
    session: Session, services: Services, event: MessageProgressed, entry: LedgerEntry | None
) -> None:
    """Note the status of a notice or a message, which the entry's tag in the address identifies.

    What becomes of a text from a number that was just ported shows whether texts from it are delivered.
    """
    note_result(session, services, event)
    if entry and entry.kind is EntryKind.SEND_TEXT:
        sms.progressed(session, entry, event)
    elif entry and entry.kind is EntryKind.SEND_NUMBER_CODE:
        entry.reference = entry.reference or event.reference
        if event.status in {MessageStatus.UNDELIVERED, MessageStatus.FAILED}:
            number_codes.note_undelivered(session, entry)
    elif entry is None or entry.kind is EntryKind.SEND_MESSAGE:
        receiving.progress(session, event, entry.subject_id if entry else None)


def _call_went_on(session: Session, services: Services, event: Event, carried: Carried) -> None:
    ours = services.settings.platform_numbers
    if isinstance(event, CallArrived | CallEnded | RingEnded | KeyPressed) and event.caller in ours:
        _called_by_us(session, services, event, carried)
    else:
        _customer_called(session, services, event, carried)


def _called_by_us(session: Session, services: Services, event: Event, carried: Carried) -> None:
    """Our own number called: to tell a code, or as a test of a customer's number, which proves the leg.

    Neither belongs in an inbox.
    """
    if isinstance(event, CallArrived) and carried.step is None:
        record_proof(session, services, Proof(event.called, Leg.VOICE, event.reference, event.caller))


def _customer_called(session: Session, services: Services, event: Event, carried: Carried) -> None:
    match event:
        case CallArrived() if carried.step is None:
            record_proof(session, services, Proof(event.called, Leg.VOICE, event.reference, event.caller))
            calls.arrived(session, event)
        case CallArrived() | KeyPressed() | PickedUp():
            _picked_up(session, event, carried)
        case RingEnded():
            _ring_ended(session, event, carried)
        case CallEnded():
            caller_gone(session, event.reference)  # first, as a group is locked before its call
            calls.ended(session, event)
        case VoicemailLeft():
            calls.voicemail_left(session, event)
        case TalkRecorded():
            recorded = replace(event, reference=event.reference or call_of(session, carried.ringing))
            calls.talk_recorded(session, recorded, carried.announced)
        case TranscriptReady():
            calls.transcript_ready(session, event)


def _ring_ended(session: Session, event: RingEnded, carried: Carried) -> None:
    """Phones have stopped ringing, or a caller has left the room. Where a leg has left it, its end tells the rest."""
    if carried.ringing:
        room_ended(session, event, carried.ringing)
    elif not carried.leg:
        calls.ring_ended(session, event)


def _picked_up(session: Session, event: CallArrived | KeyPressed | PickedUp, carried: Carried) -> None:
    """A phone of the line is asked whether it takes the call, and answers by a key. Keys of menus are not noted."""
    if isinstance(event, PickedUp):
        machine_picked_up(session, event, carried.leg)
    if isinstance(event, KeyPressed) and carried.step is Step.KEY:
        calls.taken(session, event, carried.line)

"""Callbacks about calls: all callbacks about one call become one row in its conversation, in any order they come."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from provisioning.contract.callbacks import (
    CallArrived,
    CallEnded,
    CallOutcome,
    KeyPressed,
    RingEnded,
    TalkRecorded,
    TranscriptReady,
    VoicemailLeft,
)
from service.calls.consent import is_announced
from service.calls.costs import count_call
from service.calls.loops import goes_round
from service.calls.notify_team import notify_loop, notify_missed_soon, notify_transcript, notify_voicemail_soon
from service.calls.plan_walk import ACCEPT
from service.calls.queries import plan_of
from service.calls.recordings import fetch_piece, fetch_talk, fetch_voicemail
from service.errors import NotFound
from service.inbox.contacts import conversation_with
from service.inbox.handling import note_incoming, take_out
from service.inbox.models import Call, Conversation, Outcome, RecordedPiece
from service.inbox.outside import publish_ended, publish_voicemail
from service.lines.inventory import note_use, number_held
from service.lines.models import Phone
from service.phone_numbers import known_as, spellings
from service.time import now

# callbacks come in any order, so an outcome is only replaced by a later one of this list
_BY_WEIGHT: Final = list(Outcome)


def arrived(session: Session, event: CallArrived) -> None:
    """A call rings. Raises `NotFound` when no line holds the number yet: the callback is then read again later."""
    call = _call(session, event)
    call.forwarded_from = _sent_on(call, event)
    count_call.defer_once(session, call_id=call.id)
    if goes_round(session, call):
        notify_loop(session, call)


def ring_ended(session: Session, event: RingEnded) -> None:
    """The phones have stopped ringing. An unanswered call goes on to voicemail, so it has not ended yet."""
    call = _call(session, event)
    if event.outcome is CallOutcome.ANSWERED:
        _ended_as(session, call, Outcome.ANSWERED)
        count_call.defer_once(session, call_id=call.id)


def taken(session: Session, event: KeyPressed, line_id: int) -> None:
    """A phone of the line took the call by pressing a key. Raises `NotFound` if the call's arrival was not read yet."""
    if event.key != ACCEPT or not event.parent:
        return
    _note_who_took(session, _known(session, event.parent), event.called, line_id, now())


def taken_on(session: Session, reference: str, number: str, line_id: int, at: datetime | None) -> None:
    """A phone of the line took the call on a leg of its own, at a moment. Raises `NotFound` as `taken` does."""
    call = _known(session, reference)
    _note_who_took(session, call, number, line_id, at)
    _ended_as(session, call, Outcome.ANSWERED)
    count_call.defer_once(session, call_id=call.id)


def talked_out(session: Session, reference: str, seconds: int) -> None:
    """A call out has ended, for whose contact (the carrier's id of their call) it took so long."""
    call = _known(session, reference)
    call.seconds, call.outcome = seconds, max(call.outcome, Outcome.ANSWERED, key=_BY_WEIGHT.index)
    count_call.defer_once(session, call_id=call.id)
    publish_ended(session, call)


def _note_who_took(session: Session, call: Call, number: str, line_id: int, at: datetime | None) -> None:
    dialed = or_(Phone.number == number, Phone.number.startswith(f"{number};"))  # with its extension
    phone = session.scalar(select(Phone).where(Phone.line_id == line_id, dialed))
    call.answered_on = number
    call.answered_by_id = phone.user_id if phone else None
    call.answered_at = call.answered_at or at


def ended(session: Session, event: CallEnded) -> None:
    """A call has ended: as missed, unless it was answered or a voicemail was left."""
    call = _call(session, event, event.at)
    call.seconds = event.seconds
    call.forwarded_from = call.forwarded_from or _sent_on(call, event)
    _ended_as(session, call, Outcome.MISSED)
    count_call.defer_once(session, call_id=call.id)
    notify_missed_soon(session, call)
    publish_ended(session, call)


def voicemail_left(session: Session, event: VoicemailLeft) -> None:
    """A voicemail was recorded. It is reported twice: by the step that took it and by the recorder.

    A recording without length (0 s, or -1 if the recorder failed) is no voicemail: the call counts as missed.
    """
    if event.seconds <= 0:
        return
    call = _known(session, event.reference)
    if not call.voicemail_media:  # at the first report it may not be ready to be fetched
        fetch_voicemail.defer(session, call_id=call.id)
    if not call.voicemail_reference:
        call.voicemail_reference = event.recording
        call.voicemail_url = event.url
        call.voicemail_seconds = event.seconds
        notify_voicemail_soon(session, call)
        publish_voicemail(session, call)
    _ended_as(session, call, Outcome.VOICEMAIL)


def talk_recorded(session: Session, event: TalkRecorded, announced: str) -> None:
    """The conversation of an answered call was recorded, or one more piece of it: one begins after each hold.

    `announced` is why the other person heard so, or did not (`consent`); that they did in any piece is kept.
    """
    call = _known(session, event.reference)
    if not is_announced(call.announced_for):
        call.announced_for = announced
    if not call.recording_url:
        call.recording_url, call.recording_seconds = event.url, event.seconds
        fetch_talk.defer(session, call_id=call.id)
    elif call.recording_url != event.url and event.recording not in [piece.reference for piece in call.pieces]:
        piece = RecordedPiece(reference=event.recording, url=event.url, seconds=event.seconds)
        call.pieces.append(piece)
        session.flush()  # jobs are given its id
        fetch_piece.defer(session, piece_id=piece.id)


def transcript_ready(session: Session, event: TranscriptReady) -> None:
    """The transcript of a voicemail is ready."""
    call = _known(session, event.reference)
    call.transcript = event.text.replace("\0", "")
    notify_transcript(session, call)


def known_as_over(session: Session, references: Iterable[str]) -> set[str]:
    """Which of these calls (carrier's ids) have ended by our rows. Callbacks about ends may be lost."""
    over = (Call.reference.in_(list(references)), Call.outcome != Outcome.RINGING)
    return set(session.scalars(select(Call.reference).where(*over)))


def _call(session: Session, event: CallArrived | RingEnded | CallEnded, at: datetime | None = None) -> Call:
    """The row of a call, made by its first callback. Raises `NotFound` when no line holds the number."""
    call = _locked(session, event.reference)
    if call is None:
        number = number_held(session, event.called)
        if number is None:
            raise NotFound("a call to a number that no line holds")
        conversation = conversation_with(session, number.line, event.caller)
        call = Call(
            conversation=conversation,
            number=number.number,
            reference=event.reference,
            outcome=_at_first(session, conversation),
            at=at or now(),
        )
        session.add(call)
        session.flush()  # jobs are given its id
        note_use(number)
        conversation.last_at = max(conversation.last_at, call.at)
    call.conversation.touch()
    return call


def _sent_on(call: Call, event: CallArrived | CallEnded) -> str:
    """The line that forwarded the call, in E.164 if it is a phone number."""
    return event.forwarded_from and known_as(event.forwarded_from, call.conversation.line.country)


def _at_first(session: Session, conversation: Conversation) -> Outcome:
    blocked = plan_of(session, conversation.line_id).blocked
    let_through = set(blocked).isdisjoint(spellings(conversation.contact.number))
    return Outcome.RINGING if let_through else Outcome.BLOCKED


def _known(session: Session, reference: str) -> Call:
    call = _locked(session, reference)
    if call is None:
        raise NotFound("a callback about a call whose arrival was not read yet")
    call.conversation.touch()
    return call


def _locked(session: Session, reference: str) -> Call | None:
    return session.scalar(select(Call).where(Call.reference == reference).with_for_update())


def _ended_as(session: Session, call: Call, outcome: Outcome) -> None:
    """Set the outcome unless a weightier one is known. An unanswered call counts as unread in the inbox."""
    if _BY_WEIGHT.index(outcome) <= _BY_WEIGHT.index(call.outcome):
        return
    if call.outcome is Outcome.RINGING and outcome is not Outcome.ANSWERED:
        note_incoming(session, call.conversation)
    if call.outcome is Outcome.MISSED and outcome is Outcome.ANSWERED:  # its end was read before
        take_out(session, call.conversation)
    call.outcome = outcome

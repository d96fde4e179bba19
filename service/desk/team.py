"""The people of the porting desk: their shifts, the mail they get in the morning, and notes from shift to shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from service.accounts.models import Member, User, Workspace
from service.desk.models import DeskNote, DeskSeat
from service.desk.queue import staff
from service.errors import Invalid
from service.time import now

MOST_NOTES: Final = 50
"""Open notes that a desk can have."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A person of the desk with their seat, and the time of their own workspace (UTC without one)."""

    user: User
    seat: DeskSeat
    here: datetime

    @property
    def is_on(self) -> bool:
        """Whether their shift goes on at this moment. One past midnight belongs to the day on which it began."""
        begins, ends, at = self.seat.begins, self.seat.ends, self.here.time()
        today, yesterday = self.here.weekday(), (self.here - timedelta(days=1)).weekday()
        if begins <= ends:
            return today in self.seat.weekdays and begins <= at < ends
        return (today in self.seat.weekdays and at >= begins) or (yesterday in self.seat.weekdays and at < ends)

    @property
    def works_today(self) -> bool:
        """Whether a shift begins today; who has none works every day."""
        return not self.seat.weekdays or self.here.weekday() in self.seat.weekdays


def shifts(session: Session) -> list[Shift]:
    """The people of the desk, by name."""
    people = staff(session)
    ids = [person.id for person in people]
    seats = {seat.user_id: seat for seat in session.scalars(select(DeskSeat).where(DeskSeat.user_id.in_(ids)))}
    places = select(Member.user_id, Workspace.zone).join(Workspace).where(Member.user_id.in_(ids))
    zones = dict(session.execute(places.order_by(Member.id.desc())).all())
    return [
        Shift(one, seats.get(one.id) or _usual(one.id), now().astimezone(ZoneInfo(zones.get(one.id, "UTC"))))
        for one in people
    ]


def keep_seat(
    session: Session, user_id: int, *, morning_mail: bool, weekdays: Sequence[int], begins: time, ends: time
) -> None:
    """Set how a person works. Raises `Invalid` for a shift that ends when it begins."""
    if begins == ends:
        raise Invalid({"ends": ["Choose another end: the shift would have no time."]})
    _keep(session, user_id, morning_mail=morning_mail, weekdays=sorted(set(weekdays)), begins=begins, ends=ends)


def note_mailed(session: Session, user_id: int, on: date) -> None:
    """Note that a person had their mail of a day."""
    _keep(session, user_id, mailed_on=on)


def open_notes(session: Session) -> Sequence[DeskNote]:
    """The notes that nobody has taken over yet, oldest first."""
    waiting = select(DeskNote).where(DeskNote.done_at.is_(None)).order_by(DeskNote.id)
    return session.scalars(waiting.options(joinedload(DeskNote.author))).all()


def leave_note(session: Session, author_id: int, words: str) -> None:
    """Leave a note for the next shift. Raises `Invalid` beyond `MOST_NOTES`."""
    if len(open_notes(session)) >= MOST_NOTES:
        raise Invalid({"words": ["There are 50 open notes. Take one over first."]})
    session.add(DeskNote(author_id=author_id, words=words))


def take_over(session: Session, note_id: int) -> None:
    """Take a note over, so that it is shown no longer. Idempotent."""
    session.execute(update(DeskNote).where(DeskNote.id == note_id, DeskNote.done_at.is_(None)).values(done_at=now()))


def _usual(user_id: int) -> DeskSeat:
    return DeskSeat(user_id=user_id, morning_mail=True, mailed_on=None, weekdays=[], begins=time(9), ends=time(17))


def _keep(session: Session, user_id: int, **values: object) -> None:
    kept = insert(DeskSeat).values(user_id=user_id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=values))

"""The phones of a line: adding, changing, removing and ordering them. The next call follows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.calls.browser_phones import back_on, keep_off
from service.calls.changing import add_to_steps, forget_phones, steps_that_ring
from service.errors import Conflict, Invalid
from service.lines.inventory import held_among
from service.lines.models import Line, Phone
from service.phone_numbers import spellings, without_extension
from service.spending.destinations import barrier


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a phone is to be: its number (E.164, perhaps with an extension), its name, and the teammate it belongs to.

    A teammate's phone rings only while they are on duty.
    """

    number: str
    name: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A phone that was removed, with its place, and the steps of the call plan that rang it by name."""

    wanted: Wanted
    position: int
    steps: tuple[str, ...]


def phones_on_line(session: Session, line: Line) -> list[Phone]:
    """The phones of a line in their order."""
    return list(session.scalars(select(Phone).where(Phone.line_id == line.id).order_by(Phone.position, Phone.id)))


def add_phone(session: Session, line: Line, wanted: Wanted, countries: Collection[str]) -> Phone:
    """Add a phone behind the others. Calls may go to numbers in the line's country and in `countries` (ISO 3166).

    Raises:
        Invalid: on `number`, if it is on the line already or may not be rung.
    """
    _check(session, line, wanted, countries)
    position = len(phones_on_line(session, line))
    phone = Phone(line_id=line.id, number=wanted.number, name=wanted.name, user_id=wanted.user_id, position=position)
    session.add(phone)
    session.flush()
    return phone


def change_phone(session: Session, line: Line, phone: Phone, wanted: Wanted, countries: Collection[str]) -> None:
    """Change a phone, which stays where it is in the line and in the call plan. Raises `Invalid` likewise."""
    if wanted.number != phone.number:
        _check(session, line, wanted, countries)
    phone.number, phone.name, phone.user_id = wanted.number, wanted.name, wanted.user_id


def remove_phone(session: Session, line: Line, phone: Phone) -> Removed:
    """Remove a phone from the line and its call plan. A browser stays off the line then."""
    place = phones_on_line(session, line).index(phone)
    removed = Removed(Wanted(phone.number, phone.name, phone.user_id), place, steps_that_ring(session, line, phone.id))
    if phone.in_browser:
        keep_off(session, line, phone.number)
    session.delete(phone)
    forget_phones(session, line)
    return removed


def restore_phone(session: Session, line: Line, removed: Removed, countries: Collection[str]) -> None:
    """Undo a removal: the phone comes back to its place and to its steps, as far as they are there.

    Raises:
        Conflict: it is on the line already, or may not be rung any more.
    """
    try:
        phone = add_phone(session, line, removed.wanted, countries)
    except Invalid as refusal:
        raise Conflict(refusal.fields["number"][0]) from None
    back_on(session, line, phone.number)
    _put(phones_on_line(session, line), phone, removed.position)
    add_to_steps(session, line, phone.id, removed.steps)


def move_phone(session: Session, line: Line, phone: Phone, by: int) -> None:
    """Move a phone so many places towards the end of the line, or the beginning if that is negative."""
    phones = phones_on_line(session, line)
    _put(phones, phone, max(phones.index(phone) + by, 0))


def _put(phones: list[Phone], phone: Phone, place: int) -> None:
    """Number the phones of a line anew, with one of them at this place."""
    phones.remove(phone)
    phones.insert(place, phone)
    for position, one in enumerate(phones):
        one.position = position


def _check(session: Session, line: Line, wanted: Wanted, countries: Collection[str]) -> None:
    """Refuse numbers of ours, which would loop, those where calls may not go, and those that are here already."""
    if held_among(session, spellings(without_extension(wanted.number))):
        raise Invalid({"number": ["This is a number that is here already: calls would go round in circles."]})
    if found := barrier(wanted.number, {*countries, line.country}):
        raise Invalid({"number": [found.value]})
    if any(phone.number == wanted.number for phone in phones_on_line(session, line)):
        raise Invalid({"number": ["This phone rings on this line already."]})

"""The numbers that a line wears: a temporary one, a ported one, and their roles."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from service.config import Settings
from service.errors import Conflict, NotFound, TooMany
from service.language import Language
from service.ledger.ledger import owe
from service.ledger.models import EntryKind
from service.lines.models import Line, NumberRole, Phone, PhoneNumber, Standing
from service.lines.platform_room import must_have_room_at_platform
from service.services import Services
from service.time import now

BOUGHT: Final = (NumberRole.TEMPORARY, NumberRole.ADDITIONAL, NumberRole.RETIRING)
"""The roles of numbers that we bought; the others came by porting."""

_NOTED_EVERY: Final = timedelta(hours=1)
_SHOWN: Final = {
    NumberRole.PRIMARY: 0,
    NumberRole.TEMPORARY: 1,
    NumberRole.ADDITIONAL: 2,
    NumberRole.RETIRING: 3,
    NumberRole.ARRIVING: 4,
}
"""Which of a line's numbers is shown: the one whose role stands first here."""

_PURCHASES: Final = 7_077_458
"""Key of the advisory lock under which purchases are counted."""


def open_line(
    session: Session, services: Services, *, workspace_id: int, name: str, country: str, language: Language, area: str
) -> Line:
    """Open a line and owe it a temporary number, in the wished area code if there is one.

    Raises:
        TooMany: a purchase cap of this installation is reached.
    """
    line = add_line(session, workspace_id, name, country, language)
    give_temporary(session, services, line, area)
    return line


def add_line(session: Session, workspace_id: int, name: str, country: str, language: Language) -> Line:
    """Open a line that has no number yet."""
    line = Line(workspace_id=workspace_id, name=name, country=country, language=language)
    session.add(line)
    session.flush()
    return line


def give_temporary(session: Session, services: Services, line: Line, area: str = "") -> PhoneNumber:
    """Owe a line a temporary number, whose row becomes HELD once it is bought. Raises `TooMany` at a cap."""
    must_be_within_caps(session, services.settings, line.workspace_id)
    number = PhoneNumber(line=line, area=area, carrier=services.home)
    session.add(number)
    session.flush()
    owe(session, EntryKind.BUY_NUMBER, number.id)
    return number


def caps_reached(session: Session, settings: Settings) -> list[str]:
    """Names of the settings whose cap on purchases is reached. A failed purchase counts for neither."""
    bought = PhoneNumber.role.in_(BOUGHT)  # the others came by porting
    ours = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    today = (PhoneNumber.made_at > now() - timedelta(days=1)) & (PhoneNumber.standing != Standing.FAILED)
    held, lately = session.execute(select(func.count().filter(ours), func.count().filter(today)).where(bought)).one()
    caps = {"PURCHASE_CAP": (held, settings.purchase_cap), "PURCHASES_PER_DAY": (lately, settings.purchases_per_day)}
    return [name for name, (count, cap) in caps.items() if count >= cap]


def lock_purchases(session: Session) -> None:
    """Have other purchases wait until this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(_PURCHASES)))


def must_be_within_caps(session: Session, settings: Settings, workspace_id: int) -> None:
    """Raise `TooMany` at a cap, of all or of the workspace's platform. Purchases are counted one at a time."""
    lock_purchases(session)
    if caps_reached(session, settings):
        raise TooMany("We’re out of new numbers today. Try again tomorrow.")
    must_have_room_at_platform(session, workspace_id)


def add_arriving(session: Session, line_id: int, carrier: str, number: str, reference: str) -> PhoneNumber:
    """Put a number (E.164) that is being ported in on a line, as arriving. Idempotent.

    `reference` is the carrier's id of it. A number that comes from another carrier of ours keeps its row and its role.

    Raises:
        Conflict: another line holds the number.
    """
    held = number_held(session, number)
    if held is None:
        held = PhoneNumber(
            line_id=line_id,
            number=number,
            role=NumberRole.ARRIVING,
            standing=Standing.HELD,
            carrier=carrier,
            held_at=now(),
        )
        session.add(held)
    if held.line_id != line_id:
        raise Conflict("this number is on another line")
    if held.carrier != carrier:
        # it texts here once it is enrolled here
        held.carrier, held.pool, held.routed_at, held.missing_since, held.texts_since = carrier, "", None, None, None
        held.port_out_pin = held.pin_set_at = None
    held.reference = reference
    session.flush()
    return held


def drop_arriving(session: Session, line_id: int, number: str) -> PhoneNumber | None:
    """Take an arriving number (E.164) off its line, because it is not ported after all; None if it was not arriving.

    It is not released at the carrier, because it belongs to the old operator.
    """
    held = number_held(session, number)
    if held is None or held.line_id != line_id or held.role is not NumberRole.ARRIVING:
        return None
    held.standing = Standing.RELEASED
    held.released_at = now()
    return held


def make_primary(session: Session, number: PhoneNumber) -> list[PhoneNumber]:
    """Make a number the line's primary one. Returns the temporary numbers, which now retire. Idempotent."""
    temporary = [other for other in _locked(session, number.line_id) if other.role is NumberRole.TEMPORARY]
    retiring = [other for other in temporary if other is not number]
    number.role = NumberRole.PRIMARY
    for other in retiring:
        other.role = NumberRole.RETIRING
        other.retiring_since, other.ends_at = now(), None
    return retiring


def undo_primary(session: Session, number: PhoneNumber) -> list[PhoneNumber]:
    """The inverse of `make_primary`: the number still answers, but the temporary ones serve in its place again.

    Returns those; none if another number is primary on the line, which then serves, or only an additional one is left.
    Idempotent.

    Raises:
        Conflict: no number is left to serve in its place; nothing is changed.
    """
    others = _others(_locked(session, number.line_id), number)
    if any(other.role is NumberRole.PRIMARY for other in others):
        serving = []
    else:
        serving = [other for other in others if other.role in {NumberRole.RETIRING, NumberRole.TEMPORARY}]
        if not serving and not any(other.role is NumberRole.ADDITIONAL for other in others):
            raise Conflict("The temporary number is gone, so there’s nothing to go back to.")
    number.role = NumberRole.ARRIVING
    number.texts_since = None
    for other in serving:
        other.role = NumberRole.TEMPORARY
        other.retiring_since = other.noticed_at = None
    return serving


def irreplaceable_on(session: Session, line_ids: Collection[int]) -> frozenset[str]:
    """Held numbers (E.164) of lines in whose place no other of their line could serve, as `undo_primary` demands."""
    here = PhoneNumber.line_id.in_(line_ids), PhoneNumber.standing == Standing.HELD
    worn = list(session.scalars(select(PhoneNumber).where(*here)))
    serving = [number for number in worn if number.role is not NumberRole.ARRIVING and not number.released_at]
    count = Counter(number.line_id for number in serving)
    return frozenset(number.number for number in worn if count[number.line_id] - (number in serving) < 1)


def number_held(session: Session, number: str) -> PhoneNumber | None:
    """The row of a number (E.164) that we hold, whatever its role, with its line."""
    return session.scalar(_HELD, {"number": number})


_HELD: Final = (
    select(PhoneNumber)
    .where(PhoneNumber.number == bindparam("number"), PhoneNumber.standing == Standing.HELD)
    .options(joinedload(PhoneNumber.line, innerjoin=True))
)


def note_use(number: PhoneNumber) -> None:
    """Note that a number was called or texted, to the hour: were each text noted, all would wait for one row."""
    if number.last_used_at is None or number.last_used_at < now() - _NOTED_EVERY:
        number.last_used_at = now()


def held_among(session: Session, numbers: Iterable[str]) -> list[str]:
    """Which of these numbers (E.164) we hold."""
    held = select(PhoneNumber.number).where(PhoneNumber.number.in_(numbers), PhoneNumber.standing == Standing.HELD)
    return list(session.scalars(held.order_by(PhoneNumber.number)))


def numbers_of(session: Session, line_id: int) -> list[PhoneNumber]:
    """A line's numbers that are wanted or held, oldest first."""
    worn = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    return list(
        session.scalars(select(PhoneNumber).where(PhoneNumber.line_id == line_id, worn).order_by(PhoneNumber.id))
    )


def outgoing_number(session: Session, line_id: int) -> PhoneNumber | None:
    """The number that a line's texts are sent from: the primary once its texts are proven, else the temporary.

    A line without either sends them from its oldest additional number. One that moves between pools sends none.
    """
    return shown_number(one for one in _worn(session, line_id) if one.texts_since and not one.moving_since)


def moving_number(session: Session, line_id: int) -> PhoneNumber | None:
    """The number from which a line's texts will leave once it has moved to another pool; None if none is moving."""
    return shown_number(one for one in _worn(session, line_id) if one.texts_since and one.moving_since)


def shown_number(numbers: Iterable[PhoneNumber]) -> PhoneNumber | None:
    """The number that a line shows: the primary, or the temporary while there is none, or an additional one."""
    return min(numbers, key=lambda number: _SHOWN[number.role], default=None)


def lines_of(session: Session, workspace_id: int) -> list[Line]:
    """A workspace's lines, oldest first, without removed ones."""
    here = Line.workspace_id == workspace_id, Line.removed_at.is_(None)
    return list(session.scalars(select(Line).where(*here).order_by(Line.id)))


def phones_on(session: Session, lines: Collection[Line]) -> dict[int, int]:
    """How many phones ring on each of these lines, by the line's id; 0 is left out."""
    here = Phone.line_id.in_([line.id for line in lines])
    counted = select(Phone.line_id, func.count(Phone.id).label("phones")).where(here).group_by(Phone.line_id)
    return {row.line_id: row.phones for row in session.execute(counted)}


def temporary_numbers(session: Session, lines: Collection[Line]) -> dict[int, str]:
    """The temporary number (E.164) of each of these lines that has one, by the line's id."""
    here = PhoneNumber.line_id.in_([line.id for line in lines]), PhoneNumber.role == NumberRole.TEMPORARY
    worn = select(PhoneNumber).where(*here, PhoneNumber.standing == Standing.HELD).order_by(PhoneNumber.id.desc())
    return {number.line_id: number.number for number in session.scalars(worn)}


def line_without_number(session: Session, workspace_id: int) -> Line | None:
    """A workspace's oldest line that has no number and is owed none, or None."""
    worn = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD])
    bare = Line.workspace_id == workspace_id, Line.removed_at.is_(None), ~Line.numbers.any(worn)
    return session.scalar(select(Line).where(*bare).order_by(Line.id).limit(1))


def must_be_in_use(session: Session, line: Line) -> None:
    """Check that a line is not removed, and have its removal wait until this transaction ends.

    Raises:
        Conflict: the line is removed.
    """
    session.refresh(line, with_for_update={"key_share": True})
    if line.removed_at is not None:
        raise Conflict("This line was removed. Bring it back first, or choose another line.")


def line_of(session: Session, workspace_id: int, line_id: int) -> Line:
    """One line of a workspace. Raises `NotFound`, also for another workspace's."""
    line = session.scalar(select(Line).where(Line.workspace_id == workspace_id, Line.id == line_id))
    if line is None:
        raise NotFound("There is no such line.")
    return line


def _worn(session: Session, line_id: int) -> list[PhoneNumber]:
    return [number for number in numbers_of(session, line_id) if number.standing is Standing.HELD]


def _others(worn: Iterable[PhoneNumber], number: PhoneNumber) -> list[PhoneNumber]:
    """The other numbers of a line, without those that are being given back."""
    return [other for other in worn if other.id != number.id and not other.released_at]


def _locked(session: Session, line_id: int) -> list[PhoneNumber]:
    """A line's held numbers, locked and read anew, so that of two changes of roles the second sees the first."""
    held = select(PhoneNumber).where(PhoneNumber.line_id == line_id, PhoneNumber.standing == Standing.HELD)
    now_so = held.order_by(PhoneNumber.id).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(now_so))


def carrier_holding(session: Session, number: str) -> str:
    """Name of the carrier that holds a number of ours (E.164), or held it before it was released."""
    return held_last(session, number).carrier


def held_last(session: Session, number: str) -> PhoneNumber:
    """The row of a number of ours (E.164): the one that we hold, or held before it was released."""
    lived = select(PhoneNumber).where(PhoneNumber.number == number).order_by(PhoneNumber.id.desc())
    return session.scalars(lived.limit(1)).one()

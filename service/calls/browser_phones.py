"""Phones in browsers: a member's open page rings beside the phones of the lines that they see.

A browser that is put to sleep still counts as reachable at the carrier. So a page says every half minute that it is
awake, and one that has not said so lately is not rung.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.accounts.access import lines_for, members_on
from service.accounts.models import Member, User
from service.accounts.team import take_browser_off
from service.calls.legs.models import Leg, Ringing, RingingState
from service.calls.legs.placing import ring_also
from service.calls.legs.settling import GONE
from service.calls.nodes import RingPhones
from service.calls.owners import forget_gone_phones
from service.calls.queries import plan_of
from service.errors import Conflict, NotFound
from service.inbox.models import Call
from service.lines.models import BrowserOff, BrowserPhone, Line, Phone
from service.time import now

LASTING: Final = timedelta(minutes=10)
"""So long does a token last. A page gets a new one each time it says that it is awake."""


def be_awake(session: Session, member: Member) -> BrowserPhone:
    """Note that a member's page can take calls, and have it ring on all lines that they see, and on no others.

    It does not ring where it was removed by hand; see `keep_off`.
    """
    session.execute(insert(BrowserPhone).values(member_id=member.id).on_conflict_do_nothing())
    page = session.get_one(BrowserPhone, member.id, with_for_update=True)
    page.seen_at = now()
    _put_on_lines(session, member, page.number)
    if take_browser_off(session, member):
        forget_gone_phones(session, member.workspace_id)
    return page


def be_away(session: Session, member: Member) -> None:
    """Note that a member's page takes no more calls."""
    page = session.get(BrowserPhone, member.id, with_for_update=True)
    if page is not None:
        page.seen_at = None


def ring_too(session: Session, member: Member) -> None:
    """Ring a member's page, which has become ready, for callers for whom the phones of its lines ring already.

    It rings as if it had been awake: for who calls, not for who was passed on to somebody else, and not out of turn.
    """
    page = session.get(BrowserPhone, member.id)
    if page is None or not member.on_duty:
        return
    lines = select(Phone.line_id).where(Phone.number == page.number)
    at_first = Ringing.state == RingingState.RINGING, Ringing.fetched_for.is_(None), Ringing.deadline_at > now()
    open_still = select(Ringing).where(*at_first, Ringing.line_id.in_(lines)).order_by(Ringing.id)
    for ringing in session.scalars(open_still.with_for_update(of=Ringing)):
        if _belongs_to(session, ringing, page.number):
            ring_also(session, ringing, page.number)


def _belongs_to(session: Session, ringing: Ringing, number: str) -> bool:
    """Whether the node that rings rings this page with all others, and has not yet."""
    node = plan_of(session, ringing.line_id).nodes.get(ringing.node)
    phone_id = session.scalar(select(Phone.id).where(Phone.line_id == ringing.line_id, Phone.number == number))
    at_once = isinstance(node, RingPhones) and not node.in_turn and (not node.phones or phone_id in node.phones)
    return at_once and all(leg.number != number for leg in ringing.legs)


def phone_in_browser(session: Session, member: Member, line_id: int) -> Phone:
    """The phone of a line that is this member's page.

    Raises:
        Conflict: it was removed from the line by hand.
        NotFound: the page was never ready.
    """
    if session.get(BrowserOff, (member.id, line_id)):
        raise Conflict("Your browser was removed from this line. An owner or admin can add it again there.")
    page = session.get(BrowserPhone, member.id)
    dialed = page.number if page else ""
    mine = session.scalar(select(Phone).where(Phone.line_id == line_id, Phone.number == dialed))
    if mine is None:
        raise NotFound("Click “Ready for calls” first.")
    return mine


def keep_off(session: Session, line: Line, number: str) -> None:
    """Have a page that was removed from a line by hand stay off it."""
    member_id = session.scalar(select(BrowserPhone.member_id).where(BrowserPhone.number == number))
    if member_id is not None:
        session.execute(insert(BrowserOff).values(member_id=member_id, line_id=line.id).on_conflict_do_nothing())


def back_on(session: Session, line: Line, number: str) -> None:
    """Have a page stay off a line no more."""
    theirs = select(BrowserPhone.member_id).where(BrowserPhone.number == number)
    session.execute(delete(BrowserOff).where(BrowserOff.line_id == line.id, BrowserOff.member_id.in_(theirs)))


def kept_off(session: Session, line: Line) -> list[Member]:
    """The members who see a line and whose page was removed from it by hand."""
    off = set(session.scalars(select(BrowserOff.member_id).where(BrowserOff.line_id == line.id)))
    return [member for member in members_on(session, line) if member.id in off] if off else []


def let_ring(session: Session, line: Line, member_id: int) -> None:
    """Have a member's page ring again on a line from which it was removed by hand. Raises `Conflict` if it was not."""
    member = next((one for one in kept_off(session, line) if one.id == member_id), None)
    if member is None:
        raise Conflict("This phone rings on this line already.")
    number = session.get_one(BrowserPhone, member_id).number
    back_on(session, line, number)
    _put_on_lines(session, member, number)


def who_took_it(session: Session, member: Member, leg_id: int) -> str | None:
    """The name of the phone that took the call that rang at a member's page, or None if the caller hung up.

    Raises:
        NotFound: their page was not rung with this leg.
    """
    ringing = _leg(session, member, leg_id).ringing
    if ringing.taker is None:
        return None
    at = Phone.line_id == ringing.line_id, Phone.number == ringing.taker.number
    return session.scalar(select(Phone.name).where(*at)) or ringing.taker.number


def conversation_at(session: Session, member: Member, leg_id: int) -> int | None:
    """The conversation (id) of the caller who was taken at a member's page by this leg; None once they do not talk.

    Raises `NotFound` as `who_took_it` does.
    """
    leg = _leg(session, member, leg_id)
    if leg.ringing.taken_by != leg.id or leg.state in GONE:
        return None
    return session.scalar(select(Call.conversation_id).where(Call.reference == leg.ringing.call_reference))


def leg_of_call(session: Session, member: Member, call_id: int) -> int | None:
    """A member's leg (id) of a call that they made in their page; None until the contact has picked up.

    Raises `NotFound` for calls of others.
    """
    page, call = session.get(BrowserPhone, member.id), session.get(Call, call_id)
    if page is None or call is None or call.rung_first != page.number:
        raise NotFound("There is no such call.")
    talks = Ringing.call_reference == call.reference, ~Ringing.calls_out, Leg.number == page.number
    return session.scalar(select(Leg.id).join(Ringing, Ringing.taken_by == Leg.id).where(*talks))


def _leg(session: Session, member: Member, leg_id: int) -> Leg:
    page, leg = session.get(BrowserPhone, member.id), session.get(Leg, leg_id)
    if page is None or leg is None or leg.number != page.number:
        raise NotFound("There is no such call.")
    return leg


def _put_on_lines(session: Session, member: Member, number: str) -> None:
    here = set(session.scalars(select(Phone.line_id).where(Phone.number == number)))
    off = set(session.scalars(select(BrowserOff.line_id).where(BrowserOff.member_id == member.id)))
    name = _named(member.user)
    for line in lines_for(session, member):
        if line.id not in here | off:
            last = max((phone.position for phone in line.phones), default=-1)
            session.add(Phone(line_id=line.id, number=number, name=name, user_id=member.user_id, position=last + 1))


def _named(user: User) -> str:
    return (user.name or user.email.partition("@")[0])[:60]

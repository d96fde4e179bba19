"""The checklist of the first day. Each step is ticked by what is so, never by a click."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, BindParameter, ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from provisioning.contract.browser_phones import SCHEME
from service.accounts.models import Invitation, Member
from service.calls.models import CallPlan
from service.inbox.models import Call, Conversation, Direction
from service.lines.models import Line, Phone, PhoneNumber, Standing
from service.porting.models import PortNumber, PortProject
from service.porting.states import State
from service.registration.models import Business


@dataclass(frozen=True, slots=True)
class Step:
    """A step of setting up a business: what to do, why, the words of its button, and whether it is done."""

    name: str
    title: str
    why: str
    words: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """All steps, in the order in which they help most."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def first_open(self) -> str:
        """The name of the step to take next; "" when all are done."""
        return next((step.name for step in self.steps if not step.done), "")


_HERE: Final[BindParameter[int]] = bindparam("workspace_id", type_=BigInteger)
_ON_A_LINE: Final = Line.workspace_id == _HERE

_CALLED: Final = exists().where(
    Call.direction == Direction.IN, Call.conversation_id == Conversation.id, Conversation.line_id == Line.id, _ON_A_LINE
)
_JOINED: Final = exists().where(Member.workspace_id == _HERE, Member.user_id != bindparam("user_id"))
_INVITED: Final = exists().where(Invitation.workspace_id == _HERE, Invitation.revoked_at.is_(None))
_SENT: Final = exists().where(
    PortNumber.project_id == PortProject.id, PortProject.workspace_id == _HERE, PortNumber.state != State.DRAFT
)

_STEPS: Final[tuple[tuple[Step, ColumnElement[bool]], ...]] = (
    (
        Step("number", "Get a number", "It is on its way.", "See it"),
        exists().where(PhoneNumber.standing == Standing.HELD, PhoneNumber.line_id == Line.id, _ON_A_LINE),
    ),
    (Step("call", "Call your number", "It works right now. Call it from the phone in your hand.", "Call it"), _CALLED),
    (
        Step("phones", "Choose which phones ring", "Until then, callers can leave a voicemail.", "Add a phone"),
        exists().where(Phone.line_id == Line.id, ~Phone.number.startswith(SCHEME), _ON_A_LINE),
    ),
    (
        Step("hours", "Set your business hours", "After hours, callers leave a voicemail or hear a menu.", "Set hours"),
        exists().where(CallPlan.line_id == Line.id, _ON_A_LINE, CallPlan.document["hours"].is_not(None)),
    ),
    (
        Step(
            "transfer",
            "Transfer your own number",
            "About a minute with your latest bill. Your new number works until it arrives.",
            "Start transfer",
        ),
        _SENT,
    ),
    (
        Step(
            "texting",
            "Register for texting",
            "Carriers in the US require it before a business can text. Usually a few business days.",
            "Register texting",
        ),
        exists().where(Business.workspace_id == _HERE, Business.confirmed_at.is_not(None)),
    ),
    (
        Step("team", "Invite your team", "Everyone gets their own sign-in and the same inbox.", "Invite people"),
        or_(_JOINED, _INVITED),
    ),
)


def checklist(session: Session, member: Member, *, registers: bool) -> Checklist:
    """The checklist of a member's workspace, in one statement; `registers` is whether it registers itself for texts."""
    facts = session.execute(
        select(*(fact for _, fact in _STEPS)), {"workspace_id": member.workspace_id, "user_id": member.user_id}
    ).one()
    steps = (
        Step(step.name, step.title, step.why, step.words, done=done)
        for (step, _), done in zip(_STEPS, facts, strict=True)
        if registers or step.name != "texting"
    )
    return Checklist(tuple(steps))

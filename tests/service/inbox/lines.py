"""A line whose number is a row only, without a carrier, and what comes in on it."""

from provisioning.contract.callbacks import MessageArrived
from service.accounts.access import grant
from service.accounts.models import Member, Membership, User, Workspace
from service.language import Language
from service.lines.models import Line, NumberRole, PhoneNumber, Standing
from service.time import now

OURS = "+14155550188"
REAL = "+14155552671"
CALLER = "+14155550123"


def a_standing_line(session, *, language=Language.ENGLISH, number=OURS, workspace=None):
    """A line with one temporary number that takes calls and texts."""
    if workspace is None:
        workspace = Workspace(name="Alice's Bakery", language=language)
        session.add(workspace)
        session.flush()
    line = Line(workspace_id=workspace.id, name="Main line", language=language)
    session.add(line)
    session.flush()
    wear(session, line, number)
    return line


def wear(session, line, number, role=NumberRole.TEMPORARY):
    """Give a line a number, as a row that is held already."""
    worn = PhoneNumber(
        line=line,
        number=number,
        role=role,
        standing=Standing.HELD,
        carrier="twilio",
        held_at=now(),
        texts_since=now(),
    )
    session.add(worn)
    session.flush()
    return worn


def retire(session, line, real=REAL):
    """Make the real number primary and let the one before it retire."""
    for worn in line.numbers:
        worn.role = NumberRole.RETIRING
        worn.retiring_since = now()
    return wear(session, line, real, NumberRole.PRIMARY)


def a_text(text="Hello", *, sender=CALLER, to=OURS, reference="SM1", **more):
    return MessageArrived(reference=reference, sender=sender, recipient=to, text=text, **more)


def a_member(session, line, name, role=Membership.MEMBER, *, on_duty=True):
    """A member who sees the line."""
    user = User(email=f"{name.replace(' ', '.').lower()}@bakery.example", name=name, fs_uniquifier=name)
    member = Member(user=user, workspace_id=line.workspace_id, role=role, on_duty=on_duty)
    session.add(member)
    session.flush()
    grant(session, member, [line.id])
    return member

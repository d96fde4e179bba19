"""Room for numbers at a platform: how many all the workspaces that it opened may have."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from service.brands import Platform, PlatformWorkspace
from service.errors import TooMany
from service.lines.models import Line, PhoneNumber, Standing


def must_have_room_at_platform(session: Session, workspace_id: int) -> None:
    """Raise `TooMany` if the platform that opened the workspace has as many numbers as was agreed on."""
    if session.scalar(without_room().where(PlatformWorkspace.workspace_id == workspace_id)):
        raise TooMany("You can’t get another number right now. Email us if you need more.")


def without_room() -> Select[int]:
    """The ids of the workspaces whose platform has as many numbers as was agreed on, or is about to have them."""
    other = aliased(PlatformWorkspace)
    ours = PhoneNumber.standing.in_([Standing.WANTED, Standing.HELD]), other.platform_id == Platform.workspace_id
    held = select(func.count()).select_from(PhoneNumber).join(Line).join(other, other.workspace_id == Line.workspace_id)
    full = Platform.most_numbers <= held.where(*ours).correlate(Platform).scalar_subquery()
    return select(PlatformWorkspace.workspace_id).join(Platform).where(full)

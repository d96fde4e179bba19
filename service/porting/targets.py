"""The targets of each porting desk: those of the settings, and what the desk wrote on its page instead."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.brands import PlatformWorkspace
from service.config import Settings
from service.db import Base
from service.targets import Target

OURS: Final = 0
"""The desk of this installation; that of a platform has the id of the platform's workspace."""

MOST: Final = 60
"""Business days that a target may have."""

Targets = Mapping[Target, int]
"""Business days by what a number waits for."""


class DeskTarget(Base):
    """Within how many business days a `desk` wants a transfer to go on, where it is not as the settings have it."""

    __tablename__ = "desk_targets"

    desk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target: Mapped[Target] = mapped_column(primary_key=True)
    days: Mapped[int]


def targets_of(session: Session, settings: Settings, desk: int) -> Targets:
    """The targets of a desk."""
    changed = select(DeskTarget.target, DeskTarget.days).where(DeskTarget.desk == desk)
    return {target: settings.target(target) for target in Target} | dict(session.execute(changed).all())


def targets_for(session: Session, settings: Settings, workspace_ids: Iterable[int]) -> dict[int, Targets]:
    """For each of these workspaces the targets of the desk that works on its transfers: of its platform, or ours."""
    ids = set(workspace_ids)
    of_platforms = select(PlatformWorkspace.workspace_id, PlatformWorkspace.platform_id)
    desks = dict(session.execute(of_platforms.where(PlatformWorkspace.workspace_id.in_(ids))).all())
    targets = {desk: targets_of(session, settings, desk) for desk in {desks.get(one, OURS) for one in ids}}
    return {one: targets[desks.get(one, OURS)] for one in ids}


def set_targets(session: Session, desk: int, targets: Targets) -> None:
    """Set targets of a desk, for what comes to a state from now on."""
    rows = [{"desk": desk, "target": target, "days": days} for target, days in targets.items()]
    kept = insert(DeskTarget).values(rows)
    session.execute(kept.on_conflict_do_update(index_elements=["desk", "target"], set_={"days": kept.excluded.days}))

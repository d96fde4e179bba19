"""Under which name and address a workspace is shown: ours, or those of the platform that opened it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, ScalarSelect, Select, String, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from service.config import Settings
from service.db import Base

OURS: Final = "Portline"
"""Our own name."""

LONGEST: Final = 20
"""Characters of a name: texts begin with it, and stay within two segments."""


class Platform(Base):
    """A workspace that may open `most` further ones: an operator agreed to it.

    All of these together may hold `most_numbers` and send `most_texts` on a day (UTC); None: as many as the settings
    allow. `name` is what their pages, mails and texts call the service, "" for our own name; `domain` is the host at
    which their people reach it, None for ours. `frames` are the origins whose pages may show an embedded one.
    """

    __tablename__ = "platforms"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    most: Mapped[int]
    most_numbers: Mapped[int | None]
    most_texts: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(LONGEST), default="", server_default="")
    domain: Mapped[str | None] = mapped_column(String(253), unique=True)
    frames: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")


class PlatformWorkspace(Base):
    """A workspace that a platform opened for a customer."""

    __tablename__ = "platform_workspaces"

    workspace_id: Mapped[int] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.workspace_id", ondelete="CASCADE"), index=True)


@dataclass(frozen=True, slots=True)
class Brand:
    """What the service is called, and its address: `https://host`, without a slash at its end."""

    name: str
    base_url: str

    @property
    def domain(self) -> str:
        """The host of the address, to which passkeys are bound."""
        return urlsplit(self.base_url).hostname or ""


class Branded(Protocol):
    """A workspace that was read, with the name and domain of its platform; None or "" where it has none."""

    @property
    def brand_name(self) -> str | None:
        """Its platform's."""

    @property
    def brand_domain(self) -> str | None:
        """Its platform's."""


def brand_of(settings: Settings, workspace: Branded) -> Brand:
    """The brand of a workspace."""
    return _brand(settings, workspace.brand_name, workspace.brand_domain)


def brand_of_workspace(session: Session, settings: Settings, workspace_id: int) -> Brand:
    """The brand of a workspace by its id, for packages below that of workspaces."""
    return _brand_of(settings, platform_of(session, workspace_id))


def shared_brand(settings: Settings, workspaces: Iterable[Branded]) -> Brand:
    """The brand that all workspaces of a person have; ours if they differ, or without a workspace."""
    brands = {brand_of(settings, workspace) for workspace in workspaces}
    return brands.pop() if len(brands) == 1 else our_brand(settings)


def platform_of(session: Session, workspace_id: int) -> Platform | None:
    """The platform that opened a workspace, or None."""
    here = PlatformWorkspace.workspace_id == workspace_id
    return session.scalar(select(Platform).join(PlatformWorkspace).where(here))


def platform_value(wanted: InstrumentedAttribute[Any], workspace_id: Mapped[int]) -> ScalarSelect[Any]:
    """A value of the platform that opened the workspace of a query."""
    found = select(wanted).join(PlatformWorkspace).where(PlatformWorkspace.workspace_id == workspace_id)
    return found.correlate_except(Platform, PlatformWorkspace).scalar_subquery()


def opened_by(platform_id: int) -> Select[int]:
    """The ids of the workspaces that a platform opened, by the id of its own workspace."""
    return select(PlatformWorkspace.workspace_id).where(PlatformWorkspace.platform_id == platform_id)


def brand_at(session: Session, settings: Settings, host: str) -> Brand | None:
    """The brand of a platform's domain (in lower case); None for any other host."""
    platform = session.scalar(select(Platform).where(Platform.domain == host))
    return _brand_of(settings, platform) if platform else None


def our_brand(settings: Settings) -> Brand:
    """Our own."""
    return Brand(OURS, settings.public_base_url)


def _brand_of(settings: Settings, platform: Platform | None) -> Brand:
    return _brand(settings, platform.name, platform.domain) if platform else our_brand(settings)


def _brand(settings: Settings, name: str | None, domain: str | None) -> Brand:
    return Brand(name or OURS, f"https://{domain}" if domain else settings.public_base_url)

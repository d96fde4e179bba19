"""Links to a page about one transfer that a platform shows on a page of its own, for a short while.

They are signed for one page of one transfer, need no cookie, as browsers send none within another site's page, and end
by themselves: who gets hold of an old one sees nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from itsdangerous import BadSignature
from sqlalchemy.orm import Session

from service.brands import brand_of, platform_of
from service.errors import NotFound
from service.porting.models import PortProject
from service.porting.signed_links import read_token, token_for
from service.services import Services
from service.time import now

LIFE: Final = timedelta(hours=1)
"""How long a link is good: a platform asks for a new one whenever its own page is opened."""

_GONE: Final = "This link no longer works. Reload the page that you came from."


class EmbeddedPage(StrEnum):
    """Where a transfer is, or the form with what it still asks."""

    STATUS = "status"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class EmbeddedLink:
    """A link, which holds its own right to be opened, and until when (aware UTC)."""

    url: str
    expires_at: datetime


def embedded_link(services: Services, project: PortProject, page: EmbeddedPage) -> EmbeddedLink:
    """A new link to a page about a transfer, at the domain of its platform."""
    until = now().replace(microsecond=0) + LIFE
    token = token_for(services, _purpose(page), [project.id, int(until.timestamp())])
    brand = brand_of(services.settings, project.workspace)
    return EmbeddedLink(f"{brand.base_url}/embedded/{page}/{token}", until)


def project_embedded_as(session: Session, services: Services, token: str, page: EmbeddedPage) -> PortProject:
    """The transfer of a link's token. Raises `NotFound` for a forged or old one, and for one of another page."""
    try:
        project_id, until = read_token(services, _purpose(page), token)
    except BadSignature:
        raise NotFound(_GONE) from None
    project = session.get(PortProject, project_id)
    if project is None or until < now().timestamp():
        raise NotFound(_GONE)
    return project


def frames_for(session: Session, project: PortProject) -> list[str]:
    """The origins whose pages may show it in a frame: those of the platform that opened its workspace."""
    platform = platform_of(session, project.workspace_id)
    return platform.frames if platform else []


def _purpose(page: EmbeddedPage) -> str:
    return f"embedded {page}"

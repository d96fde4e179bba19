"""Signed links that open one page without an account. They are not stored; a version in them revokes them."""

from typing import Any

from itsdangerous import BadSignature
from sqlalchemy.orm import Session

from service.brands import brand_of
from service.errors import NotFound
from service.porting.models import DetailsRequest, PortProject
from service.services import Services
from service.signing import signer

_STATUS = "where a port is"
DETAILS = "details of a draft"


def status_link(services: Services, project: PortProject) -> str:
    """The link to a project's status page, which needs no account; "" if the page is not shared."""
    if not project.shared:
        return ""
    token = token_for(services, _STATUS, [project.id, project.share_version])
    return f"{brand_of(services.settings, project.workspace).base_url}/where/{token}"


def project_shared_as(session: Session, services: Services, token: str) -> PortProject:
    """The project that a link's token stands for. Raises `NotFound` for a forged or revoked link."""
    try:
        project_id, version = read_token(services, _STATUS, token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound(_GONE) from None
    project = session.get(PortProject, project_id)
    if project is None or not project.shared or project.share_version != version:
        raise NotFound(_GONE)
    return project


def share(project: PortProject) -> None:
    """Share the status page, by a new link if the old one was revoked."""
    project.shared = True


def end_link(project: PortProject) -> None:
    """Revoke every link given out so far, and stop sharing."""
    project.shared = False
    project.share_version += 1


def details_path(services: Services, request: DetailsRequest) -> str:
    """The path of the page on which a person answers a request for details; its nonce revokes earlier ones."""
    token = token_for(services, DETAILS, [request.id, request.nonce])
    return f"/details/{token}"


_GONE = "This link was turned off. The person who sent it can create a new one."


def token_for(services: Services, purpose: str, content: object) -> str:
    """Sign content (JSON) as a token that is valid for one purpose only."""
    return str(signer(services.settings.secret_keys, purpose).dumps(content))


def read_token(services: Services, purpose: str, token: str) -> Any:  # noqa: ANN401 -- whatever was put into it
    """The content of a token of ours. Raises `itsdangerous.BadSignature` for any other token or purpose."""
    return signer(services.settings.secret_keys, purpose).loads(token)

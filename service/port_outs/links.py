"""The signed link of a notice about a request: who gets the notice says on its page that it was not them."""

from itsdangerous import BadSignature
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.port_outs.models import PortOut
from service.porting.signed_links import read_token, token_for
from service.services import Services

_PURPOSE = "a request to port a number away"


def path_of(services: Services, port_out: PortOut) -> str:
    """The path of the page about a request, which needs no account."""
    return f"/port-outs/{token_for(services, _PURPOSE, port_out.id)}"


def port_out_of(session: Session, services: Services, token: str) -> PortOut:
    """The request that a link belongs to. Raises `NotFound` for a forged link."""
    try:
        port_out = session.get(PortOut, read_token(services, _PURPOSE, token))
    except BadSignature:
        port_out = None
    if port_out is None:
        raise NotFound("This link doesn’t work. Sign in, and look at your numbers.")
    return port_out

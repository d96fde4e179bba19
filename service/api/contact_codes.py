"""Codes that show that we may text the contact of a transfer."""

from typing import Any

from marshmallow import Schema, fields

from service.accounts.api_keys import Scope
from service.api.drafts import Code, CodeAnswer, ConfirmedAnswer
from service.api.operations import Area, Caller
from service.api.rates import CODES, GUESSES
from service.errors import Conflict
from service.porting.contact_codes import enter_contact_code, is_unproven, send_contact_code
from service.porting.models import PortProject
from service.porting.number_codes import Way
from service.porting.queries import project_for
from service.web.shell.context import services

area = Area("contact_codes", __name__, description="Codes that show that we may text the contact of a transfer.")


class NewContactCode(Schema):
    """How a code is sent to the contact."""

    way = fields.Enum(Way, by_value=True, load_default=Way.TEXT)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/contact-code",
    CodeAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=NewContactCode,
    limits=CODES,
)
def code(caller: Caller, wanted: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Have a code sent to `contact_number`. Until it is entered, we write to the contact by email alone."""
    project = _mine(caller, transfer_id)
    if not is_unproven(caller.session, project):
        raise Conflict("We may text this contact already, or there is none.")
    send_contact_code(caller.session, services(), project, wanted["way"])
    return {"number": project.contact_number, "way": wanted["way"]}


@area.operation(
    "POST",
    "/transfers/<transfer_id>/confirm-contact",
    ConfirmedAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=Code,
    limits=GUESSES,
)
def confirm(caller: Caller, sent: dict[str, Any], transfer_id: str) -> dict[str, bool]:
    """Enter the code that was sent to the contact."""
    digits = "".join(sent["code"].split())
    return {"confirmed": enter_contact_code(caller.session, services(), _mine(caller, transfer_id), digits)}


def _mine(caller: Caller, transfer_id: str) -> PortProject:
    return project_for(caller.session, caller.in_charge(), transfer_id)

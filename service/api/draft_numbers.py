"""The numbers of a transfer that is not sent yet, and the operators that they can be at."""

from typing import Any

from marshmallow import fields

from service.accounts.api_keys import Scope
from service.accounts.change_log import Action
from service.api.drafts import draft
from service.api.operations import Area, Caller
from service.api.rates import DRAFTS
from service.api.transfers import NewTransfer, TransferAnswer, e164_list, written
from service.api.values import Answer
from service.errors import Conflict, NotFound
from service.porting.drafts import add_numbers, remove_number
from service.porting.operators import known_in
from service.porting.queries import project_for
from service.web.shell.context import services
from service.web.transfer.port_log import note_port

area = Area("draft_numbers", __name__, description="The numbers of transfers that aren’t sent yet.")


class OperatorsAnswer(Answer):
    """The names of operators in the country of a transfer of which we know what they want."""

    data = fields.List(fields.String())


class FurtherNumbers(NewTransfer):
    """Further numbers of the same account. Those that are there already are skipped."""


@area.operation("GET", "/transfers/<transfer_id>/operators", OperatorsAnswer, scope=Scope.TRANSFERS_READ)
def operators(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """List the operators of which one can be named with PATCH, where we know another one or none."""
    return {"data": known_in(project_for(caller.session, caller.member, transfer_id).country)}


@area.operation(
    "POST",
    "/transfers/<transfer_id>/numbers",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=FurtherNumbers,
    limits=DRAFTS,
)
def add(caller: Caller, wanted: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Add numbers to a draft, and have the carrier asked whether they can come."""
    project = draft(caller, transfer_id)
    with e164_list(wanted) as numbers:
        add_numbers(caller.session, project, numbers, home=services().home)
    note_port(caller.session, project, Action.NUMBER_WANTED, user_id=caller.member.user_id)
    caller.session.refresh(project)
    return written(caller.session, project)


@area.operation(
    "DELETE", "/transfers/<transfer_id>/numbers/<int:coming_id>", TransferAnswer, scope=Scope.TRANSFERS_WRITE
)
def remove(caller: Caller, transfer_id: str, coming_id: int) -> dict[str, Any]:
    """Remove a number from a draft. Its last one stays."""
    project = draft(caller, transfer_id)
    number = next((one.number for one in project.numbers if one.id == coming_id), None)
    if number is None:
        raise NotFound("There is no such number.")
    if len(project.numbers) == 1:
        raise Conflict("This is the only number of this transfer.")
    remove_number(caller.session, project, number)
    return written(caller.session, project)

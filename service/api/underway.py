"""Transfers that were sent: correcting, moving and canceling them, what is proven, and taking them back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from service.accounts.api_keys import Scope
from service.accounts.change_log import Action
from service.api.drafts import Correction, read_answers
from service.api.operations import Area, Caller
from service.api.rates import DRAFTS
from service.api.transfers import TransferAnswer, written
from service.api.values import Answer, moment
from service.cutover.models import CutoverStep, StepName
from service.cutover.old_service import ending_of
from service.cutover.proof import Leg
from service.cutover.rows import all_steps_of, cutovers_of
from service.cutover.trials import ask_for_trial
from service.cutover.undo import cut_over_again, take_back
from service.desk.questions import open_question
from service.errors import NotFound
from service.porting.models import Cause, PortNumber, PortProject
from service.porting.queries import project_for
from service.porting.states import State
from service.services import Services
from service.web.shell.context import services
from service.web.transfer.acts import (
    cancel_sent,
    mend_sent,
    move_sent,
    must_be_movable,
    must_wait_for_customer,
)
from service.web.transfer.port_log import note_number
from service.web.transfer.questions import asked_of_customer
from service.web.transfer.tracking import sign_at

area = Area("underway", __name__, description="Transfers that were sent.")


class SignatureAnswer(Answer):
    """Who signs the letter of authorization. `link` leads to our own letter, for the member who is to sign it."""

    waiting = fields.Boolean()
    signer = fields.String()
    email = fields.String()
    link = fields.String(allow_none=True)


class ChannelAnswer(Answer):
    """What shows that a channel of a number works: something from another network, or a test of our own."""

    channel = fields.String(metadata={"description": "`voice`, `texts`, `pictures` or `sending`."})
    proven_at = moment()
    tested_at = moment()


class ProofAnswer(Answer):
    """What is proven of a number, and since when the temporary number serves again, if it was taken back."""

    id = fields.Integer()
    number = fields.String()
    state = fields.String()
    taken_back_at = moment()
    channels = fields.List(fields.Nested(ChannelAnswer))


class ProofsAnswer(Answer):
    """What is proven of the numbers of a transfer, and whether the old service can end."""

    old_service_can_end = fields.Boolean()
    data = fields.List(fields.Nested(ProofAnswer))


class OtherDay(Schema):
    """The day that is wished for instead, one of the `possible` ones; null for as soon as possible."""

    wished = fields.Date(required=True, allow_none=True)


@area.operation("GET", "/transfers/<transfer_id>/signature", SignatureAnswer, scope=Scope.TRANSFERS_READ)
def signature(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Get who signs the letter of authorization, and whether it waits for them. They get it by email."""
    project = project_for(caller.session, caller.member, transfer_id)
    return {
        "waiting": any(number.state is State.AWAITING_SIGNATURE for number in project.numbers),
        "signer": project.authorized_person,
        "email": project.authorized_email,
        "link": sign_at(caller.session, project, caller.member.user) or None,
    }


@area.operation(
    "POST",
    "/transfers/<transfer_id>/correct",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=Correction,
    limits=DRAFTS,
)
def mend(caller: Caller, sent: dict[str, Any], transfer_id: str) -> dict[str, Any]:
    """Correct what the old operator rejected, which sends it again, or what our desk asks for."""
    project = _in_charge(caller, transfer_id)
    must_wait_for_customer(caller.session, project)
    wanted = asked_of_customer(project, open_question(caller.session, project))
    answers = read_answers(wanted, {name: "" for name, one in wanted.items() if one.required} | sent)
    mend_sent(caller.session, services(), project, answers, caller.member.user_id)
    return written(caller.session, project)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/reschedule",
    TransferAnswer,
    scope=Scope.TRANSFERS_WRITE,
    body=OtherDay,
    limits=DRAFTS,
)
def move(caller: Caller, sent: dict[str, date | None], transfer_id: str) -> dict[str, Any]:
    """Ask the old operator for another day."""
    project = _in_charge(caller, transfer_id)
    must_be_movable(services(), project)
    move_sent(caller.session, services(), project, sent["wished"], caller.member.user_id)
    return written(caller.session, project)


@area.operation("POST", "/transfers/<transfer_id>/cancel", TransferAnswer, scope=Scope.TRANSFERS_WRITE, limits=DRAFTS)
def call_off(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Cancel every number that has not arrived. What was sent already waits for the carrier’s answer."""
    project = _in_charge(caller, transfer_id)
    cancel_sent(caller.session, services(), project, caller.member.user_id)
    return written(caller.session, project)


@area.operation("GET", "/transfers/<transfer_id>/proof", ProofsAnswer, scope=Scope.TRANSFERS_READ)
def proof(caller: Caller, transfer_id: str) -> dict[str, Any]:
    """Get what is proven of each number, channel by channel, and whether the old service can end."""
    project = project_for(caller.session, caller.member, transfer_id)
    return _proof(caller.session, project)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/numbers/<int:coming_id>/test",
    ProofsAnswer,
    scope=Scope.TRANSFERS_WRITE,
    limits=DRAFTS,
)
def test(caller: Caller, transfer_id: str, coming_id: int) -> dict[str, Any]:
    """Have a number that has arrived called and texted from our own, once a minute."""
    number = _number(caller, transfer_id, coming_id)
    ask_for_trial(caller.session, services(), number)
    return _proof(caller.session, number.project)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/numbers/<int:coming_id>/take-back",
    ProofsAnswer,
    scope=Scope.TRANSFERS_WRITE,
    limits=DRAFTS,
)
def back(caller: Caller, transfer_id: str, coming_id: int) -> dict[str, Any]:
    """Have the temporary number serve again in place of one that has arrived."""
    return _turned(caller, transfer_id, coming_id, take_back, Action.MOVE_TAKEN_BACK)


@area.operation(
    "POST",
    "/transfers/<transfer_id>/numbers/<int:coming_id>/move-again",
    ProofsAnswer,
    scope=Scope.TRANSFERS_WRITE,
    limits=DRAFTS,
)
def again(caller: Caller, transfer_id: str, coming_id: int) -> dict[str, Any]:
    """Go on with a number that was taken back."""
    return _turned(caller, transfer_id, coming_id, cut_over_again, Action.MOVED_AGAIN)


def _turned(
    caller: Caller,
    transfer_id: str,
    coming_id: int,
    turn: Callable[[Session, Services, PortNumber, Cause], None],
    action: Action,
) -> dict[str, Any]:
    number = _number(caller, transfer_id, coming_id)
    turn(caller.session, services(), number, Cause.CUSTOMER)
    note_number(caller.session, number, action, caller.member.user_id)
    return _proof(caller.session, number.project)


def _proof(session: Session, project: PortProject) -> dict[str, Any]:
    sent = [number for number in project.numbers if number.state is not State.DRAFT]
    steps, cutovers = all_steps_of(session, services(), sent), cutovers_of(session, sent)
    ending = ending_of(session, services(), project)
    return {
        "old_service_can_end": ending.safe,
        "data": [
            {name: getattr(number, name) for name in ("id", "number", "state")}
            | {"taken_back_at": cutovers[number.id].taken_back_at, "channels": _channels(steps[number.id])}
            for number in sent
        ],
    }


def _channels(steps: dict[StepName, CutoverStep]) -> list[dict[str, Any]]:
    proofs = [(leg, steps[StepName(f"prove_{leg}")]) for leg in Leg if f"prove_{leg}" in steps]
    return [
        {
            "channel": leg,
            "proven_at": step.done_at if step.complete else None,
            "tested_at": step.done_at if step.trial else None,
        }
        for leg, step in proofs
    ]


def _in_charge(caller: Caller, transfer_id: str) -> PortProject:
    return project_for(caller.session, caller.in_charge(), transfer_id)


def _number(caller: Caller, transfer_id: str, coming_id: int) -> PortNumber:
    number = next((one for one in _in_charge(caller, transfer_id).numbers if one.id == coming_id), None)
    if number is None:
        raise NotFound("There is no such number.")
    return number

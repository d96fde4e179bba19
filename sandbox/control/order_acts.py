"""The verbs for porting orders of the second carrier, where `kw` names one, and for its registrations."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, time

from sandbox.control import as_json
from sandbox.control.acts import Parameters
from sandbox.control.as_json import Json
from sandbox.world import World

USUAL_TIME = time(15, tzinfo=UTC)
"""The time of a date that is given as a day."""


def _accept(world: World, parameters: Parameters) -> Json:
    foc = _moment(parameters, "port_date") if parameters.fields.get("port_date") else None
    return as_json.port_order(world.orders_other_side.accept(parameters.text("kw"), foc))


def _except(world: World, parameters: Parameters) -> Json:
    codes = parameters.texts("codes") or [parameters.text("code")]
    return as_json.port_order(world.orders_other_side.object(parameters.text("kw"), codes))


def _move_date(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.move_date(parameters.text("kw"), _moment(parameters, "date")))


def _withdraw_date(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.withdraw_date(parameters.text("kw")))


def _complete(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.complete(parameters.text("kw")))


def _comment(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.comment(parameters.text("kw"), parameters.text("body")))


def _split(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.split(parameters.text("kw"), parameters.texts("numbers")))


def _grant_cancel(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.answer_cancel(parameters.text("kw"), granted=True))


def _refuse_cancel(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.answer_cancel(parameters.text("kw"), granted=False))


def _messaging(world: World, parameters: Parameters) -> Json:
    return as_json.port_order(world.orders_other_side.texts(parameters.text("kw"), parameters.text("status")))


def _registration(world: World, parameters: Parameters) -> Json:
    sid, status = parameters.text("sid"), parameters.text("status")
    return as_json.registration(world.ten_dlc.decide(sid, status, parameters.text("reason", "")))


def _unproved(world: World, parameters: Parameters) -> Json:
    """Switch how what documents leave open is answered."""
    unproved = world.state.unproved
    for name in asdict(unproved).keys() & parameters.fields.keys():
        setattr(unproved, name, str(parameters.fields[name]).lower() in {"true", "1"})
    return asdict(unproved)


def _moment(parameters: Parameters, name: str) -> datetime:
    day = parameters.day(name)
    return day if isinstance(day, datetime) else datetime.combine(day, USUAL_TIME)


Act = Callable[[World, Parameters], Json]
OF_ORDERS: dict[str, Act] = {
    "accept": _accept,
    "move_date": _move_date,
    "withdraw_date": _withdraw_date,
    "complete": _complete,
    "grant_cancel": _grant_cancel,
    "refuse_cancel": _refuse_cancel,
}
"""Verbs that both carriers have: which one is meant, `kw` tells."""

OF_THIS_CARRIER: dict[str, Act] = {
    "except": _except,
    "comment": _comment,
    "split": _split,
    "messaging": _messaging,
    "registration": _registration,
    "unproved": _unproved,
}

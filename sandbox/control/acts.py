"""What can be done over `/_control/<verb>`: one small function per verb, from JSON to a World method and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.control import described
from sandbox.control.described import Json
from sandbox.faults import ApiSpelling, WebhookSpelling
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Order:
    """The JSON object of a request. What is missing or of the wrong kind is a ValueError that names the field."""

    fields: Json

    def text(self, name: str, default: str | None = None) -> str:
        """A string that must be there, unless there is a default."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            message = f"“{name}” must be a string."
            raise ValueError(message)  # noqa: TRY004 - one kind of error for a bad request
        return value

    def maybe(self, name: str) -> str | None:
        """A string, or None."""
        return self.text(name) if self.fields.get(name) is not None else None

    def number(self, name: str, default: float | None = None) -> float:
        """A number that must be there, unless there is a default; a form has it as a string."""
        value = self.fields.get(name, default)
        try:
            return float(str(value))
        except ValueError:
            message = f"“{name}” must be a number."
            raise ValueError(message) from None

    def duration(self, name: str) -> timedelta | None:
        """A length in seconds, or None."""
        return timedelta(seconds=self.number(name)) if self.fields.get(name) is not None else None

    def day(self, name: str) -> date:
        """`YYYY-MM-DD`, or an instant with its offset."""
        told = self.text(name)
        return datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told)

    def texts(self, name: str) -> list[str]:
        """A list of strings; none if it is missing."""
        value = self.fields.get(name, [])
        return [str(each) for each in value] if isinstance(value, list) else []


def _text(world: World, order: Order) -> Json:
    sent = world.text(order.text("from"), order.text("to"), order.text("body", ""), order.texts("media"))
    return described.message(sent)


def _call(world: World, order: Order) -> Json:
    answers = order.fields.get("answers") or {}
    if not isinstance(answers, dict):
        message = "“answers” must be an object: number → how it answers."
        raise ValueError(message)  # noqa: TRY004 - one kind of error for a bad request
    called = world.call(
        order.text("from"),
        order.text("to"),
        keys=order.text("keys", ""),
        answers={str(number): str(answer) for number, answer in answers.items()},
        says=order.text("says", ""),
        forwarded_from=order.maybe("forwarded_from"),
    )
    return described.call(called)


def _verify_caller(world: World, order: Order) -> Json:
    return {"verified": world.verify_caller(order.text("number"), order.text("code"))}


def _phone(world: World, order: Order) -> Json:
    return described.phone(world.phone(order.text("number"), order.maybe("answers")))


def _sign(world: World, order: Order) -> Json:
    return described.port_in(world, world.sign(order.text("kw"), order.text("name", "")))


def _expire(world: World, order: Order) -> Json:
    return described.port_in(world, world.expire(order.text("kw")))


def _accept(world: World, order: Order) -> Json:
    day = order.day("port_date") if order.fields.get("port_date") else None
    return described.port_in(world, world.accept(order.text("kw"), day))


def _reject(world: World, order: Order) -> Json:
    code = int(order.number("code"))
    return described.port_in(world, world.reject(order.text("kw"), order.text("number"), code))


def _move_date(world: World, order: Order) -> Json:
    return described.port_in(world, world.move_date(order.text("kw"), order.day("date")))


def _withdraw_date(world: World, order: Order) -> Json:
    return described.port_in(world, world.withdraw_date(order.text("kw")))


def _complete(world: World, order: Order) -> Json:
    told = world.complete(order.text("kw"), order.maybe("number"), order.duration("appears"))
    return described.port_in(world, told)


def _show(world: World, order: Order) -> Json:
    return described.port_in(world, world.show(order.text("kw"), order.text("number")))


def _cancel_number(world: World, order: Order) -> Json:
    return described.port_in(world, world.cancel_number(order.text("kw"), order.text("number")))


def _grant_cancel(world: World, order: Order) -> Json:
    return described.port_in(world, world.grant_cancel(order.text("kw")))


def _refuse_cancel(world: World, order: Order) -> Json:
    return described.port_in(world, world.refuse_cancel(order.text("kw")))


def _campaign(world: World, order: Order) -> Json:
    return described.service(world.campaign(order.text("service"), order.text("status")))


def _brand(world: World, order: Order) -> Json:
    brand = world.brand(order.text("sid"), order.text("status"))
    return {"sid": brand.sid, "status": brand.status}


def _detour(world: World, order: Order) -> Json:
    number, leg, network = order.text("number"), order.text("leg"), order.text("network", "")
    return described.number(world.detour(number, leg, network, order.duration("seconds")))


def _mend(world: World, order: Order) -> Json:
    return described.number(world.mend(order.text("number")))


def _clock(world: World, order: Order) -> Json:
    if "jump" in order.fields:
        world.clock.jump(timedelta(seconds=order.number("jump")))
    if "jump_to" in order.fields:
        world.clock.jump_to(datetime.fromisoformat(order.text("jump_to")))
    if "speed" in order.fields:
        world.clock.set_speed(order.number("speed"))
    return described.clock(world)


def _run_due(world: World, _: Order) -> Json:
    return {"done": world.run_due()}


def _faults(world: World, order: Order) -> list[Json]:
    told = order.fields
    world.faults.add(
        order.text("kind"),
        rate=order.number("rate", 1.0),
        count=int(order.number("count")) if told.get("count") is not None else None,
        path=order.text("path", "*"),
        seconds=order.number("seconds", 0.0),
        lasting=order.number("lasting") if told.get("lasting") is not None else None,
        status=int(order.number("status", 500)),
    )
    return [described.fault(fault) for fault in world.faults.active]


def _spelling(world: World, order: Order) -> Json:
    faults = world.faults
    faults.api_spelling = ApiSpelling(order.text("api", faults.api_spelling))
    faults.webhook_spelling = WebhookSpelling(order.text("webhook", faults.webhook_spelling))
    return {"api": faults.api_spelling, "webhook": faults.webhook_spelling}


def _reset(world: World, _: Order) -> Json:
    world.reset()
    return {}


ACTS: dict[str, Callable[[World, Order], Json | list[Json]]] = {
    "text": _text,
    "call": _call,
    "phone": _phone,
    "verify_caller": _verify_caller,
    "sign": _sign,
    "expire": _expire,
    "accept": _accept,
    "reject": _reject,
    "move_date": _move_date,
    "withdraw_date": _withdraw_date,
    "complete": _complete,
    "show": _show,
    "cancel_number": _cancel_number,
    "grant_cancel": _grant_cancel,
    "refuse_cancel": _refuse_cancel,
    "campaign": _campaign,
    "brand": _brand,
    "detour": _detour,
    "mend": _mend,
    "clock": _clock,
    "run-due": _run_due,
    "faults": _faults,
    "spelling": _spelling,
    "reset": _reset,
}

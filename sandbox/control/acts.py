"""The verbs of `/_control/<verb>`: each function calls one method of `World` with values from JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.control import as_json
from sandbox.control.as_json import Json
from sandbox.faults import ApiSpelling, WebhookSpelling
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Parameters:
    """The JSON object of a request. A missing or wrong field raises a `ValueError` that names it."""

    fields: Json

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required without a default."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            message = f"“{name}” must be a string."
            raise ValueError(message)  # noqa: TRY004 - one kind of error for a bad request
        return value

    def maybe(self, name: str) -> str | None:
        """A string, or None if it is missing."""
        return self.text(name) if self.fields.get(name) is not None else None

    def number(self, name: str, default: float | None = None) -> float:
        """A number, which a form sends as a string; required without a default."""
        value = self.fields.get(name, default)
        try:
            return float(str(value))
        except ValueError:
            message = f"“{name}” must be a number."
            raise ValueError(message) from None

    def duration(self, name: str) -> timedelta | None:
        """A duration given in seconds, or None."""
        return timedelta(seconds=self.number(name)) if self.fields.get(name) is not None else None

    def day(self, name: str) -> date:
        """A day (`YYYY-MM-DD`), or an instant with its offset."""
        text = self.text(name)
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)

    def codes(self) -> list[int]:
        """The codes of a refusal, from the field `codes`; none if it is missing."""
        return [int(code) for code in self.texts("codes")]

    def texts(self, name: str) -> list[str]:
        """A list of strings; empty if it is missing."""
        value = self.fields.get(name, [])
        return [str(each) for each in value] if isinstance(value, list) else []


def _text(world: World, parameters: Parameters) -> Json:
    sent = world.text(
        parameters.text("from"), parameters.text("to"), parameters.text("body", ""), parameters.texts("media")
    )
    return as_json.message(sent)


def _call(world: World, parameters: Parameters) -> Json:
    answers = parameters.fields.get("answers") or {}
    if not isinstance(answers, dict):
        message = "“answers” must be an object: number → how it answers."
        raise ValueError(message)  # noqa: TRY004 - one kind of error for a bad request
    called = world.call(
        parameters.text("from"),
        parameters.text("to"),
        keys=parameters.text("keys", ""),
        answers={str(number): str(answer) for number, answer in answers.items()},
        says=parameters.text("says", ""),
        forwarded_from=parameters.maybe("forwarded_from"),
    )
    return as_json.call(called)


def _browser_token(world: World, parameters: Parameters) -> Json:
    return {"identity": world.calls.browsers.identity_of(parameters.text("token"))}


def _browser_calls(world: World, parameters: Parameters) -> list[Json]:
    return [as_json.page_call(call) for call in world.calls.browsers.calls_of(parameters.texts("identities"))]


def _browser_act(world: World, parameters: Parameters) -> Json:
    world.calls.browsers.act(parameters.text("act"), parameters.text("sid"), parameters.text("keys", ""))
    return {}


def _verify_caller(world: World, parameters: Parameters) -> Json:
    return {"verified": world.verify_caller(parameters.text("number"), parameters.text("code"))}


def _phone(world: World, parameters: Parameters) -> Json:
    return as_json.phone(world.phone(parameters.text("number"), parameters.maybe("answers")))


def _sign(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.sign(parameters.text("kw"), parameters.text("name", "")))


def _expire(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.expire(parameters.text("kw")))


def _accept(world: World, parameters: Parameters) -> Json:
    day = parameters.day("port_date") if parameters.fields.get("port_date") else None
    return as_json.port_in(world, world.accept(parameters.text("kw"), day))


def _reject(world: World, parameters: Parameters) -> Json:
    code = int(parameters.number("code"))
    return as_json.port_in(world, world.reject(parameters.text("kw"), parameters.text("number"), code))


def _move_date(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.move_date(parameters.text("kw"), parameters.day("date")))


def _withdraw_date(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.withdraw_date(parameters.text("kw")))


def _complete(world: World, parameters: Parameters) -> Json:
    port_in = world.complete(parameters.text("kw"), parameters.maybe("number"), parameters.duration("appears"))
    return as_json.port_in(world, port_in)


def _show(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.show(parameters.text("kw"), parameters.text("number")))


def _cancel_number(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.cancel_number(parameters.text("kw"), parameters.text("number")))


def _grant_cancel(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.grant_cancel(parameters.text("kw")))


def _refuse_cancel(world: World, parameters: Parameters) -> Json:
    return as_json.port_in(world, world.refuse_cancel(parameters.text("kw")))


def _campaign(world: World, parameters: Parameters) -> Json:
    service, status = parameters.text("service"), parameters.text("status")
    return as_json.service(world.registry.decide_campaign(service, status, *parameters.codes()))


def _brand(world: World, parameters: Parameters) -> Json:
    brand = world.registry.decide_brand(parameters.text("sid"), parameters.text("status"), *parameters.codes())
    return {"sid": brand.sid, "status": brand.status}


def _reject_profile(world: World, parameters: Parameters) -> Json:
    code = int(parameters.number("code"))
    profile = world.registry.reject_profile(parameters.text("sid"), parameters.text("reason"), code)
    return {"sid": profile.sid, "status": profile.status}


def _verify_toll_free(world: World, parameters: Parameters) -> Json:
    number, status = parameters.text("number"), parameters.text("status")
    return as_json.number(world.registry.verify_toll_free(number, status, *parameters.codes()))


def _limit_calls(world: World, parameters: Parameters) -> Json:
    per_second, at_once = parameters.number("per_second", 0), int(parameters.number("at_once", 0))
    world.limit_calls(per_second=per_second, at_once=at_once)
    return {"per_second": per_second, "at_once": at_once}


def _detour(world: World, parameters: Parameters) -> Json:
    number, leg, network = parameters.text("number"), parameters.text("leg"), parameters.text("network", "")
    return as_json.number(world.detour(number, leg, network, parameters.duration("seconds")))


def _mend(world: World, parameters: Parameters) -> Json:
    return as_json.number(world.mend(parameters.text("number")))


def _send_back(world: World, parameters: Parameters) -> Json:
    return as_json.number(world.send_back(parameters.text("number")))


def _port_out(world: World, parameters: Parameters) -> Json:
    number, operator = parameters.text("number"), parameters.text("operator", "Rehearsal Bell")
    account_number = parameters.text("account_number", "")
    if who := parameters.text("who", ""):
        return as_json.port_out(world.port_outs.ask_as(number, who))
    return as_json.port_out(world.port_outs.ask(number, operator, account_number, parameters.text("pin", "")))


def _dispute_port_out(world: World, parameters: Parameters) -> Json:
    return as_json.port_out(world.port_outs.dispute(parameters.text("number")))


def _withdraw_port_out(world: World, parameters: Parameters) -> Json:
    return as_json.port_out(world.port_outs.withdraw(parameters.text("number")))


def _complete_port_out(world: World, parameters: Parameters) -> Json:
    return as_json.port_out(world.port_outs.complete(parameters.text("number")))


def _clock(world: World, parameters: Parameters) -> Json:
    if "jump" in parameters.fields:
        world.wind(timedelta(seconds=parameters.number("jump")))
    if "jump_to" in parameters.fields:
        world.wind(datetime.fromisoformat(parameters.text("jump_to")) - world.clock.now())
    if "speed" in parameters.fields:
        world.clock.set_speed(parameters.number("speed"))
    return as_json.clock(world)


def _run_due(world: World, _: Parameters) -> Json:
    return {"done": world.run_due()}


def _faults(world: World, parameters: Parameters) -> list[Json]:
    fields = parameters.fields
    world.faults.add(
        parameters.text("kind"),
        rate=parameters.number("rate", 1.0),
        count=int(parameters.number("count")) if fields.get("count") is not None else None,
        path=parameters.text("path", "*"),
        seconds=parameters.number("seconds", 0.0),
        lasting=parameters.number("lasting") if fields.get("lasting") is not None else None,
        status=int(parameters.number("status", 500)),
    )
    return [as_json.fault(fault) for fault in world.faults.active]


def _spelling(world: World, parameters: Parameters) -> Json:
    faults = world.faults
    faults.api_spelling = ApiSpelling(parameters.text("api", faults.api_spelling))
    faults.webhook_spelling = WebhookSpelling(parameters.text("webhook", faults.webhook_spelling))
    return {"api": faults.api_spelling, "webhook": faults.webhook_spelling}


def _reset(world: World, _: Parameters) -> Json:
    world.reset()
    return {}


ACTS: dict[str, Callable[[World, Parameters], Json | list[Json]]] = {
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
    "reject_profile": _reject_profile,
    "verify_toll_free": _verify_toll_free,
    "brand": _brand,
    "limit-calls": _limit_calls,
    "detour": _detour,
    "mend": _mend,
    "send_back": _send_back,
    "port_out": _port_out,
    "dispute_port_out": _dispute_port_out,
    "withdraw_port_out": _withdraw_port_out,
    "complete_port_out": _complete_port_out,
    "clock": _clock,
    "run-due": _run_due,
    "faults": _faults,
    "spelling": _spelling,
    "reset": _reset,
}

GATEWAY_ACTS: dict[str, Callable[[World, Parameters], Json | list[Json]]] = {
    "browser_token": _browser_token,
    "browser_calls": _browser_calls,
    "browser_act": _browser_act,
}
"""What the media gateway does for the pages of browser phones. The console has no buttons for it."""

"""The routes of `/_control`: POST runs a verb, GET reads. They need no credentials: the sandbox listens on loopback."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import NotFound

from sandbox.control import as_json
from sandbox.control.acts import GATEWAY_ACTS, Parameters
from sandbox.control.as_json import Json
from sandbox.control.verbs import act_of
from sandbox.current import the_world
from sandbox.errors import OutOfTurn, Unknown
from sandbox.received_mail import the_received_mail
from sandbox.world import World

control = Blueprint("control", __name__, url_prefix="/_control")

LISTS: dict[str, Callable[[World], list[Json]]] = {
    "numbers": lambda world: [as_json.number(each) for each in world.state.numbers.values()],
    "port-ins": lambda world: [as_json.port_in(world, each) for each in world.state.port_ins.values()],
    "port-orders": lambda world: [as_json.port_order(each) for each in world.state.port_orders.values()],
    "port-outs": lambda world: [as_json.port_out(each) for each in world.state.port_outs.values()],
    "phones": lambda world: [as_json.phone(each) for each in world.state.phones.values()],
    "mailbox": lambda world: [as_json.mail(each) for each in world.mailbox],
    "callbacks": lambda world: [as_json.callback(each) for each in world.state.posts.values()],
    "messages": lambda world: [as_json.message(each) for each in world.state.messages.values()],
    "calls": lambda world: [as_json.call(each) for each in world.state.calls.values()],
    "services": lambda world: [as_json.service(each) for each in world.state.services.values()],
    "faults": lambda world: [as_json.fault(each) for each in world.faults.active],
}


@control.post("/<verb>")
def act(verb: str) -> Response:
    """Run a verb."""
    fields = request.get_json(silent=True) if request.data else {}
    if not isinstance(fields, dict):
        message = "The body must be a JSON object."
        raise ValueError(message)  # noqa: TRY004 - one kind of error for a bad request
    parameters = Parameters(fields)
    run = act_of(the_world(), verb, parameters) or GATEWAY_ACTS.get(verb)
    if run is None:
        abort(404)
    return jsonify(run(the_world(), parameters))


@control.get("/<subject>")
def look(subject: str) -> Response:
    """Return a list, or the clock."""
    world = the_world()
    if subject == "clock":
        return jsonify(as_json.clock(world))
    if subject not in LISTS:
        abort(404)
    with world.exchange.lock:
        return jsonify(LISTS[subject](world))


@control.get("/mail")
def look_at_mail() -> Response:
    """Return the e-mails received over SMTP, oldest first; with `?to=` those to one address."""
    emails = the_received_mail().emails(request.args.get("to", ""))
    return jsonify([asdict(email) | {"at": email.at.isoformat()} for email in emails])


@control.get("/port-ins/<kw>")
def look_at_port(kw: str) -> Response:
    """Return one port request, by sid or number."""
    return jsonify(as_json.port_in(the_world(), the_world().port_in(kw)))


@control.get("/phones/<number>/texts")
def look_at_texts(number: str) -> Response:
    """Return the texts that arrived on a phone."""
    return jsonify([as_json.arrived(text) for text in the_world().phone(number).texts])


@control.delete("/faults")
def mend() -> Response:
    """Switch all faults off."""
    the_world().faults.clear()
    return jsonify([])


@control.errorhandler(NotFound)
@control.errorhandler(Unknown)
def _unknown(problem: Unknown | NotFound) -> tuple[Json, int]:
    return {"error": str(problem)}, 404


@control.errorhandler(OutOfTurn)
def _out_of_turn(problem: OutOfTurn) -> tuple[Json, int]:
    return {"error": str(problem)}, 409


@control.errorhandler(ValueError)
def _bad(problem: ValueError) -> tuple[Json, int]:
    return {"error": str(problem)}, 400

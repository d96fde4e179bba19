"""The console's pages. All their buttons post to one route, which runs the verbs of the control API."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.control.acts import Parameters
from sandbox.control.verbs import act_of
from sandbox.current import the_world
from sandbox.errors import OutOfTurn, Unknown
from sandbox.faults import ApiSpelling, FaultKind, WebhookSpelling
from sandbox.operators import names
from sandbox.porting.records import FINAL_REQUESTS, NumberStatus
from sandbox.received_mail import the_received_mail
from sandbox.records import Leg
from sandbox.registering.records import BrandStatus, CampaignStatus, VerificationStatus
from sandbox.scenarios import REJECTION_REASONS, is_toll_free
from sandbox.telnyx.port_scenarios import EXCEPTIONS
from sandbox.telnyx.records import OVER, PortStatus, TextsStatus
from sandbox.telnyx.ten_dlc import DECIDED, STATUS_FIELD

console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")

ANSWERS = ("answer", "busy", "no-answer", "failed", "press:1", "voicemail")
PAGES = {"ports", "phones", "numbers", "mail", "mailbox", "callbacks", "faults"}
SHOWN = 100


@console.context_processor
def _on_every_page() -> dict[str, object]:
    world = the_world()
    return {"now": world.clock.now(), "speed": world.clock.speed, "next_port": _next_port_date(), "world": world}


@console.get("")
def ports() -> str:
    """Port requests, newest first, with the acts that are possible now."""
    world = the_world()
    requests, held = list(world.state.port_ins.values())[::-1], world.inventory.taken()
    lists = {"codes": REJECTION_REASONS, "final": FINAL_REQUESTS}
    orders = {
        "orders": list(world.state.port_orders.values())[::-1],
        "exceptions": sorted({code for codes in EXCEPTIONS.values() for code in codes}),
        "over": {*OVER, PortStatus.DRAFT},
        "texts": list(TextsStatus),
    }
    return render_template("console/ports.html", requests=requests, held=held, **lists, **orders)


@console.get("/phones")
def phones() -> str:
    """Outside phones: send a text or call from one, and read what arrived."""
    state = the_world().state
    calls = [call for call in reversed(state.calls.values()) if call.parent is None]
    return render_template(
        "console/phones.html",
        numbers=list(state.numbers.values()),
        phones=list(state.phones.values())[::-1],
        calls=calls[:SHOWN],
        answers=ANSWERS,
    )


@console.get("/numbers")
def numbers() -> str:
    """The numbers of the account, their settings and detours; services with their campaigns; brands; caller ids."""
    choices = {
        "legs": list(Leg),
        "networks": names(),
        "campaigns": list(CampaignStatus),
        "brands": list(BrandStatus),
        "verifications": list(VerificationStatus),
        "registrations": [each for each in the_world().state.kept.values() if each.kind in DECIDED],
        "decided": DECIDED,
        "status_field": STATUS_FIELD,
    }
    return render_template("console/numbers.html", state=the_world().state, is_toll_free=is_toll_free, **choices)


@console.get("/mail")
def mail() -> str:
    """E-mails received over SMTP, newest first; `?to=` shows those of one address."""
    to = request.args.get("to", "")
    return render_template("console/mail.html", letters=the_received_mail().emails(to)[::-1], to=to)


@console.get("/mailbox")
def mailbox() -> str:
    """The e-mails in which the carrier asks for a signature."""
    return render_template("console/mailbox.html", mails=the_world().mailbox[::-1])


@console.get("/callbacks")
def callbacks() -> str:
    """Callbacks sent to the customer's application, with their answers."""
    posts = list(the_world().state.posts.values())[::-1]
    return render_template("console/callbacks.html", posts=posts[:SHOWN])


@console.get("/faults")
def faults() -> str:
    """The faults that are switched on, and a form to add one."""
    choices = {"kinds": list(FaultKind), "api": list(ApiSpelling), "webhook": list(WebhookSpelling)}
    return render_template("console/faults.html", faults=the_world().faults, **choices)


@console.post("/faults/clear")
def clear_faults() -> Response:
    """Switch all faults off."""
    the_world().faults.clear()
    return redirect(url_for("console.faults"))


@console.post("/act/<verb>")
def act(verb: str) -> Response:
    """Run the verb of a button and show the page again, with the error if there was one."""
    parameters = Parameters({name: value for name, value in request.form.items() if value})
    run = act_of(the_world(), verb, parameters)
    if run is None:
        abort(404)
    try:
        run(the_world(), parameters)
    except (OutOfTurn, Unknown, ValueError) as problem:
        flash(str(problem), "danger")
    else:
        flash(f"Done: {verb.replace('_', ' ')}.", "success")
    page = request.args.get("page", "ports")
    return redirect(url_for(f"console.{page}" if page in PAGES else "console.ports"))


def _next_port_date() -> datetime | None:
    world = the_world()
    dates = [
        number.port_date
        for port_in in world.state.port_ins.values()
        for number in port_in.numbers
        if number.port_date and number.status is NumberStatus.PORT_PENDING
    ]
    dates += [order.foc for order in world.state.port_orders.values() if order.foc and order.status not in OVER]
    return min((date for date in dates if date > world.clock.now()), default=None)

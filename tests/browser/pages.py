"""Every page there is: who opens it, and where it is. A page that is missing here fails a test."""

from bs4 import BeautifulSoup
from flask import url_for

from provisioning.carriers.twilio.voice_sdk import FETCHED
from service.calls.log import CallView
from service.inbox.listing import View
from tests.factories import signed_in

OUTSIDER, CODE_SENT, ALICE, BOB, DESK, DORA = "", "signing in", "alice", "bob", "desk", "dora"

TOLL_FREE = "PNfree"
"""The carrier's id of a toll-free number."""

NO_PAGES = {
    "agreements.export",
    "assets.serve",
    "attachments.file",
    "attachments.for_carrier",
    "attachments.picture",
    "attachments.piece",
    "attachments.recording",
    "attachments.thumbnail",
    "attachments.voicemail",
    "claims.bill",
    "cutover.cancellation",
    "desk_figures.download",
    "embedded.calendar",
    "figures.show",
    "greetings.fetch",
    "health.alive",
    "health.ready",
    "ports.calendar",
    "sign.copy",
    "static",
    "review.bill",
    "review.bill_page",
    "status_page.calendar",
    "worklist.bill",
    "worklist.paper",
    # parts of pages, fetched again by them
    "bring.verdict",
    "bulk_transfer.verdicts",
    "call_log.latest",
    "call_report.download",
    "cutover.progress",
    "desk_acts.paper",
    "history.progress",
    "home.number",
    "home.steps",
    "inbox.entries",
    "inbox.latest",
    "installing.manifest",
    "installing.worker",
    "live.counts",
    "numbers.latest",
    "own_number.progress",
    "search.hits",
    "phone.acts",
    "phone.acts_of_call",
    "phone.hear",
    "phone.leg",
    "phone.script",
    "phone.woken",
    "push.renewal",
    "queue.download",
    "searches.found",
    "ports.progress",
    "signin.sent",
    "embedded.progress",
    "status_page.progress",
    # redirects and parts
    "line.first",
    "second_step.need",
    "notices.channels",
}
"""Endpoints for GET that are no pages of their own."""

STEPS = ("holder", "address", "account", "bill", "contact")
EMPTY = (
    "home.show",
    "home.welcome",
    "inbox.show",
    "call_log.show",
    "contacts.listing",
    "replies.listing",
    "numbers.listing",
    "ports.listing",
    "team.show",
)


def pages(filled):
    """Each as the person who opens it, its endpoint, and the values in its address."""
    port = filled.ports
    value = filled.values
    yield from ((OUTSIDER, name, {}) for name in ("front.landing", "signup.ask", "signin.ask", "help_page.show"))
    yield from ((OUTSIDER, name, {}) for name in ("prices.show", "legal.terms", "legal.privacy"))
    yield OUTSIDER, "installing.offline", {}
    yield CODE_SENT, "signin.enter", {}
    yield OUTSIDER, "status_page.show", {"token": value["status"]}
    yield OUTSIDER, "embedded.status", {"token": value["embedded_status"]}
    yield OUTSIDER, "embedded.form", {"token": value["embedded_form"]}
    yield OUTSIDER, "sign.show", {"token": value["sign"]}
    yield OUTSIDER, "details.show", {"token": value["details"]}
    yield OUTSIDER, "port_out_request.show", {"token": value["port_out"]}
    yield OUTSIDER, "join.show", {"token": value["join"]}
    for name in ("show", "terms", "privacy"):
        yield OUTSIDER, f"business_page.{name}", {"slug": "alices-bakery"}
    yield ALICE, "verifications.show", {"reference": TOLL_FREE}
    for name in ("registration.show", "caller_name.show"):
        yield from ((who, name, {}) for who in (ALICE, DORA))
    yield OUTSIDER, "join.show", {"token": "no-such-invitation"}
    yield from ((DORA, name, {}) for name in EMPTY)
    for name in (
        "home.show",
        "numbers.listing",
        "searches.ask",
        "forwarding.show",
        "ports.listing",
        "team.show",
        "invitations.ask",
        "changes.listing",
        "api_keys.show",
        "webhooks.listing",
        "archive.show",
        "closing.show",
        "support.show",
        "api_reference.show",
        "devices.show",
        "person.show",
        "second_step.ask",
        "sign_in_methods.show",
        "sign_in_methods.passkey",
        "sign_in_methods.app",
        "settings.show",
        "phone.show",
    ):
        yield ALICE, name, {}
    yield ALICE, "api_reference.about", {"area": "transfers"}
    yield ALICE, "team.settings", {"member_id": value["Bob"]}
    yield ALICE, "webhooks.show", {"endpoint_id": value["endpoint"]}
    yield from _bringing(port)
    yield from _inside(filled)
    yield ALICE, "phones.ask", {"line_id": filled.line}
    yield ALICE, "phones.show", {"line_id": filled.line, "phone_id": value["phone"]}
    yield BOB, "signin.confirm", {}
    yield ALICE, "join.elsewhere", {}
    yield from (
        (BOB, name, {}) for name in ("home.show", "numbers.listing", "ports.listing", "team.show", "inbox.show")
    )
    yield BOB, "line.show", {"line_id": filled.line}
    yield from (
        (DESK, name, {}) for name in ("desk.show", "desk.messages", "worklist.listing", "spending.show", "trace.show")
    )
    yield from (
        (DESK, name, {}) for name in ("queue.show", "desk_figures.show", "registrations.listing", "port_outs.listing")
    )
    yield DESK, "desk_team.show", {}
    yield DESK, "hints.show", {}
    yield DESK, "hints.edit", {"hint_id": value["hint"]}
    yield DESK, "support_desk.show", {}
    yield DESK, "registrations.show", {"workspace_id": value["workspace"]}
    yield DESK, "claims.show", {"public_id": port["draft"]}
    yield DESK, "worklist.show", {"reference": value["order"]}
    yield from ((DESK, "desk_transfer.show", {"public_id": port[one]}) for one in ("draft", "dated", "rejected"))
    yield DESK, "desk_acts.ask_corrections", {"public_id": port["rejected"]}


PHONE, NO_PHONE = "alice-phone.show", "alice-phone.unavailable"
"""The pictures of the phone's window: which one it is depends on whether the carrier's script was fetched."""


def picture_of(filled, who, endpoint, values):
    """What the picture of a page is called, in every run the same: tokens by their names, ids left out."""
    names = {value: name for name, value in (filled.values | filled.ports).items() if isinstance(value, str)}
    told = [names.get(value, value) for value in values.values() if isinstance(value, str)]
    name = "-".join([who or "outsider", endpoint, *told]).replace(" ", "-")
    return NO_PHONE if name == PHONE and not FETCHED.exists() else name


def opened(app, services, who, endpoint, values, language):
    """A page as the application answers it, without a browser, in a language."""
    client = app.test_client()
    if who == CODE_SENT:
        known = {"signing_in": "alice@bakery.example"}
    else:
        known = {} if who == OUTSIDER else signed_in(services, who)
    with client.session_transaction() as cookie:
        cookie.update(known, language=language.value)
    with app.test_request_context():
        address = url_for(endpoint, **values)
    return BeautifulSoup(client.get(address, follow_redirects=True).text, "html.parser")


def _bringing(port):
    yield ALICE, "bring.ask", {}
    yield ALICE, "bulk_transfer.ask", {}
    yield ALICE, "bring.check", {"public_id": port["draft"]}
    yield ALICE, "bulk_transfer.check", {"public_id": port["many"]}
    yield from ((ALICE, "which_line.ask", {"public_id": port[one]}) for one in ("draft", "many"))
    yield from ((ALICE, "steps.show", {"public_id": port["draft"], "name": name}) for name in STEPS)
    yield from ((ALICE, "accounts.show", {"public_id": port[one]}) for one in ("draft", "many"))
    yield ALICE, "details_requests.ask", {"public_id": port["draft"]}
    yield ALICE, "review.show", {"public_id": port["draft"]}
    for state in ("unsigned", "dated", "rejected", "canceled", "letter", "moved"):
        yield ALICE, "ports.show", {"public_id": port[state]}
    yield ALICE, "ports.fix", {"public_id": port["rejected"]}
    for state in ("unsigned", "dated", "moved"):
        yield ALICE, "cutover.show", {"public_id": port[state]}
    yield ALICE, "reschedule.ask", {"public_id": port["dated"]}


def _inside(filled):
    value, line = filled.values, {"line_id": filled.line}
    yield ALICE, "moment.ask", {"public_id": filled.ports["dated"], "order_id": value["moment"]}
    yield from ((ALICE, "inbox.show", {"view": view}) for view in View)
    yield ALICE, "inbox.show", {"q": "cake"}
    yield from ((ALICE, "search.show", {"q": wanted}) for wanted in ("", "cake", "415", "xyzzy"))
    yield from ((ALICE, "call_log.show", {"view": view}) for view in CallView)
    yield ALICE, "call_report.show", {}
    yield ALICE, "inbox.read", {"conversation_id": value["talk"]}
    yield ALICE, "contacts.listing", {}
    yield from ((ALICE, name, {"contact_id": value["contact"]}) for name in ("contacts.show", "agreements.ask"))
    yield from ((ALICE, name, {}) for name in ("contacts.ask", "contacts.blank", "contact_import.ask", "history.show"))
    yield BOB, "contact_import.ask", {}
    yield ALICE, "replies.listing", {}
    yield ALICE, "replies.show", {"reply_id": value["reply"]}
    yield ALICE, "inbox_settings.show", line
    yield ALICE, "line.show", line
    yield from ((ALICE, name, {"number_id": value["number"]}) for name in ("number.show", "port_out.show"))
    yield ALICE, "searches.show", {"search_id": value["search"]}
    yield ALICE, "searches.chosen", {"search_id": value["search"], "number": value["offer"]}
    yield from ((ALICE, "plan.step", {**line, "name": name}) for name in value["nodes"])
    yield ALICE, "plan.hours", line
    yield ALICE, "callers.show", line
    yield ALICE, "notices.show", {}

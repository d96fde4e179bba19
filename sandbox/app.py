"""The sandbox as a web application: the carrier's hosts, the control API, the signing page, the console."""

import secrets

from flask import Flask, abort, request
from flask_bootstrap import Bootstrap5

from sandbox.answer_faults import CarrierGate
from sandbox.console.pages import console
from sandbox.console.signing import signing
from sandbox.control.routes import control
from sandbox.received_mail import ReceivedMail
from sandbox.telnyx.addresses import addresses as telnyx_addresses
from sandbox.telnyx.balance import balance
from sandbox.telnyx.brands import brands as telnyx_brands
from sandbox.telnyx.calls import calls as telnyx_calls
from sandbox.telnyx.campaigns import campaigns as telnyx_campaigns
from sandbox.telnyx.customer_records import customer_records
from sandbox.telnyx.deliveries import deliveries
from sandbox.telnyx.detail_records import detail_records
from sandbox.telnyx.media import media
from sandbox.telnyx.messages import messages as telnyx_messages
from sandbox.telnyx.messaging_profiles import messaging_profiles
from sandbox.telnyx.notifications import notifications
from sandbox.telnyx.number_lookup import number_lookup
from sandbox.telnyx.number_orders import number_orders
from sandbox.telnyx.numbers import numbers as telnyx_numbers
from sandbox.telnyx.opt_outs import opt_outs
from sandbox.telnyx.outbound_profiles import outbound_profiles
from sandbox.telnyx.papers import papers
from sandbox.telnyx.port_details import port_details
from sandbox.telnyx.port_jobs import port_jobs
from sandbox.telnyx.port_log import port_log
from sandbox.telnyx.port_orders import port_orders
from sandbox.telnyx.port_out_answers import port_outs
from sandbox.telnyx.portability import portability
from sandbox.telnyx.recordings import recordings as telnyx_recordings
from sandbox.telnyx.recordings import sound
from sandbox.telnyx.search import search as telnyx_search
from sandbox.telnyx.texml_applications import texml_applications
from sandbox.telnyx.toll_free import toll_free as telnyx_toll_free
from sandbox.telnyx.verified_numbers import verified_numbers
from sandbox.telnyx.voice_settings import voice_settings
from sandbox.twilio.accounts import accounts
from sandbox.twilio.addresses import addresses
from sandbox.twilio.applications import applications
from sandbox.twilio.brands import brands
from sandbox.twilio.caller_ids import caller_ids
from sandbox.twilio.calls import calls
from sandbox.twilio.campaigns import campaigns
from sandbox.twilio.documents import documents
from sandbox.twilio.errors import register_errors
from sandbox.twilio.events import events
from sandbox.twilio.keys import keys
from sandbox.twilio.lookups import lookups
from sandbox.twilio.messages import messages
from sandbox.twilio.numbers import numbers
from sandbox.twilio.porting import porting
from sandbox.twilio.profiles import profiles
from sandbox.twilio.recordings import recordings
from sandbox.twilio.search import search
from sandbox.twilio.services import services
from sandbox.twilio.signing_config import signing_config
from sandbox.twilio.toll_free import toll_free
from sandbox.twilio.trusthub import trusthub
from sandbox.twilio.webhook_config import webhook_config
from sandbox.world import World

TWILIO = (
    accounts,
    addresses,
    applications,
    brands,
    caller_ids,
    calls,
    campaigns,
    documents,
    events,
    keys,
    lookups,
    messages,
    numbers,
    porting,
    profiles,
    recordings,
    search,
    services,
    signing_config,
    toll_free,
    trusthub,
    webhook_config,
)
TELNYX = (
    balance,
    customer_records,
    deliveries,
    detail_records,
    media,
    messaging_profiles,
    notifications,
    number_lookup,
    number_orders,
    opt_outs,
    outbound_profiles,
    papers,
    port_details,
    port_jobs,
    port_log,
    port_orders,
    port_outs,
    portability,
    sound,
    telnyx_addresses,
    telnyx_brands,
    telnyx_calls,
    telnyx_campaigns,
    telnyx_messages,
    telnyx_numbers,
    telnyx_recordings,
    telnyx_search,
    telnyx_toll_free,
    texml_applications,
    verified_numbers,
    voice_settings,
)
HOSTS = (*TWILIO, *TELNYX)


def create_app(world: World, *, public_url: str) -> Flask:
    """Build the application for `world`. `public_url` is its address for browsers, used in the signing link."""
    app = Flask(__name__)
    app.extensions["sandbox"] = world
    app.extensions["received_mail"] = ReceivedMail(world.clock)
    # signs only the console's short notices; a new one each start is enough
    app.secret_key = secrets.token_hex()
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    world.exchange.public_url = public_url.rstrip("/")
    for blueprint in HOSTS:
        app.register_blueprint(blueprint)
    for blueprint in (control, console, signing):
        app.register_blueprint(blueprint)
    app.before_request(_from_here)
    register_errors(app)
    # Flask's own documented way to put middleware in front, which its types do not know
    app.wsgi_app = CarrierGate(app.wsgi_app, world.exchange)  # type: ignore[method-assign]
    return app


def _from_here() -> None:
    """Refuse posts from pages of other sites: the control API and the console ask for no password."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method != "GET":
        abort(403)

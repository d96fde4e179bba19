"""The sandbox as a web application: the carrier's hosts, the control API, the signing page, the console."""

from flask import Flask

from sandbox.answers import CarrierGate
from sandbox.control.routes import control
from sandbox.twilio.accounts import accounts
from sandbox.twilio.addresses import addresses
from sandbox.twilio.caller_ids import caller_ids
from sandbox.twilio.calls import calls
from sandbox.twilio.documents import documents
from sandbox.twilio.errors import register_errors
from sandbox.twilio.lookups import lookups
from sandbox.twilio.messages import messages
from sandbox.twilio.numbers import numbers
from sandbox.twilio.porting import porting
from sandbox.twilio.recordings import recordings
from sandbox.twilio.search import search
from sandbox.twilio.services import services
from sandbox.twilio.webhook_config import webhook_config
from sandbox.world import World

HOSTS = (
    accounts,
    addresses,
    caller_ids,
    calls,
    documents,
    lookups,
    messages,
    numbers,
    porting,
    recordings,
    search,
    services,
    webhook_config,
)


def create_app(world: World, *, public_url: str) -> Flask:
    """An app that shows `world`; `public_url` is where a browser finds it (for the signing page)."""
    app = Flask(__name__)
    app.extensions["sandbox"] = world
    world.exchange.public_url = public_url.rstrip("/")
    for blueprint in HOSTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(control)
    register_errors(app)
    # Flask's own documented way to put middleware in front, which its types do not know
    app.wsgi_app = CarrierGate(app.wsgi_app, world.exchange)  # type: ignore[method-assign]
    return app

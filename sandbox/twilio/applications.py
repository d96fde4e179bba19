"""`Applications`: webhook settings that numbers can share; they override a number's own."""

from flask import Blueprint

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.inventory import APPLICATION_SETTINGS, METHODS
from sandbox.records import Application, new_sid
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, known
from sandbox.twilio.dates import rfc2822
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_2010

NOT_SETTINGS = ("FriendlyName", "ApiVersion", "PublicApplicationConnectEnabled")
PREFIX = "/api.twilio.com/2010-04-01/Accounts/<account_sid>"
applications = guard(Blueprint("applications", __name__, url_prefix=PREFIX))


@applications.post("/Applications.json")
def create() -> tuple[Json, int]:
    """Create an application: 201."""
    settings, now = known(form(), APPLICATION_SETTINGS, NOT_SETTINGS), the_world().exchange.now()
    application = Application(new_sid("AP"), asking().sid, form().get("FriendlyName", ""), now, settings)
    with the_world().exchange.changing() as state:
        state.applications[application.sid] = application
    return _resource(application), 201


@applications.get("/Applications.json")
def fetch_list() -> Json:
    """List all applications."""
    rows = [each for each in the_world().state.applications.values() if each.account_sid == asking().sid]
    return page_2010("applications", rows, _resource)


@applications.get("/Applications/<sid>.json")
def fetch(sid: str) -> Json:
    """Fetch one application."""
    return _resource(_own(sid))


@applications.post("/Applications/<sid>.json")
def update(sid: str) -> Json:
    """Change an application, for all its numbers at once."""
    application, settings = _own(sid), known(form(), APPLICATION_SETTINGS, NOT_SETTINGS)
    with the_world().exchange.changing():
        application.settings |= settings
        application.friendly_name = form().get("FriendlyName", application.friendly_name)
    return _resource(application)


@applications.delete("/Applications/<sid>.json")
def delete(sid: str) -> tuple[str, int]:
    """Delete an application: 204, or 409 while a number uses it."""
    application = _own(sid)
    with the_world().exchange.changing() as state:
        if any(application.sid in number.settings.values() for number in state.numbers.values()):
            raise Refusal(20409, "The application is used by a phone number.", 409)
        del state.applications[application.sid]
    return "", 204


def _own(sid: str) -> Application:
    application = the_world().state.applications.get(sid)
    if application is None or application.account_sid != asking().sid:
        raise not_found()
    return application


def _resource(application: Application) -> Json:
    usual = dict.fromkeys(METHODS, "POST")
    settings: Json = {name: application.settings.get(name) or usual.get(name) for name in APPLICATION_SETTINGS}
    return settings | {
        "sid": application.sid,
        "account_sid": application.account_sid,
        "friendly_name": application.friendly_name,
        "voice_caller_id_lookup": application.settings.get("voice_caller_id_lookup") == "true",
        "public_application_connect_enabled": False,
        "date_created": rfc2822(application.created),
        "date_updated": rfc2822(application.created),
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{application.account_sid}/Applications/{application.sid}.json",
    }

"""`/texml_applications`: where the calls of numbers go. The id of one is a number's `connection_id`."""

from sandbox.current import asking, the_world
from sandbox.records import Application, Carrier, number_id
from sandbox.telnyx.auth import guarded
from sandbox.telnyx.bodies import address, json_object, text
from sandbox.telnyx.dates import iso
from sandbox.telnyx.errors import IN_USE, Denied, Json, Problem, invalid, not_found
from sandbox.telnyx.owned import owned_application
from sandbox.telnyx.paging import known_filters, page

texml_applications = guarded("texml_applications")
URLS = ("voice_url", "voice_fallback_url", "status_callback")
METHODS = ("voice_method", "status_callback_method")
EXTRAS: Json = {
    "active": True,
    "anchorsite_override": "Latency",
    "dtmf_type": "RFC 2833",
    "first_command_timeout": False,
    "first_command_timeout_secs": 30,
    "call_cost_in_webhooks": False,
    "tags": [],
    "inbound": {},
    "outbound": {},
}
FIELDS = ("friendly_name", *URLS, *METHODS, *EXTRAS)


@texml_applications.post("/texml_applications")
def create() -> tuple[Json, int]:
    """Create an application: 201."""
    body, now = json_object(FIELDS, ["friendly_name", "voice_url"]), the_world().exchange.now()
    application = Application(number_id(Carrier.TELNYX), asking().sid, text(body, "friendly_name"), now)
    with the_world().exchange.changing() as state:
        _configure(application, body)
        state.applications[application.sid] = application
    return {"data": _resource(application)}, 201


@texml_applications.get("/texml_applications")
def fetch_list() -> Json:
    """List all applications; `filter[friendly_name]` may be a part of one."""
    wanted = known_filters("friendly_name", "outbound_voice_profile_id").get("friendly_name", "")
    kept = [each for each in the_world().state.applications.values() if each.account_sid == asking().sid]
    return page([each for each in kept if wanted in each.friendly_name], _resource)


@texml_applications.get("/texml_applications/<sid>")
def fetch(sid: str) -> Json:
    """Fetch one application."""
    return {"data": _resource(_own(sid))}


@texml_applications.patch("/texml_applications/<sid>")
def update(sid: str) -> Json:
    """Change an application, for all its numbers at once."""
    application, body = _own(sid), json_object(FIELDS, ["friendly_name", "voice_url"])
    with the_world().exchange.changing():
        _configure(application, body)
    return {"data": _resource(application)}


@texml_applications.delete("/texml_applications/<sid>")
def delete(sid: str) -> Json:
    """Delete an application, unless a number uses it."""
    application = _own(sid)
    with the_world().exchange.changing() as state:
        if any(number.settings["voice_application_sid"] == sid for number in state.numbers.values()):
            raise Denied(Problem(IN_USE, "Numbers still use this application."))
        del state.applications[sid]
    return {"data": _resource(application)}


def _configure(application: Application, body: Json) -> None:
    urls = {name: address(body, name) for name in URLS if name in body}
    methods = {name: text(body, name) for name in METHODS if name in body}
    wrong = [
        invalid(name, f"{name} is get or post.") for name, method in methods.items() if method not in {"get", "post"}
    ]
    if wrong:
        raise Denied(*wrong)
    application.friendly_name = text(body, "friendly_name")
    application.settings |= urls | {name: method.upper() for name, method in methods.items()}
    application.extras |= {name: value for name, value in body.items() if name in EXTRAS}


def _resource(application: Application) -> Json:
    """An application as Telnyx describes it. URLs that are not set are left out."""
    settings = application.settings
    described: Json = {name: settings[name] for name in URLS if settings.get(name)}
    described |= {name: settings.get(name, "POST").lower() for name in METHODS}
    return (
        described
        | EXTRAS
        | application.extras
        | {
            "id": application.sid,
            "record_type": "texml_application",
            "friendly_name": application.friendly_name,
            "created_at": iso(application.created),
            "updated_at": iso(application.created),
        }
    )


def _own(sid: str) -> Application:
    application = owned_application(sid)
    if application is None:
        raise not_found()
    return application

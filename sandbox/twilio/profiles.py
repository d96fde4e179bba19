"""`CustomerProfiles` and `TrustProducts` of TrustHub: two trees of the same shape."""

from dataclasses import dataclass

from flask import Blueprint, request

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import new_sid
from sandbox.registering.evaluation import results
from sandbox.registering.policies import POLICIES
from sandbox.registering.profiles import must_take
from sandbox.registering.records import Evaluation, Profile, ProfileStatus
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1
from sandbox.twilio.trusthub import TRUSTHUB

EDITABLE = {ProfileStatus.DRAFT, ProfileStatus.TWILIO_REJECTED}
PARENT = {"CustomerProfiles": "customer_profile_sid", "TrustProducts": "trust_product_sid"}
FILTERS = {"status": "Status", "friendly_name": "FriendlyName", "policy_sid": "PolicySid"}
FAMILY = "/<any(CustomerProfiles, TrustProducts):family>"
PARTS, NUMBERS = "EntityAssignments", "ChannelEndpointAssignments"
ASSIGNED = f"{FAMILY}/<sid>/<any({PARTS}, {NUMBERS}):path>"
profiles = guard(Blueprint("profiles", __name__, url_prefix="/trusthub.twilio.com/v1"))


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is assigned to a profile: one of its parts or numbers (`path`), as one row of a list."""

    path: str
    sid: str
    object_sid: str


@profiles.post(FAMILY)
def create(family: str) -> tuple[Json, int]:
    """Create a profile in `draft`: 201."""
    name, email, policy = required(form(), "FriendlyName", "Email", "PolicySid")
    if policy not in POLICIES:
        raise Refusal(22214, f"There is no policy {policy}.")
    now = the_world().exchange.now()
    profile = Profile(new_sid("BU"), asking().sid, policy, name, email, now, now, family == "TrustProducts")
    profile.status_callback = form().get("StatusCallback", "")
    with the_world().exchange.changing() as state:
        state.profiles[profile.sid] = profile
    return _resource(profile), 201


@profiles.get(FAMILY)
def fetch_list(family: str) -> Json:
    """List the profiles of the account, filtered by status, name or policy."""
    wanted = {name: request.args.get(parameter) for name, parameter in FILTERS.items()}
    rows = [
        one
        for one in the_world().state.profiles.values()
        if one.account_sid == asking().sid
        and one.is_product is (family == "TrustProducts")
        and all(value in {None, getattr(one, name)} for name, value in wanted.items())
    ]
    return page_v1("results", rows, _resource)


@profiles.get(f"{FAMILY}/<sid>")
def fetch(family: str, sid: str) -> Json:
    """Fetch one profile."""
    return _resource(_own(family, sid))


@profiles.post(f"{FAMILY}/<sid>")
def update(family: str, sid: str) -> Json:
    """Change a profile, or submit it. Raises `Refusal`: 60711 while it is under review, 22204 for both at once."""
    profile, fields = _own(family, sid), form()
    if "Status" in fields and len(fields) > 1:
        raise Refusal(22204, "Status cannot be changed together with other properties.")
    _must_be_editable(profile)
    with the_world().exchange.changing():
        if "Status" in fields:
            _submit(profile, fields["Status"])
        profile.friendly_name = fields.get("FriendlyName", profile.friendly_name)
        profile.email = fields.get("Email", profile.email)
        profile.status_callback = fields.get("StatusCallback", profile.status_callback)
    return _resource(profile)


@profiles.delete(f"{FAMILY}/<sid>")
def delete(family: str, sid: str) -> tuple[str, int]:
    """Delete a draft: 204. Raises `Refusal` 409 for a profile that was submitted."""
    profile = _own(family, sid)
    if profile.status != ProfileStatus.DRAFT:
        raise Refusal(20409, "Only a draft can be deleted.", 409)
    with the_world().exchange.changing() as state:
        del state.profiles[profile.sid]
    return "", 204


@profiles.post(f"{FAMILY}/<sid>/{PARTS}")
def assign(family: str, sid: str) -> tuple[Json, int]:
    """Assign an end user, a document or another profile: 201. Raises `Refusal` 404 for what is not the account's."""
    profile = _own(family, sid)
    [object_sid] = required(form(), "ObjectSid")
    _must_be_editable(profile)
    state = the_world().state
    found = state.parts.get(object_sid) or state.profiles.get(object_sid)
    if found is None or found.account_sid != asking().sid:
        raise Refusal(20404, f"The requested resource {object_sid} was not found", 404)
    if object_sid in profile.parts.values():
        raise Refusal(20409, f"{object_sid} is assigned already.", 409)
    return _assign(profile, Assignment(PARTS, new_sid("BV"), object_sid)), 201


@profiles.post(f"{FAMILY}/<sid>/{NUMBERS}")
def assign_number(family: str, sid: str) -> tuple[Json, int]:
    """Assign a number of the account to an approved profile: 201."""
    profile = _own(family, sid)
    kind, number_sid = required(form(), "ChannelEndpointType", "ChannelEndpointSid")
    number = the_world().state.numbers.get(number_sid)
    if kind != "phone-number" or number is None or number.account_sid != asking().sid:
        raise Refusal(20404, f"The requested resource {number_sid} was not found", 404)
    must_take(the_world().exchange, profile, number_sid)
    return _assign(profile, Assignment(NUMBERS, new_sid("RA"), number_sid)), 201


@profiles.get(ASSIGNED)
def assignments(family: str, sid: str, path: str) -> Json:
    """List the numbers of a profile, or its parts: those of one kind (`ObjectType`) or all."""
    profile = _own(family, sid)
    kind = request.args.get("ObjectType", "") if path == PARTS else ""
    rows = [Assignment(path, *pair) for pair in _assigned(profile, path).items() if not kind or _kind(pair[1]) == kind]
    return page_v1("results", rows, lambda row: _row(profile, row))


@profiles.get(f"{ASSIGNED}/<row_sid>")
def assignment(family: str, sid: str, path: str, row_sid: str) -> Json:
    """Fetch one assignment."""
    profile = _own(family, sid)
    if row_sid not in _assigned(profile, path):
        raise not_found()
    return _row(profile, Assignment(path, row_sid, _assigned(profile, path)[row_sid]))


@profiles.delete(f"{ASSIGNED}/<row_sid>")
def detach(family: str, sid: str, path: str, row_sid: str) -> tuple[str, int]:
    """Remove an assignment: 204. A number also leaves an approved profile; for a part that raises `Refusal` 60711."""
    profile = _own(family, sid)
    if path == PARTS:
        _must_be_editable(profile)
    with the_world().exchange.changing():
        if _assigned(profile, path).pop(row_sid, None) is None:
            raise not_found()
    return "", 204


@profiles.post(f"{FAMILY}/<sid>/Evaluations")
def evaluate(family: str, sid: str) -> tuple[Json, int]:
    """Compare a profile with a policy: 201."""
    profile = _own(family, sid)
    [policy] = required(form(), "PolicySid")
    if policy not in POLICIES:
        raise Refusal(22214, f"There is no policy {policy}.")
    world = the_world()
    with world.exchange.changing() as state:
        found = results(state, profile, POLICIES[policy])
        compliant = all(one["passed"] for one in found)
        made = Evaluation(new_sid("EL"), policy, world.exchange.now(), compliant, found)
        profile.evaluations.append(made)
    return _evaluation(profile, made), 201


@profiles.get(f"{FAMILY}/<sid>/Evaluations")
def evaluations(family: str, sid: str) -> Json:
    """List the evaluations of a profile."""
    profile = _own(family, sid)
    return page_v1("results", profile.evaluations, lambda made: _evaluation(profile, made))


def _submit(profile: Profile, status: str) -> None:
    if status != ProfileStatus.PENDING_REVIEW:
        raise Refusal(22208, f"A bundle cannot be set to {status}.")
    the_world().registry.profiles.submit(profile)


def _must_be_editable(profile: Profile) -> None:
    if profile.status not in EDITABLE:
        raise Refusal(60711, "The bundle cannot be changed in its present status.")


def _assigned(profile: Profile, path: str) -> dict[str, str]:
    """What is assigned to a profile, by the sid of its row."""
    return profile.parts if path == PARTS else profile.numbers


def _assign(profile: Profile, row: Assignment) -> Json:
    with the_world().exchange.changing():
        _assigned(profile, row.path)[row.sid] = row.object_sid
        profile.assigned[row.sid] = the_world().exchange.now()
    return _row(profile, row)


def _own(family: str, sid: str) -> Profile:
    profile = the_world().state.profiles.get(sid)
    is_product = family == "TrustProducts"
    if profile is None or profile.account_sid != asking().sid or profile.is_product is not is_product:
        raise not_found()
    return profile


def _kind(object_sid: str) -> str:
    """The `ObjectType` of an assigned object."""
    part = the_world().state.parts.get(object_sid)
    return part.kind if part else "customer_profile"


def _family(profile: Profile) -> str:
    return "TrustProducts" if profile.is_product else "CustomerProfiles"


def _base(profile: Profile) -> str:
    return f"{TRUSTHUB}/{_family(profile)}/{profile.sid}"


def _resource(profile: Profile) -> Json:
    base = _base(profile)
    links = {
        f"{'trust_products' if profile.is_product else 'customer_profiles'}_{name}": f"{base}/{path}"
        for name, path in (
            ("entity_assignments", PARTS),
            ("evaluations", "Evaluations"),
            ("channel_endpoint_assignment", NUMBERS),
        )
    }
    return {
        "sid": profile.sid,
        "account_sid": profile.account_sid,
        "policy_sid": profile.policy_sid,
        "friendly_name": profile.friendly_name,
        "status": profile.status,
        "valid_until": None,
        "email": profile.email,
        "status_callback": profile.status_callback or None,
        "errors": [{"code": code} for code in profile.errors] or None,
        "date_created": iso(profile.created),
        "date_updated": iso(profile.updated),
        "url": base,
        "links": links,
    }


def _row(profile: Profile, row: Assignment) -> Json:
    return {
        "sid": row.sid,
        "account_sid": profile.account_sid,
        PARENT[_family(profile)]: profile.sid,
        "date_created": iso(profile.assigned[row.sid]),
        "url": f"{_base(profile)}/{row.path}/{row.sid}",
        **_object(row),
    }


def _object(row: Assignment) -> Json:
    if row.path == PARTS:
        return {"object_sid": row.object_sid}
    return {"channel_endpoint_type": "phone-number", "channel_endpoint_sid": row.object_sid}


def _evaluation(profile: Profile, made: Evaluation) -> Json:
    return {
        "sid": made.sid,
        "account_sid": profile.account_sid,
        "policy_sid": made.policy_sid,
        PARENT[_family(profile)]: profile.sid,
        "status": "compliant" if made.compliant else "noncompliant",
        "results": made.results,
        "date_created": iso(made.created),
        "url": f"{_base(profile)}/Evaluations/{made.sid}",
    }

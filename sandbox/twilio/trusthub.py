"""`trusthub.twilio.com/v1`: policies, and the end users and supporting documents that profiles are made of."""

import json
from collections.abc import Mapping

from flask import Blueprint
from werkzeug.datastructures import MultiDict

from sandbox.current import asking, the_world
from sandbox.errors import Refusal
from sandbox.records import new_sid
from sandbox.registering.policies import ADDRESS, FURTHER_FIELDS, NEEDED_FIELDS, POLICIES, Policy
from sandbox.registering.records import Part
from sandbox.twilio.auth import guard
from sandbox.twilio.bodies import form, required
from sandbox.twilio.dates import iso
from sandbox.twilio.errors import not_found
from sandbox.twilio.paging import Json, page_v1

TRUSTHUB = "https://trusthub.twilio.com/v1"
KINDS = {"EndUsers": ("IT", (*NEEDED_FIELDS, "authorized_representative_2")), "SupportingDocuments": ("RD", (ADDRESS,))}
trusthub = guard(Blueprint("trusthub", __name__, url_prefix="/trusthub.twilio.com/v1"))


@trusthub.get("/Policies")
def policies() -> Json:
    """List the policies."""
    return page_v1("results", list(POLICIES.values()), _policy)


@trusthub.get("/Policies/<sid>")
def policy(sid: str) -> Json:
    """Fetch one policy."""
    if sid not in POLICIES:
        raise not_found()
    return _policy(POLICIES[sid])


@trusthub.post("/<any(EndUsers, SupportingDocuments):family>")
def create(family: str) -> tuple[Json, int]:
    """Create an end user or a supporting document: 201."""
    prefix, kinds = KINDS[family]
    name, kind = required(form(), "FriendlyName", "Type")
    if kind not in kinds:
        raise Refusal(22208, f"Type {kind} is not known.")
    now = the_world().exchange.now()
    part = Part(new_sid(prefix), asking().sid, name, kind, _attributes(form()), now, now)
    with the_world().exchange.changing() as state:
        state.parts[part.sid] = part
    return _part(part), 201


@trusthub.get("/<any(EndUsers, SupportingDocuments):family>")
def fetch_list(family: str) -> Json:
    """List the end users or supporting documents of the account."""
    prefix, _ = KINDS[family]
    parts = the_world().state.parts.values()
    rows = [one for one in parts if one.account_sid == asking().sid and one.sid.startswith(prefix)]
    return page_v1("results", rows, _part)


@trusthub.get("/<any(EndUsers, SupportingDocuments):family>/<sid>")
def fetch(family: str, sid: str) -> Json:
    """Fetch one of them."""
    return _part(_own(family, sid))


@trusthub.post("/<any(EndUsers, SupportingDocuments):family>/<sid>")
def update(family: str, sid: str) -> Json:
    """Change one of them; its attributes are replaced as a whole."""
    part = _own(family, sid)
    with the_world().exchange.changing():
        part.friendly_name = form().get("FriendlyName", part.friendly_name)
        part.attributes = _attributes(form()) if "Attributes" in form() else part.attributes
        part.updated = the_world().exchange.now()
    return _part(part)


@trusthub.delete("/<any(EndUsers, SupportingDocuments):family>/<sid>")
def delete(family: str, sid: str) -> tuple[str, int]:
    """Delete one of them: 204, or 409 while it is assigned to a profile."""
    part = _own(family, sid)
    with the_world().exchange.changing() as state:
        if any(part.sid in profile.parts.values() for profile in state.profiles.values()):
            raise Refusal(20409, f"{part.sid} is assigned to a bundle.", 409)
        del state.parts[part.sid]
    return "", 204


def _attributes(fields: MultiDict[str, str]) -> dict[str, object]:
    """The JSON text of the field `Attributes`. Raises `Refusal` for another text."""
    try:
        attributes = json.loads(fields.get("Attributes", "{}"))
    except ValueError:
        attributes = None
    if not isinstance(attributes, dict):
        raise Refusal(20001, "Attributes is not a JSON object.")
    return attributes


def _own(family: str, sid: str) -> Part:
    part = the_world().state.parts.get(sid)
    if part is None or part.account_sid != asking().sid or not sid.startswith(KINDS[family][0]):
        raise not_found()
    return part


def _part(part: Part) -> Json:
    document = part.sid.startswith("RD")
    family = "SupportingDocuments" if document else "EndUsers"
    resource: Json = {
        "sid": part.sid,
        "account_sid": part.account_sid,
        "friendly_name": part.friendly_name,
        "type": part.kind,
        "attributes": part.attributes,
        "date_created": iso(part.created),
        "date_updated": iso(part.updated),
        "url": f"{TRUSTHUB}/{family}/{part.sid}",
    }
    return resource | ({"status": "DRAFT", "mime_type": None} if document else {})


def _policy(policy: Policy) -> Json:
    return {
        "sid": policy.sid,
        "friendly_name": policy.name,
        "requirements": {
            "end_user": [_end_user(kind) for kind in policy.end_users],
            "supporting_document": [[_ADDRESS_REQUIREMENT]] if policy.needs_address else [],
            "supporting_customer_profiles": [_customer_profile(sid) for sid in policy.needs],
            "supporting_trust_products": [],
        },
        "url": f"{TRUSTHUB}/Policies/{policy.sid}",
    }


def _end_user(kind: str) -> Json:
    return {
        "name": kind.replace("_", " ").title(),
        "type": kind,
        "requirement_name": kind,
        "fields": [*NEEDED_FIELDS[kind], *FURTHER_FIELDS.get(kind, ())],
        "url": f"/EndUserTypes/{kind}",
    }


def _customer_profile(sid: str) -> Json:
    return {"type": "customer_profile", "name": POLICIES[sid].name, "requirement_name": "customer_profile"}


_ADDRESS_REQUIREMENT: Mapping[str, object] = {
    "requirement_name": ADDRESS,
    "type": "document",
    "name": "Physical Business Address",
    "description": "Customer Profile HQ Physical Address",
    "accepted_documents": [
        {
            "name": "Physical Business Address",
            "type": ADDRESS,
            "fields": ["address_sids"],
            "url": f"/SupportingDocumentTypes/{ADDRESS}",
        }
    ],
}

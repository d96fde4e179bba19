"""Compares a profile with its policy, as `Evaluations` do: instantly, and without a fee."""

import re
from collections.abc import Iterator

from sandbox.records import State
from sandbox.registering.policies import ADDRESS, CHOICES, NEEDED_FIELDS, POLICIES, Policy
from sandbox.registering.records import Part, Profile

Result = dict[str, object]
NO_PART, NO_FIELD, NO_DOCUMENT, NO_ADDRESS = 22214, 22215, 22216, 22219
SHAPES = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "phone_number": r"\+[1-9]\d{6,14}",
    "mobile_phone_number": r"\+1[2-9]\d{9}",
    "website_url": r"https?://(\S+\.\S+|localhost:\S+)",  # a rehearsal's public pages stand there
    "cnam_display_name": r"[A-Za-z][\w .,]{0,14}",
}


def results(state: State, profile: Profile, policy: Policy) -> list[Result]:
    """One result for each requirement of the policy."""
    parts = [state.parts[sid] for sid in profile.parts.values() if sid in state.parts]
    profiles = [state.profiles[sid] for sid in profile.parts.values() if sid in state.profiles]
    found: list[Result] = [_end_user(kind, parts) for kind in policy.end_users]
    if policy.needs_address:
        found.append(_address(state, parts))
    return found + [_profile(needed, profiles) for needed in policy.needs]


def _end_user(kind: str, parts: list[Part]) -> Result:
    part = next((one for one in parts if one.kind == kind), None)
    if part is None:
        return _result(kind, _words(kind), f"A {_words(kind)} End-User is missing.", NO_PART)
    wrong = list(_wrong_fields(part))
    why = f"The {_words(kind)} has wrong or missing fields." if wrong else ""
    return _result(kind, _words(kind), why, NO_FIELD if wrong else None, wrong)


def _wrong_fields(part: Part) -> Iterator[Result]:
    for name in NEEDED_FIELDS[part.kind]:
        value = str(part.attributes.get(name) or "")
        if not value:
            yield _field(name, f"The {_words(name)} is missing.")
        elif not _fits(name, value, part.attributes):
            yield _field(name, f"The {_words(name)} is invalid.")


def _fits(name: str, value: str, attributes: dict[str, object]) -> bool:
    if name in CHOICES:
        return set(value.split(",")) <= CHOICES[name]
    if name == "business_registration_number" and attributes.get("business_registration_identifier") == "EIN":
        return bool(re.fullmatch(r"\d{2}-?\d{7}", value))
    return bool(re.fullmatch(SHAPES.get(name, ".*"), value))


def _address(state: State, parts: list[Part]) -> Result:
    document = next((one for one in parts if one.kind == ADDRESS), None)
    if document is None:
        return _result(ADDRESS, "Physical Business Address", "A Physical Business Address is missing.", NO_DOCUMENT)
    named = str(document.attributes.get("address_sids") or "")
    known = named in state.addresses
    wrong = [] if known else [_field("address_sids", "The Address is missing.", NO_ADDRESS)]
    return _result(ADDRESS, "Physical Business Address", "" if known else "The Address is missing.", None, wrong)


def _profile(policy_sid: str, profiles: list[Profile]) -> Result:
    """A profile that is still being reviewed will do: only a rejected one and a draft do not."""
    assigned = any(one.policy_sid == policy_sid and one.status not in {"draft", "twilio-rejected"} for one in profiles)
    name = POLICIES[policy_sid].name
    return _result("customer_profile", name, "" if assigned else f"A {name} is missing.", None if assigned else NO_PART)


def _result(kind: str, name: str, why: str, code: int | None, invalid: list[Result] | None = None) -> Result:
    return {
        "requirement_name": kind,
        "requirement_friendly_name": name,
        "object_type": kind,
        "friendly_name": name,
        "passed": not why,
        "failure_reason": why or None,
        "error_code": code,
        "valid": [],
        "invalid": invalid or [],
    }


def _field(name: str, why: str, code: int = NO_FIELD) -> Result:
    return {"object_field": name, "friendly_name": _words(name), "failure_reason": why, "error_code": code}


def _words(name: str) -> str:
    return name.replace("_", " ").title()

"""Registering how the calls of a business show, once the business itself is approved."""

import re
from collections.abc import Sequence
from textwrap import shorten
from typing import Final

from sqlalchemy.orm import Session

from provisioning.contract.caller_trust import LONGEST_CALLER_NAME
from provisioning.contract.registration import BusinessKind, Stage
from service.errors import Conflict, Invalid
from service.registration.models import CALLER_SUBJECTS, Business, Registration, Subject
from service.registration.submitting import registration_of, submit_new, try_again
from service.services import Services
from service.spending.permission import must_be_open

_NAME: Final = re.compile(rf"[A-Za-z][A-Za-z0-9 .,]{{0,{LONGEST_CALLER_NAME - 1}}}")
_NO_NAME: Final = "Use letters, digits, spaces, periods, and commas: a letter first, 15 characters at most."


def proposed_name(name: str) -> str:
    """A name with the characters that a caller name may have: as many of its words as fit."""
    plain = re.sub(r"[^A-Za-z0-9 .,]", "", name.replace("&", "and")).lstrip("0123456789 .,")
    return shorten(plain, LONGEST_CALLER_NAME, placeholder="").rstrip(" ,") or plain[:LONGEST_CALLER_NAME]


def offered(services: Services, business: Business | None) -> Sequence[Subject]:
    """What our carrier registers of the calls of a business."""
    kind = business.kind if business else BusinessKind.LOW_VOLUME
    caller_trust = services.network(services.home).caller_trust
    there = {str(one) for one in caller_trust.offered.get(kind, ())} if caller_trust else set()
    return [subject for subject in CALLER_SUBJECTS if subject in there]


def is_open(session: Session, business: Business | None) -> bool:
    """Whether the carrier has approved the business, on which all of it builds."""
    who = registration_of(session, business.id, Subject.BUSINESS) if business else None
    return who is not None and who.stage is Stage.APPROVED


def register_calls(session: Session, services: Services, business: Business) -> None:
    """Have everything registered that the carrier offers; what was refused is sent again with the answers of now.

    Raises:
        Conflict: the business is not approved yet, the carrier offers nothing, or the workspace is paused.
        Invalid: the name cannot be a caller name.
    """
    must_be_open(session, business.workspace_id)
    wanted = offered(services, business)
    if not (wanted and is_open(session, business)):
        raise Conflict("This can be set once your business is registered.")
    if not _NAME.fullmatch(business.caller_name):
        raise Invalid({"caller_name": [_NO_NAME]})
    session.flush()
    session.refresh(business, with_for_update=True)
    for subject in wanted:
        _submit(session, services, business, subject)


def of_calls(business: Business | None) -> dict[Subject, Registration]:
    """What was sent of it."""
    sent = business.registrations if business else []
    return {one.subject: one for one in sent if one.subject in CALLER_SUBJECTS}


def _submit(session: Session, services: Services, business: Business, subject: Subject) -> None:
    there = registration_of(session, business.id, subject)
    if there is None:
        submit_new(session, business, subject, services.home)
    elif there.stage is Stage.REFUSED:
        try_again(session, there, 0)

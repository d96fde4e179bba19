"""What kind of line the contact of a registration has. Reviewers often refuse landlines and internet numbers.

The carrier is asked before anything is sent and paid: once for each number, and for at most three of a business.
"""

from typing import Final

from provisioning.contract.errors import CarrierError
from provisioning.contract.lookup import LineKind
from provisioning.contract.registration import Mender, Objection
from service.registration.models import Registration, Submission
from service.services import Services

NO_MOBILE: Final = "no_mobile"
"""The code of our own objection to a phone. Sent again as it is, the number goes to the reviewers."""

_DOUBTED: Final = frozenset({LineKind.LANDLINE, LineKind.INTERNET, LineKind.OTHER})
_LOOK_UPS: Final = 3
"""The most numbers of one business that are looked up; each costs a cent or less."""


def objections_to_phone(services: Services, submission_id: int, phone: str) -> tuple[Objection, ...]:
    """An objection that asks for a mobile, if the carrier's look-up says that the contact's phone is not one."""
    if _kind(services, submission_id, phone) in _DOUBTED:
        return (Objection(NO_MOBILE, Mender.CUSTOMER, "phone"),)
    return ()


def _kind(services: Services, submission_id: int, phone: str) -> LineKind | None:
    """What was looked up for this try; None for a number of an earlier try, and where the carrier cannot say."""
    with services.sessions() as session:
        submission = session.get_one(Submission, submission_id)
        carrier, asks = submission.registration.carrier, _asks(submission.registration, submission, phone)
    lookup = services.network(carrier).lookup
    if submission.phone == phone or not asks or lookup is None:
        return submission.phone_line if submission.phone == phone else None
    try:
        kind = lookup.kind_of(phone)
    except CarrierError:  # the answer improves advice alone, so nothing waits for it
        return None
    with services.sessions.begin() as session:
        submission = session.get_one(Submission, submission_id)
        submission.phone, submission.phone_line = phone, kind
    return kind


def _asks(registration: Registration, submission: Submission, phone: str) -> bool:
    before = {one.phone for one in registration.submissions if one.id != submission.id and one.phone}
    return phone not in before and len(before) < _LOOK_UPS

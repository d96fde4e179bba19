"""Businesses registered at the carrier compared with those that we registered. Each costs money every month."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Entered, Stage
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.registration.models import TAGGED, Registration, Subject
from service.services import Services


def differences(services: Services, carrier: str) -> Iterator[str]:
    """Businesses that only one side has, and those that are registered twice.

    What was entered by hand bears no tag of ours and is left out. While a registration awaits its answer, one that is
    unknown to us may be its result.
    """
    registration = services.network(carrier).registration
    there = registration.entered() if registration.capabilities.kinds else []
    with services.sessions() as session:
        ours, is_registering = _ours(session, carrier), _is_registering(session)
    yield from _doubled(there)
    listed = {one.reference for one in there}
    for one in there:
        if one.tag.startswith(TAGGED) and one.reference not in ours and not is_registering:
            yield f"Business {one.reference} is registered at {carrier} and in no row of ours."
    if registration.capabilities.kinds:
        yield from (f"Business {one} counts as registered and is not at {carrier}." for one in sorted(ours - listed))


def _doubled(there: list[Entered]) -> Iterator[str]:
    times = Counter(one.tag for one in there if one.tag.startswith(TAGGED))
    for tag in sorted(tag for tag, count in times.items() if count > 1):
        both = ", ".join(sorted(one.reference for one in there if one.tag == tag))
        yield f"One business is registered more than once: {both}."


def _ours(session: Session, carrier: str) -> set[str]:
    entered = (Registration.carrier == carrier, Registration.subject == Subject.BUSINESS, Registration.reference != "")
    return set(session.scalars(select(Registration.reference).where(*entered, Registration.stage != Stage.GONE)))


def _is_registering(session: Session) -> bool:
    under_way = (LedgerEntry.kind == EntryKind.REGISTER_BUSINESS, LedgerEntry.progress == Progress.TRYING)
    return bool(session.scalar(select(exists().where(*under_way))))

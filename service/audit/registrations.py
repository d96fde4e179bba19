"""Businesses and pools at the carrier compared with those that we registered. Each costs money every month."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Entered, Stage
from service.ledger.models import LedgerEntry, Progress
from service.registration.models import TAGGED, Registration, Subject
from service.registration.submitting import ENTRIES
from service.services import Services


@dataclass(frozen=True, slots=True)
class _Words:
    """How differences of a subject are told."""

    unknown: str
    missing: str
    doubled: str


_WORDS: Final = {
    Subject.BUSINESS: _Words(
        "Business {one} is registered at {carrier} and in no row of ours.",
        "Business {one} counts as registered and is not at {carrier}.",
        "One business is registered more than once: {both}.",
    ),
    Subject.POOL: _Words(
        "Pool {one} is open at {carrier} and in no row of ours.",
        "Pool {one} counts as open and is not at {carrier}: its numbers cannot text.",
        "One business has more than one pool: {both}.",
    ),
}


def differences(services: Services, carrier: str) -> Iterator[str]:
    """Businesses and pools that only one side has, and those that are there twice.

    What was entered by hand bears no tag of ours and is left out. While a registration awaits its answer, one that is
    unknown to us may be its result.
    """
    registration = services.network(carrier).registration
    if registration and registration.capabilities.kinds:
        yield from _compared(services, carrier, Subject.BUSINESS, registration.entered())
        yield from _compared(services, carrier, Subject.POOL, registration.opened())


def _compared(services: Services, carrier: str, subject: Subject, there: Sequence[Entered]) -> Iterator[str]:
    with services.sessions() as session:
        ours, is_awaited = _ours(session, carrier, subject), _is_awaited(session, subject)
    words, tagged = _WORDS[subject], [one for one in there if one.tag.startswith(TAGGED)]
    yield from _doubled(tagged, words)
    unknown = [one.reference for one in tagged if one.reference not in ours and not is_awaited]
    yield from (words.unknown.format(one=one, carrier=carrier) for one in unknown)
    missing = ours - {one.reference for one in there}
    yield from (words.missing.format(one=one, carrier=carrier) for one in sorted(missing))


def _doubled(tagged: Sequence[Entered], words: _Words) -> Iterator[str]:
    times = Counter(one.tag for one in tagged)
    for tag in sorted(tag for tag, count in times.items() if count > 1):
        both = ", ".join(sorted(one.reference for one in tagged if one.tag == tag))
        yield words.doubled.format(both=both)


def _ours(session: Session, carrier: str, subject: Subject) -> set[str]:
    entered = (Registration.carrier == carrier, Registration.subject == subject, Registration.reference != "")
    return set(session.scalars(select(Registration.reference).where(*entered, Registration.stage != Stage.GONE)))


def _is_awaited(session: Session, subject: Subject) -> bool:
    under_way = (LedgerEntry.kind == ENTRIES[subject], LedgerEntry.progress == Progress.TRYING)
    return bool(session.scalar(select(exists().where(*under_way))))

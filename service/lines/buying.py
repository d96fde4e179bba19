"""Buying a line's number at the carrier, exactly once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from provisioning.contract.errors import CarrierError, Conflict, Refused
from provisioning.contract.numbers import Available, Numbers, Wanted
from provisioning.contract.porting import NumberKind
from service.alerts import AlertKind, alert
from service.carrier_choice import first_offer, sellers
from service.carrier_cursors import silent_carriers
from service.ledger import leases
from service.ledger.models import LedgerEntry
from service.ledger.performer import Performer
from service.lines.kinds import kind_of
from service.lines.models import NumberRole, PhoneNumber, Standing
from service.lines.releasing import release_surplus
from service.lines.texting import enrol_for_texts
from service.services import Services
from service.spending.expenses import written_down
from service.time import now

ELSEWHERE = "US"
"""Where a number is bought if none is for sale in the country of its line."""

CANDIDATES = 8
"""How many numbers for sale are tried before giving up. A listed number is not reserved: others may buy it first."""

REST = timedelta(days=90)
"""How long a number that we released is not bought again, because its callers mean the customer before. Carriers in
the United States age numbers for as long (47 CFR 52.15)."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What to buy: `number` is the one that was chosen before, "" if none was.

    `only` that one is bought if the customer has chosen it; else another one will do, of whichever carrier has one:
    `carrier` is that of `number`, and `silent` ones have not answered for long.
    """

    row_id: int
    number: str
    country: str
    area: str
    carrier: str
    only: bool
    passed_over: Mapping[str, str]
    silent: Collection[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be bought, and why not from the carriers before this one (`Why`)."""

    number: str
    carrier: str
    passed_over: Mapping[str, str]


class BuyNumber(Performer[Purchase]):
    """Buys a line's temporary number, or one that the customer has chosen.

    The number is chosen and stored before it is bought. While the outcome is unclear the same number is tried again: it
    cannot be bought twice.
    """

    def prepare(self, session: Session, entry: LedgerEntry) -> Purchase:
        """Read what to buy."""
        row = session.get_one(PhoneNumber, entry.subject_id)
        return Purchase(
            row_id=row.id,
            number=row.number,
            country=row.line.country,
            area=row.area,
            carrier=row.carrier,
            only=row.role is NumberRole.ADDITIONAL,
            passed_over=row.passed_over,
            silent=silent_carriers(session),
        )

    def call(self, services: Services, entry: LedgerEntry, prepared: Purchase) -> str:
        """Buy the number chosen before, or the first one for sale.

        That this is called proves that nothing was bought under this entry, at whichever carrier.

        Raises:
            Conflict: the customer has chosen the number, and it is no longer for sale.
            Refused: none can be bought.
            Unavailable: a carrier that may have some does not answer.
        """
        for candidate in self._candidates(services, entry, prepared):
            if not _choose(services, entry, candidate):
                continue
            try:
                return self._buy(services, entry, candidate)
            except Conflict:
                if prepared.only:
                    raise
                _choose(services, entry, replace(candidate, number=""))
        raise Refused("no number is for sale")

    def look(self, services: Services, entry: LedgerEntry, prepared: Purchase) -> str | None:
        """The number with the entry's tag, if one was bought; stored, as a restored row may have another or none.

        The row tells at which carrier the last try was; one that was restored may have forgotten that.
        """
        for carrier in sellers(services, NumberKind.LOCAL) if entry.look_since else [prepared.carrier]:
            if owned := services.network(carrier).numbers.tagged(entry.tag):
                _keep_bought(services, prepared.row_id, carrier, owned.number)
                return owned.reference
        return None

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Put the number on the line, have it registered for texts, and write down what its first month costs.

        A toll-free number is not: carriers refuse its texts until it was verified by itself, which is not done here.
        """
        row = session.get_one(PhoneNumber, entry.subject_id)
        prices = services.network(row.carrier).prices
        month = prices.month(kind_of(row.number))
        session.execute(written_down(entry.id, row.line.workspace_id, month, prices.currency))
        row.standing = Standing.HELD
        row.reference = reference
        row.held_at = row.routed_at = now()
        if kind_of(row.number) is not NumberKind.TOLL_FREE:
            enrol_for_texts.defer(session, number_id=row.id)

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Alert the operators that no number could be bought, unless another customer bought the chosen one first.

        The row counts for no cap.
        """
        row = session.get_one(PhoneNumber, entry.subject_id)
        row.standing = Standing.FAILED
        if row.role is NumberRole.ADDITIONAL and isinstance(error, Conflict):
            return
        alert(session, AlertKind.NO_NUMBER_FOR_SALE, f"phone_number:{entry.subject_id}", trouble=str(error)[:200])

    def give_back(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Release a number that was bought a second time: it would cost money every month and serve no line."""
        for carrier in sellers(services, NumberKind.LOCAL):
            release_surplus.defer(session, carrier=carrier, reference=reference)

    def _candidates(self, services: Services, entry: LedgerEntry, wanted: Purchase) -> Iterator[Candidate]:
        """The number chosen before, then numbers for sale, if that one is sold to another buyer and others will do.

        Where no carrier has any in the line's country, they are American.
        """
        if wanted.number and (wanted.only or wanted.carrier not in wanted.silent):
            yield Candidate(wanted.number, wanted.carrier, wanted.passed_over)
        if wanted.only:
            return
        for where in (Wanted(wanted.country, wanted.area), Wanted(ELSEWHERE)):
            offer = first_offer(services, NumberKind.LOCAL, wanted.silent, partial(_search, services, entry, where))
            if offer:
                for found in offer.numbers[:CANDIDATES]:
                    yield Candidate(found.number, offer.carrier, offer.passed_over)
                return

    def _buy(self, services: Services, entry: LedgerEntry, wanted: Candidate) -> str:
        """Buy a number. If it is no longer for sale, an earlier try of ours may have bought it."""
        numbers = services.network(wanted.carrier).numbers
        try:
            return numbers.buy(wanted.number, entry.tag, services.routing(wanted.carrier)).reference
        except Conflict:
            owned = numbers.find(wanted.number)
            if owned is None or owned.tag != entry.tag:
                raise
            return owned.reference


def _search(services: Services, entry: LedgerEntry, where: Wanted, numbers: Numbers) -> list[Available]:
    """Search at one carrier. Raises `TooLate`, and what that raises."""
    with services.sessions.begin() as session:
        leases.renew(session, services.settings, entry)  # the carrier before may have taken long
    return numbers.search(where)


def _choose(services: Services, entry: LedgerEntry, chosen: Candidate) -> bool:
    """Store the choice before buying. False if another line of ours has chosen the number, or it is within `REST`.

    Raises:
        TooLate: another worker chooses by now.
    """
    try:
        with services.sessions.begin() as session:
            leases.renew(session, services.settings, entry)
            if is_resting(session, chosen.number):
                return False
            row = session.get_one(PhoneNumber, entry.subject_id)
            row.number, row.carrier, row.passed_over = chosen.number, chosen.carrier, dict(chosen.passed_over)
    except IntegrityError:
        return False
    return True


def _keep_bought(services: Services, row_id: int, carrier: str, number: str) -> None:
    """Store the bought number. Another line that has chosen the same number has to choose again."""
    with services.sessions.begin() as session:
        others = (PhoneNumber.number == number, PhoneNumber.standing == Standing.WANTED, PhoneNumber.id != row_id)
        session.execute(update(PhoneNumber).where(*others).values(number=""))
        row = session.get_one(PhoneNumber, row_id)
        row.number, row.carrier = number, carrier


def is_resting(session: Session, number: str) -> bool:
    """Whether a number (E.164) was released by us within `REST`."""
    released = (PhoneNumber.standing == Standing.RELEASED, PhoneNumber.released_at > now() - REST)
    return bool(number and session.scalar(select(exists().where(PhoneNumber.number == number, *released))))

"""Submitting registrations exactly once: each costs a fee, and the carrier knows no idempotency keys.

A registration is found at the carrier by its tag, or by what was submitted before it was refused.
"""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from provisioning.contract import registration as contract
from provisioning.contract.caller_trust import Caller, CallerService
from provisioning.contract.errors import CarrierError
from provisioning.contract.registration import Fee, Program, Registered, Stage, TollFreeUse
from service.callback_addresses import addresses
from service.ledger.models import LedgerEntry
from service.ledger.performer import Performer
from service.registration.details import business_of, caller_of, program_of, toll_free_use_of
from service.registration.learning import Objected, alert_if_ours, objections_in
from service.registration.models import Registration, Subject, Submission
from service.registration.owner_notices import notify_owner
from service.registration.phone_lines import objections_to_phone
from service.registration.submitting import registration_of, submit_program
from service.services import Services
from service.time import now


@dataclass(frozen=True, slots=True)
class Ready:
    """What is submitted, for the `first` time or after a refusal.

    `brand` and `pool` are the carrier's ids of who texts and of the pool, "" until they are known.
    """

    registration: Registration
    first: bool
    business: contract.Business
    program: Program
    toll_free: TollFreeUse
    caller: Caller
    brand: str
    pool: str

    @property
    def carrier(self) -> str:
        """Name of the carrier."""
        return self.registration.carrier

    def is_refused(self, there: Registered) -> bool:
        """Whether the carrier still has what it refused, which this submission corrects."""
        return not self.first and there.stage is Stage.REFUSED


class Submitting(Performer[Ready]):
    """What the performers of all registrations have in common."""

    def prepare(self, session: Session, entry: LedgerEntry) -> Ready:
        """Read the answers of now: those before were refused."""
        submission = session.get_one(Submission, entry.subject_id)
        business = submission.registration.business
        who, pool = (registration_of(session, business.id, subject) for subject in (Subject.BUSINESS, Subject.POOL))
        return Ready(
            submission.registration,
            submission.sequence == 1,
            business_of(business),
            program_of(business),
            toll_free_use_of(business),
            caller_of(business),
            who.reference if who else "",
            pool.reference if pool else "",
        )

    def settle(self, session: Session, services: Services, entry: LedgerEntry, reference: str) -> None:
        """Store the carrier's id, and what this submission cost."""
        submission = session.get_one(Submission, entry.subject_id)
        registration = submission.registration
        costs = services.registration(registration.carrier).capabilities.fees
        of_kind = costs.get(registration.business.kind, {})
        submission.paid = sum(of_kind.get(fee, 0) for fee in self.due(entered_before=bool(registration.reference)))
        registration.reference, registration.changed_at, registration.asked_at = reference, now(), None
        self.entered(session, registration)

    def due(self, *, entered_before: bool) -> tuple[Fee, ...]:
        """The fees of a submission."""
        return ()

    def entered(self, session: Session, registration: Registration) -> None:
        """What follows once the carrier has it."""

    def refuse(self, session: Session, services: Services, entry: LedgerEntry, error: CarrierError) -> None:
        """Show what the carrier objects to; no fee was due."""
        registration = session.get_one(Submission, entry.subject_id).registration
        objections = objections_in(error)
        registration.stage, registration.changed_at = Stage.REFUSED, now()
        registration.objections = [asdict(one) for one in objections]
        alert_if_ours(session, registration, objections)
        notify_owner(session, services, registration)


class RegisterBusiness(Submitting):
    """Registers who texts, or corrects it after a refusal."""

    def due(self, *, entered_before: bool) -> tuple[Fee, ...]:
        """It is paid for once; correcting it costs nothing."""
        return () if entered_before else (Fee.BUSINESS, Fee.VETTING)

    def call(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str:
        """Check it for nothing, then enter it or correct what was refused. Raises `Objected` before a fee is due."""
        facet, tag = services.registration(prepared.carrier), prepared.registration.tag
        reference, news = prepared.registration.reference, addresses(services, prepared.carrier).registration(tag)
        if objections := objections_to_phone(services, entry.subject_id, prepared.business.person.phone):
            raise Objected(objections)
        if objections := facet.check_business(prepared.business, tag, news):
            raise Objected(objections)
        if not reference:
            return facet.enter_business(prepared.business, tag, news)
        if facet.business(reference).stage is Stage.REFUSED:
            facet.mend_business(reference, prepared.business, tag)
        return reference

    def look(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str | None:
        """The business with our tag; a corrected one is no longer refused."""
        facet, reference = services.registration(prepared.carrier), prepared.registration.reference
        if not reference:
            return facet.find_business(prepared.registration.tag)
        return None if facet.business(reference).stage is Stage.REFUSED else reference


class OpenPool(Submitting):
    """Opens the pool for the numbers of a business, which costs nothing."""

    def call(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str:
        """Open it, or find the one with our tag."""
        name, tag = prepared.business.trade_name, prepared.registration.tag
        return services.registration(prepared.carrier).open_program(name, tag)

    def look(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str | None:
        """Nothing to look for: opening it again finds the one with our tag."""
        return None

    def entered(self, session: Session, registration: Registration) -> None:
        """An open pool is all there is to it; a business that was approved sooner waits for it."""
        registration.stage = Stage.APPROVED
        submit_program(session, registration.business)


class RegisterProgram(Submitting):
    """Registers what a business texts, or corrects it after a refusal."""

    def due(self, *, entered_before: bool) -> tuple[Fee, ...]:
        """Each review has its fee."""
        return (Fee.REVIEW,)

    def call(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str:
        """Enter it, unless the pool has one; of that, correct what was refused."""
        facet = services.registration(prepared.carrier)
        there = facet.program(prepared.pool)
        if there is None:
            news = addresses(services, prepared.carrier).registration(prepared.registration.tag)
            facet.enter_program(prepared.pool, prepared.brand, prepared.business.kind, prepared.program, news)
        elif prepared.is_refused(there):
            facet.mend_program(prepared.pool, prepared.program)
        return prepared.pool

    def look(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str | None:
        """The pool once it has a program; a corrected one is no longer refused."""
        there = services.registration(prepared.carrier).program(prepared.pool)
        return None if there is None or prepared.is_refused(there) else prepared.pool


class VerifyTollFree(Submitting):
    """Has a toll-free number verified, or corrects that after a refusal. It costs nothing."""

    def call(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str:
        """Submit the verification, unless one has our tag; of that, correct what was refused."""
        facet, tag = services.registration(prepared.carrier), prepared.registration.tag
        asked = (prepared.business, prepared.program, prepared.toll_free)
        there = facet.find_toll_free(tag)
        if there is None:
            news = addresses(services, prepared.carrier).registration(tag)
            return facet.verify_toll_free(prepared.registration.number, *asked, tag, news).reference
        if prepared.is_refused(there):
            facet.mend_toll_free(there.reference, *asked)
        return there.reference

    def look(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str | None:
        """The verification with our tag; a corrected one is no longer refused."""
        there = services.registration(prepared.carrier).find_toll_free(prepared.registration.tag)
        return None if there is None or prepared.is_refused(there) else there.reference


class RegisterCaller(Submitting):
    """Registers how calls of a business show: its name, its signature, or what spam filters know of it."""

    def call(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str:
        """Enter it, or go on with the one that has our tag; of that, correct what was refused."""
        facet = services.caller_trust(prepared.carrier)
        service, tag = CallerService(prepared.registration.subject), prepared.registration.tag
        news = addresses(services, prepared.carrier).registration(tag)
        return facet.enter(service, prepared.brand, prepared.caller, tag, news)

    def look(self, services: Services, entry: LedgerEntry, prepared: Ready) -> str | None:
        """The one with our tag; a corrected one is no longer refused."""
        there = services.caller_trust(prepared.carrier).find(prepared.registration.tag)
        return None if there is None or prepared.is_refused(there) else there.reference

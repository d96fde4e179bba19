"""Having a business registered: what is submitted when, and each time at most once.

A business that registers again because a restored backup has forgotten it gets the tags of before, by which the carrier
is asked before anything is paid.
"""

from datetime import UTC
from hashlib import sha256
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Fee, Stage
from service.errors import Conflict
from service.ledger.ledger import owe
from service.ledger.models import EntryKind, LedgerEntry, Progress
from service.ledger.restorations import forgotten_since
from service.registration.fees import fees_of
from service.registration.models import TAGGED, Business, Registration, Subject, Submission
from service.services import Services
from service.spending.permission import must_be_open

ENTRIES: Final = {
    Subject.BUSINESS: EntryKind.REGISTER_BUSINESS,
    Subject.POOL: EntryKind.OPEN_POOL,
    Subject.PROGRAM: EntryKind.REGISTER_PROGRAM,
    Subject.TOLL_FREE: EntryKind.VERIFY_TOLL_FREE,
    Subject.CALLER_NAME: EntryKind.REGISTER_CALLER,
    Subject.CALL_SIGNATURE: EntryKind.REGISTER_CALLER,
    Subject.CALL_LABELS: EntryKind.REGISTER_CALLER,
}
"""The ledger entry that submits each subject."""


def begin(session: Session, services: Services, business: Business, fee_agreed: int) -> None:
    """Have a business registered, and a pool opened for its numbers; its program follows once it is approved.

    `fee_agreed` is what all of it costs once, in cents, as the owner was shown. Beginning twice is beginning once.

    Raises:
        Conflict: the carrier registers no business of this kind for us, or the workspace is paused.
    """
    must_be_open(session, business.workspace_id)
    carrier = services.home
    registration = services.network(carrier).registration
    if registration is None or business.kind not in registration.capabilities.kinds:
        raise Conflict("Businesses can’t register for texting here yet. Email us.")
    session.flush()
    session.refresh(business, with_for_update=True)
    if registration_of(session, business.id, Subject.BUSINESS) is None:
        submit_new(session, business, Subject.BUSINESS, carrier, fee=fee_agreed)
    if registration_of(session, business.id, Subject.POOL) is None:
        submit_new(session, business, Subject.POOL, carrier)


def try_again(session: Session, registration: Registration, fee_agreed: int) -> None:
    """Submit what was refused with the business's answers of now, for a fee in cents that was agreed to.

    Raises:
        Conflict: it is not refused, is being submitted already, or the workspace is paused.
    """
    must_be_open(session, registration.business.workspace_id)
    session.flush()
    session.refresh(registration, with_for_update=True)
    if registration.stage is not Stage.REFUSED:
        raise Conflict("This was not refused, so there is nothing to send again.")
    registration.stage, registration.objections, registration.reason = Stage.CHECKING, [], ""
    _submit(session, registration, fee_agreed)


def submit_program(session: Session, business: Business) -> None:
    """Submit what an approved business texts, once its pool is open. Idempotent; its fee was agreed to at the start.

    Both may come to pass in the same moment: the second of them waits for the business's row, and sees the first.
    """
    session.flush()
    session.refresh(business, with_for_update=True)
    who, pool = (registration_of(session, business.id, subject) for subject in (Subject.BUSINESS, Subject.POOL))
    program = registration_of(session, business.id, Subject.PROGRAM)
    if who and pool and pool.reference and who.stage is Stage.APPROVED and program is None:
        submit_new(session, business, Subject.PROGRAM, who.carrier)


def submit_new(
    session: Session, business: Business, subject: Subject, carrier: str, *, fee: int = 0, number: str = ""
) -> None:
    """Submit something for the first time; `number` is the carrier's id of a toll-free number."""
    tag = _tag(session, business, subject, number)
    registration = Registration(business=business, subject=subject, carrier=carrier, number=number, tag=tag)
    session.add(registration)
    _submit(session, registration, fee)


def is_being_submitted(session: Session, registration: Registration) -> bool:
    """Whether the latest submission of a registration has not come to an end."""
    latest = registration.submissions[-1].id if registration.submissions else 0
    owed = (LedgerEntry.kind == ENTRIES[registration.subject], LedgerEntry.subject_id == latest)
    is_open = LedgerEntry.progress.in_([Progress.READY, Progress.TRYING])
    return bool(session.scalar(select(exists().where(*owed, is_open))))


def registration_of(session: Session, business_id: int, subject: Subject) -> Registration | None:
    """The registration of a business, of its pool or of its program; None if it was not begun."""
    mine = (Registration.business_id == business_id, Registration.subject == subject)
    return session.scalar(select(Registration).where(*mine).order_by(Registration.id))


def fee_to_begin(services: Services, business: Business) -> int:
    """What registering a business costs its owner once, in cents of a US dollar; 0 where it cannot."""
    fees = fees_of(services, services.home, business.kind)
    return sum(cents for fee, cents in fees.items() if fee is not Fee.MONTH)


def fee_to_try_again(services: Services, registration: Registration) -> int:
    """What another try costs the owner, in cents: a review of what is texted, nothing for anything else."""
    if registration.subject is not Subject.PROGRAM:
        return 0
    return fees_of(services, registration.carrier, registration.business.kind).get(Fee.REVIEW, 0)


def _submit(session: Session, registration: Registration, fee: int) -> None:
    submission = Submission(registration=registration, sequence=len(registration.submissions) + 1, fee=fee)
    session.add(submission)
    session.flush()
    owe(session, ENTRIES[registration.subject], submission.id, look_since=forgotten_since(session))


def _tag(session: Session, business: Business, subject: Subject, number: str) -> str:
    """By what the carrier knows a registration: of the same thing of the same workspace always the same.

    When the workspace was made, to the microsecond, tells it from those of other installations in the same account.
    """
    workspaces = Business.metadata.tables["workspaces"]
    made_at = session.scalars(select(workspaces.c.made_at).where(workspaces.c.id == business.workspace_id)).one()
    which = f"{business.workspace_id} {made_at.astimezone(UTC).isoformat()} {subject} {number}"
    return f"{TAGGED}{sha256(which.encode()).hexdigest()[:20]}"

"""What is answered about a business, on its page or by a program: which answers are asked, and what they cost."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.registration import Mender
from service.accounts.models import Member
from service.lines.models import PhoneNumber, Standing
from service.registration.answers import FIELDS_OF, open_concerns
from service.registration.concerns import Concern
from service.registration.models import Business
from service.registration.pools import business_for
from service.registration.standing import Standing as Where
from service.registration.standing import State
from service.registration.submitting import fee_to_begin, fee_to_try_again
from service.web.registration.forms import BusinessForm
from service.web.registration.prefill import fill
from service.web.shell.context import services

_OPEN: Final = frozenset({State.NOT_BEGUN, State.REFUSED})
"""States in which the form can be sent."""

_THEIRS: Final = frozenset({Mender.CUSTOMER, Mender.WORDING})
"""Who has to mend what the customer can send again."""


def may_send(where: Where) -> bool:
    """Whether the form is to be sent: not begun, or refused for what the customer can correct."""
    mendable = not where.objections or any(one.mender in _THEIRS for one in where.objections)
    return where.state in _OPEN and mendable


def business_to_answer(session: Session, here: Member) -> Business:
    """The business of a workspace, locked, so that simultaneous changes are made one after the other."""
    business = business_for(session, here.workspace_id, here.workspace.name)
    if not business.legal_name:
        fill(session, business, here)
        session.flush()
    return business


def concerns_open(session: Session, business: Business, where: Where, answered: Collection[str]) -> list[Concern]:
    """The doubts that are not `answered` (keys), about fields that are asked."""
    ours = session.scalars(select(PhoneNumber.number).where(PhoneNumber.standing == Standing.HELD)).all()
    fields = _fields(where)
    return [one for one in open_concerns(business, ours, answered) if not fields or one.field in fields]


def _fields(where: Where) -> frozenset[str]:
    """The fields of the form that were refused."""
    return frozenset(name for field in where.fields for name in FIELDS_OF.get(field, (field,)))


def schema_of(where: Where) -> BusinessForm:
    """The form with the fields that were refused; all of it if nothing was, or if the refusal names no field."""
    fields = _fields(where)
    is_unclear = any(one.mender is Mender.CUSTOMER and not one.field for one in where.objections)
    if where.state is not State.REFUSED or is_unclear:
        return BusinessForm()
    names = {name for name in BusinessForm().fields if name in fields or ("ways" in fields and name.startswith("way_"))}
    return BusinessForm(only={*names, "agreed"})


def fee_now(business: Business, where: Where) -> int:
    """What sending costs now, in cents."""
    if where.state is State.REFUSED and where.waits_for:
        return fee_to_try_again(services(), where.waits_for)
    return fee_to_begin(services(), business)

"""What a new form of a business is filled with, from what we know: its last bill, its team, and its name here."""

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from provisioning.contract.porting import SubscriberKind
from service.accounts.models import Member
from service.porting.models import PortProject
from service.registration.models import Business, Purpose

_ADDRESS = ("street", "street2", "city", "region", "postal_code")


def fill(session: Session, business: Business, member: Member) -> None:
    """Fill an unanswered form of a member's workspace. What is guessed stands in the form, to be corrected there."""
    name = member.workspace.name
    first_name, _, last_name = member.user.name.partition(" ")
    business.trade_name, business.language = name, member.workspace.language
    business.legal_name, business.email = name, member.user.email
    business.first_name, business.last_name = first_name, last_name
    business.purpose, business.samples = Purpose.ANSWERS, _examples(name)
    if bill := _last_bill(session, member.workspace_id):
        _from_bill(business, bill)


def _last_bill(session: Session, workspace_id: int) -> PortProject | None:
    """The transfer of an American business number that was worked on last, with its holder's name from the bill."""
    answered = PortProject.subscriber_name != "", PortProject.subscriber_kind == SubscriberKind.BUSINESS
    here = PortProject.workspace_id == workspace_id, PortProject.country == "US"
    return session.scalar(select(PortProject).where(*here, *answered).order_by(PortProject.touched_at.desc()).limit(1))


def _from_bill(business: Business, bill: PortProject) -> None:
    business.legal_name = bill.subscriber_name
    for name in _ADDRESS:
        setattr(business, name, getattr(bill, name))
    business.first_name, _, business.last_name = bill.authorized_person.partition(" ")
    business.email, business.phone = bill.authorized_email or business.email, bill.contact_number


def _examples(name: str) -> list[str]:
    return [
        gettext("%(name)s: your order is ready on [day] at [time]. Reply STOP to opt out.", name=name),
        gettext("%(name)s: thanks for your question, [first name]. We are open [hours].", name=name),
    ]

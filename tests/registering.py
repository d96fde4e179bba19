"""Registrations in tests: days in which the carrier looks at them, or a carrier that decides at once."""

from datetime import timedelta

from sqlalchemy import select

from service.registration.learning import ask_about_registration
from service.registration.models import Registration, Subject
from service.registration.submitting import begin, fee_to_begin
from service.schedule.poll_registrations import poll_registrations, ready_numbers
from tests.factories import a_business

OFFICE = {"email": "office@bakery.example", "phone": "+14155550191"}
"""Where the owner hears of the registration, so that it mixes with nothing that a test reads."""


def passing_days(services, world, clock, work):
    """Let so many days pass: the carrier decides, and we ask each quarter of a day."""

    def let_pass(days):
        for _ in range(days * 4):
            clock.jump(timedelta(hours=6))
            world.run_due()
            poll_registrations(services)
            work()

    return let_pass


def register_at_once(services, world, work, workspace_id):
    """Have the business of a workspace registered while the clock stands, and let its numbers text."""
    with services.sessions.begin() as session:
        business = a_business(session, workspace_id, **OFFICE)
        begin(session, services, business, fee_to_begin(services, business))
    work()
    for brand in [one.sid for one in world.state.brands.values() if one.status == "PENDING"]:
        world.registry.decide_brand(brand, "APPROVED")
    _ask(services, work)
    for service in [
        one.sid for one in world.state.services.values() if one.campaign and one.campaign.status == "PENDING"
    ]:
        world.registry.decide_campaign(service, "VERIFIED")
    _ask(services, work)
    ready_numbers(services)
    work()


def _ask(services, work):
    """Ask now, whenever the carrier was asked last."""
    with services.sessions.begin() as session:
        for entered in session.scalars(select(Registration).where(Registration.reference != "")):
            if entered.subject is not Subject.POOL:
                ask_about_registration.defer_once(session, registration_id=entered.id)
    work()

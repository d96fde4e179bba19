"""Checks of our set-up at a carrier: account, callbacks, numbers, registration of texts."""

from datetime import timedelta

from sqlalchemy import distinct, func, select

from provisioning.contract.account import TextRegistration
from provisioning.contract.errors import Broken
from service.audit import registrations
from service.doctor.findings import Finding, Patient, note, ok, problem
from service.lines.models import Line, PhoneNumber, Standing
from service.logs import shortened
from service.time import real_time

CLOCKS_MAY_DIFFER = timedelta(seconds=30)
NAMED_AT_MOST = 5

_SET_UP = "Run portline set-up-carrier."


def account(patient: Patient, carrier: str) -> Finding:
    """The carrier accepts our credentials, and the account is in order."""
    try:
        state = patient.services.network(carrier).account.state()
    except Broken as error:
        return problem(f"{error}.", "Compare the carrier's settings with its console.")
    if state.trouble:
        return problem(f"The carrier calls our account: {state.trouble}.", "Put it in order in the carrier's console.")
    return ok("The carrier takes our credentials.")


def clock(patient: Patient, carrier: str) -> Finding:
    """This machine and the carrier tell the same time."""
    carrier_time = patient.services.network(carrier).account.state().clock
    if carrier_time is None:
        return note("The carrier does not tell its time.", "See that this machine's clock is set by NTP.")
    apart = abs(carrier_time - real_time())
    if apart > CLOCKS_MAY_DIFFER:
        seconds = int(apart.total_seconds())
        return problem(f"This machine's clock and the carrier's are {seconds} seconds apart.", "Set it by NTP.")
    return ok("This machine's clock agrees with the carrier's.")


def porting_callbacks(patient: Patient, carrier: str) -> Finding:
    """Callbacks about orders are sent here."""
    theirs = patient.services.network(carrier).callbacks.porting_url()
    ours = patient.services.webhook(carrier, "porting")
    if theirs is None:
        return problem("The carrier sends news of orders nowhere.", _SET_UP)
    if theirs != ours:
        return problem(f"The carrier sends news of orders to {theirs}, not to {ours}.", _SET_UP)
    return ok("The carrier sends news of orders here.")


def platform_number(patient: Patient, carrier: str) -> Finding:
    """The number that our notices are texted from is in the account, and replies to it come here."""
    number = patient.services.platform_number(carrier)
    if carrier != patient.services.home and not number:
        return ok("Our own texts leave from another carrier.")
    if not number:
        return note("No PLATFORM_NUMBER is set: customers get mail only.", "Buy one number for it, and set it.")
    named = "PLATFORM_NUMBER" if carrier == patient.services.home else "STANDBY_NUMBER"
    owned = patient.services.network(carrier).numbers.find(number)
    if owned is None:
        return problem(f"{named} is not in the account.", f"{_SET_UP} With --buy-platform-number it buys it.")
    if owned.routing != patient.services.routing(carrier):
        return problem(f"Answers to {named} do not come here: STOP would not be heard.", _SET_UP)
    if not patient.services.network(carrier).messaging.enrolled(owned.reference):
        return problem(f"{named} is not in our registration: its texts would be refused.", _SET_UP)
    return ok(f"{named} is ours, and answers to it come here.")


def browser_phones(patient: Patient, carrier: str) -> Finding:
    """The carrier accepts the key with which tokens for phones in browsers are signed."""
    phones = patient.services.network(carrier).browser_phones
    if phones is None:
        return note("The carrier lets no pages be phones.", "Calls ring phones alone; nothing is to be done.")
    if not phones.is_set_up:
        return note("Calls cannot be taken in browsers.", f"{_SET_UP} With --make-browser-key it makes a key for them.")
    if phones.script is None:
        return note(
            "The carrier's script for calls in browsers was not fetched.", "Fetch it, as docs/operating.md says."
        )
    try:
        phones.check()
    except Broken as error:
        return problem(f"The key for phones in browsers is no good: {error}.", f"{_SET_UP} With --make-browser-key.")
    return ok("The carrier takes the key for phones in browsers.")


def numbers(patient: Patient, carrier: str) -> Finding:
    """Every number of our customers is in the account, and its calls and texts are routed here."""
    there = {owned.number: owned for owned in patient.services.network(carrier).numbers.owned()}
    held = _held(patient, carrier)
    missing = [number for number in held if number not in there]
    astray = [
        number for number in held if number in there and there[number].routing != patient.services.routing(carrier)
    ]
    if missing:
        return problem(f"Not in the carrier's account: {_named(missing)}.", "Find out who released or moved them.")
    if astray:
        return problem(f"Calls or texts go elsewhere: {_named(astray)}.", "Route them here in the carrier's console.")
    if strangers := set(there) - set(held) - {*patient.services.settings.platform_numbers}:
        return note(
            f"In the account, but in no book of ours: {_named(sorted(strangers))}.",
            "They cost money: another installation's, or a purchase nobody knows of.",
        )
    return ok(f"Our {len(held)} numbers are in the account, and their calls and texts come here.")


def _held(patient: Patient, carrier: str) -> list[str]:
    """Customers' numbers that are routed. A number that is just being ported may not be routed yet."""
    routed = (PhoneNumber.standing == Standing.HELD, PhoneNumber.carrier == carrier, PhoneNumber.routed_at.is_not(None))
    with patient.services.sessions() as session:
        return list(session.scalars(select(PhoneNumber.number).where(*routed).order_by(PhoneNumber.id)))


def _named(found: list[str]) -> str:
    shown = ", ".join(shortened(number) for number in found[:NAMED_AT_MOST])
    return shown if len(found) <= NAMED_AT_MOST else f"{shown} and {len(found) - NAMED_AT_MOST} more"


def registration(patient: Patient, carrier: str) -> Finding:
    """Texts from American numbers are registered; operators there refuse unregistered ones."""
    ours = [*_held(patient, carrier), patient.services.platform_number(carrier)]
    if not any(number.startswith("+1") for number in ours):
        return ok("No number of ours needs a registration of its texts.")
    return _REGISTERED[patient.services.network(carrier).account.text_registration()]


def businesses(patient: Patient, carrier: str) -> Finding:
    """Each business texts under its own registration, and each registration at the carrier is known here."""
    registration = patient.services.network(carrier).registration
    if patient.services.settings.single_business:
        return _only_one(patient)
    if registration is None:
        return problem(
            "The carrier registers no businesses for texts.",
            "Name one in CARRIERS before it that does, or set SINGLE_BUSINESS if all here is one business.",
        )
    if not registration.capabilities.kinds:
        return problem(
            "Businesses cannot be registered for texts.",
            "Have our own business profile approved at the carrier, and name it in the carrier's settings.",
        )
    if found := list(registrations.differences(patient.services, carrier)):
        return problem(found[0], "Run portline audit for all of it; each costs money every month.")
    if left := _in_shared_pool(patient, carrier):
        return note(
            f"Text under the installation's registration still: {_named(left)}.",
            "Once their business is registered, choose a day with portline move-texts.",
        )
    return ok("Each business texts under a registration of its own.")


def _only_one(patient: Patient) -> Finding:
    with patient.services.sessions() as session:
        count = session.scalar(select(func.count(distinct(Line.workspace_id)))) or 0
    if count > 1:
        return note(
            f"{count} businesses text under one registration, which American operators forbid.",
            "Unset SINGLE_BUSINESS, so that each registers itself; until its own day each texts as before.",
        )
    return ok("One business texts under one registration.")


def _in_shared_pool(patient: Patient, carrier: str) -> list[str]:
    texting = (PhoneNumber.texts_since.is_not(None), PhoneNumber.pool == "", PhoneNumber.number.startswith("+1"))
    held = (PhoneNumber.standing == Standing.HELD, PhoneNumber.carrier == carrier)
    with patient.services.sessions() as session:
        return list(session.scalars(select(PhoneNumber.number).where(*held, *texting).order_by(PhoneNumber.id)))


_REGISTERED = {
    TextRegistration.APPROVED: ok("Our texts are registered."),
    TextRegistration.PENDING: problem(
        "The registration of our texts is not decided yet.", "Wait for it; it can take three weeks."
    ),
    TextRegistration.REFUSED: problem(
        "The registration of our texts was refused.", "See why in the carrier's console, and enter it anew."
    ),
    TextRegistration.MISSING: problem(
        "Our texts are not registered: American operators will refuse them.",
        "Register a campaign at the carrier and name its service in the carrier's settings.",
    ),
}

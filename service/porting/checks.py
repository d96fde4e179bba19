"""Checks before a project is filed: numbers, fields, papers, days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from provisioning.contract.porting import Remaining, Verdict
from provisioning.contract.porting_rules import PortingCapabilities
from provisioning.time_zones import zone_of
from service.porting.business_days import business_day_after, is_business_day
from service.porting.kinds import country_of
from service.porting.models import DocumentKind, PortNumber, PortProject
from service.porting.needs import asked
from service.porting.question_sets import Question
from service.time import today

HORIZON = timedelta(days=30)
"""Carriers take wished dates up to thirty days ahead."""


_REFUSED: Final = {
    Verdict.NO: "This number can’t transfer to us.",
    Verdict.BY_HAND: "This number can only transfer by hand, which we don’t offer yet.",
}


def missing(project: PortProject) -> dict[str, list[str]]:
    """What a project lacks before it can be filed: for each field, what to do."""
    faults = missing_answers(project) | _missing_of_numbers(project)
    if not any(document.kind is DocumentKind.BILL for document in project.documents):
        faults["bill"] = "Add your latest bill, from the last 30 days."
    if not project.agreed_at:
        faults["agreed"] = "Check every box to go on."
    return {field: [sentence] for field, sentence in faults.items()}


def missing_answers(project: PortProject) -> dict[str, str]:
    """The unanswered questions among what is missing: for each field, what to do."""
    return {name: question.missing for name, question in asked(project).items() if _is_missing(project, name, question)}


def _is_missing(project: PortProject, name: str, question: Question) -> bool:
    """Whether an answer is needed and not there: what becomes of the others is needed as soon as it is asked."""
    if name == "remaining":
        return project.remaining is None
    if name == "new_billing_number":
        return project.remaining is Remaining.KEEP and not project.new_billing_number
    return question.required and not getattr(project, name)


def _missing_of_numbers(project: PortProject) -> dict[str, str]:
    refused = [number.verdict for number in project.numbers if number.verdict in _REFUSED]
    if not project.numbers:
        return {"number": "Enter the number you want to transfer."}
    if len(refused) < len(project.numbers):
        return {"number": "Some of these numbers can’t transfer. Remove them first."} if refused else {}
    return {"number": _REFUSED[Verdict.NO if Verdict.NO in refused else Verdict.BY_HAND]}


def possible_days(number: PortNumber, capabilities: PortingCapabilities) -> list[date]:
    """Days that can be wished for: business days in the number's country, from the earliest one to `HORIZON`."""
    here, country = today(zone_of(number.number)), country_of(number.number)
    first, last = earliest_day(number, capabilities, here), here + HORIZON
    return [day for day in _days(first, last) if is_business_day(day, country)]


def earliest_day(number: PortNumber, capabilities: PortingCapabilities, filed: date) -> date:
    """The first business day on which a number can move that is filed on that day at the number.

    It comes after the carrier's lead time, and not before its usual time allows.
    """
    country = country_of(number.number)
    usual = capabilities.usual_time(country, number.kind)
    allowed = filed + timedelta(days=capabilities.lead_days)
    likely = business_day_after(filed, usual.least, country) if usual else allowed
    return business_day_after(max(allowed, likely) - timedelta(days=1), 1, country)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def last_free_moment(number: PortNumber, capabilities: PortingCapabilities) -> datetime | None:
    """Until when a port can be changed or canceled (aware UTC); None while no date is committed.

    A date without a clock time counts from the start of that day in the number's time zone.
    """
    if number.committed_on is None:
        return None
    start = number.committed_at or datetime.combine(number.committed_on, time(), zone_of(number.number))
    return start.astimezone(UTC) - capabilities.cancel_cutoff

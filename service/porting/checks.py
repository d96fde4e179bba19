"""Checks before a project is filed: numbers, fields, papers, days."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import phonenumbers
from PIL import Image, UnidentifiedImageError

from provisioning.contract.porting import PortingCapabilities, Remaining, Verdict
from provisioning.time_zones import zone_of
from service.bounded import NotRead, TooMuch, read_apart
from service.errors import Invalid
from service.porting.business_days import is_business_day
from service.porting.models import DocumentKind, PortNumber, PortProject
from service.porting.pdf_text import PDF, has_pages, is_pdf
from service.time import now

LARGEST_BILL = 10 * 1024 * 1024
HORIZON = timedelta(days=30)
"""Carriers take wished dates up to thirty days ahead."""

REQUIRED: Mapping[str, str] = {
    "subscriber_name": "Enter the name exactly as it stands on the bill.",
    "authorized_person": "Enter first and last name of the person who may move the number.",
    "authorized_email": "Enter the e-mail address of the person who signs.",
    "street": "Enter the street and house number as on the bill.",
    "city": "Enter the city as on the bill.",
    "region": "Enter the state as on the bill.",
    "postal_code": "Enter the ZIP code as on the bill.",
    "contact_email": "Enter the e-mail address we can reach you at.",
    "subscriber_id": "Enter the organisation number, or the personal number of a private holder.",
}


def subscriber_id(typed: str) -> str:
    """A Swedish organisation or personal number, its digits alone: ten, or twelve with the century (16 for a company).

    Raises:
        Invalid: on the field `subscriber_id`, when it has not as many digits or they do not check (Luhn).
    """
    digits = "".join(character for character in typed if character not in " -+")
    if not digits.isdecimal() or len(digits) not in {10, 12} or not _checks(digits[-10:]):
        raise Invalid({"subscriber_id": ["This is not a complete number. It has ten digits, such as 556036-0793."]})
    return digits


def _checks(digits: str) -> bool:
    """Luhn's rule over ten digits: every other one counts double, by the sum of its digits."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[::2])
    return (sum(doubled) + sum(map(int, digits[1::2]))) % 10 == 0


def may_carry_texts(number: str) -> bool:
    """Whether numbers (E.164) of this kind carry texts: not fixed ones, where mobile numbers look different.

    In North America they look alike, and carriers enable fixed lines for texts.
    """
    return phonenumbers.number_type(phonenumbers.parse(number)) != phonenumbers.PhoneNumberType.FIXED_LINE


def country_of(number: str) -> str:
    """ISO 3166 code of the country or territory that a number (E.164) belongs to, "" if none.

    By the library's region and not by "+1", which twenty Caribbean countries share with the US.
    """
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return region if region.isalpha() else ""  # "001" stands for satellites and international networks


def missing(project: PortProject) -> dict[str, list[str]]:
    """What a project lacks before it can be filed: for each field, what to do."""
    faults = missing_answers(project) | _missing_of_numbers(project)
    if not any(document.kind is DocumentKind.BILL for document in project.documents):
        faults["bill"] = "Add the latest bill of your old operator, not older than 30 days."
    if not project.agreed_at:
        faults["agreed"] = "Please confirm the statements."
    return {field: [sentence] for field, sentence in faults.items()}


def missing_answers(project: PortProject) -> dict[str, str]:
    """The unanswered questions among what is missing: for each field, what to do."""
    unanswered = {field: REQUIRED[field] for field in required(project) if not getattr(project, field)}
    return unanswered | _missing_of_account(project)


def _missing_of_numbers(project: PortProject) -> dict[str, str]:
    refused = [number.number for number in project.numbers if number.verdict in {Verdict.NO, Verdict.BY_HAND}]
    if not project.numbers:
        return {"number": "Enter the number you want to bring."}
    if refused and len(project.numbers) == 1:
        return {"number": "This number cannot be moved this way."}
    return {"number": "Some of the numbers cannot be moved this way. Take them out first."} if refused else {}


def _missing_of_account(project: PortProject) -> dict[str, str]:
    faults = {}
    wanted = any(number.needs_account_and_pin for number in project.numbers)
    if wanted and not project.account_number:
        faults["account_number"] = "Your old operator wants the account number. It stands on the bill."
    if wanted and not project.pin:
        faults["pin"] = "Your old operator wants a transfer PIN. Ask them for one; it is valid for a few days."
    if main_number_leaves(project) and project.remaining is None:
        faults["remaining"] = "The account's main number moves. Say what happens to the numbers that stay."
    if main_number_leaves(project) and project.remaining is Remaining.KEEP and not project.new_billing_number:
        faults["new_billing_number"] = "Enter the new main number of those that stay."
    return faults


def required(project: PortProject) -> list[str]:
    """The fields that must be filled in. Sweden has no states, and wants to know the holder by number."""
    left_out = "region" if is_swedish(project) else "subscriber_id"
    return [field for field in REQUIRED if field != left_out]


def is_swedish(project: PortProject) -> bool:
    """Whether a Swedish number is among those to be moved."""
    return any(country_of(number.number) == "SE" for number in project.numbers)


def main_number_leaves(project: PortProject) -> bool:
    """Whether the account's main number is among those to be moved, so that others may lose theirs."""
    return any(number.number == project.billing_number for number in project.numbers)


def read_bill(content: bytes) -> str:
    """The media type of a bill, by its content: PDF, JPEG or PNG.

    Raises:
        Invalid: on the field `bill`: it is too large, empty, of another type, or damaged.
    """
    if len(content) > LARGEST_BILL:
        raise Invalid({"bill": ["The file is larger than 10 MB. A photo of the first page is enough."]})
    media_type = _media_type(content)
    if media_type is None:
        raise Invalid(
            {"bill": ["We cannot read this file as a PDF, JPEG or PNG. Please save it again as one of these."]}
        )
    return media_type


def _opens(content: bytes) -> bool:
    try:
        return read_apart(has_pages, content)
    except (TooMuch, NotRead):
        return False


# many phones write a JPEG with a second picture behind the first, which Pillow calls MPO
_PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}


def _media_type(content: bytes) -> str | None:
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            picture.verify()
            return _PICTURES[picture.format or ""]
    except UnidentifiedImageError:
        return PDF if is_pdf(content) and _opens(content) else None
    except (OSError, SyntaxError, Image.DecompressionBombError, KeyError):
        return None


def possible_days(number: str, capabilities: PortingCapabilities) -> list[date]:
    """Days that can be wished for: business days in the number's country, from the carrier's lead time to `HORIZON`."""
    today = now().astimezone(zone_of(number)).date()
    first, last = today + timedelta(days=capabilities.lead_days), today + HORIZON
    return [day for day in _days(first, last) if is_business_day(day, country_of(number))]


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

"""Field types: the functions that read what people type. Their error messages say what to do."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final, Generic, TypedDict, TypeVar
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields, validate

from provisioning.contract.porting import PortStatus, ReasonCode, Remaining
from service.db import LARGEST_ID
from service.errors import Sentence
from service.lines.kinds import is_toll_free_area
from service.phone_numbers import HOME, NotANumber, is_callable, is_dialable, known_as, read, read_alone
from service.plain_text import plain
from service.porting.number_lists import WrongLine
from service.web.shell.languages import country_now
from service.web.shell.requests import row_id

CHOOSE: Final = "Choose one of these."
_AREA_DIGITS: Final = 3
_validate: Final = partial(validate_email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
"""Of an address's spelling alone: whether mail arrives there, the code that is mailed shows."""

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_NOT_AN_ADDRESS: Final = "Enter an email address like name@example.com."
_ODD_CHARACTERS: Final = "This address has characters that email doesn’t accept. Type it again by hand."
_TOLL_FREE: Final = (
    "Area code {area} is toll-free. You can get those numbers once you’re in. Enter a local one, like 212."
)
_NO_AREA: Final = "An area code has three digits, like 212."
_TOO_LONG: Final = "This is too long."
_IN_LINE: Final = "Line {line}, “{text}”: {why}"
_MORE_LINES: Final = "And {count} more lines to fix."
_SHOWN: Final = 40
"""Characters of a wrong line that are shown: enough to find it."""
_NAMED: Final = 10
"""How many wrong lines are listed one by one."""

Meaning = TypeVar("Meaning")
Moment = TypeVar("Moment", date, datetime)


class Typed(fields.Field[Meaning], Generic[Meaning]):
    """A text field, without blanks around the text, and the function that reads it.

    `read` gets "" for an empty field, and raises `ValidationError` with a sentence. `required` is the sentence for an
    empty field; without it the field may stay empty.
    """

    def __init__(self, read: Callable[[str], Meaning], *, longest: int = 100, required: str = "") -> None:
        self._read = read
        self.longest = longest
        default: dict[str, Any] = {} if required else {"load_default": lambda: read("")}
        super().__init__(required=bool(required), error_messages={"required": required}, **default)

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> Meaning:
        if not isinstance(value, str):
            raise ValidationError(["This must be text."])
        text = value.strip()
        if self.required and not text:
            raise self.make_error("required")
        if len(text) > self.longest:
            raise ValidationError([_TOO_LONG])
        return self._read(text)


class Secret(Typed[str]):
    """A text that no page shows again, not even to the person who typed it."""


class Id(fields.Integer):
    """The id of something of ours, sent by our own page."""

    def __init__(self, refusal: str, *, required: bool = False) -> None:
        default: dict[str, Any] = {} if required else {"load_default": 0}
        super().__init__(
            required=required,
            validate=validate.Range(0, LARGEST_ID, error=refusal),
            error_messages={"invalid": refusal, "required": refusal},
            **default,
        )


class Place(TypedDict):
    """The area code where a first number is wanted, and the number (E.164) to transfer. Either may be ""."""

    area: str
    bringing: str


def text(typed: str) -> str:
    """A text of one line: names stand in subjects and within sentences, where a line break could add its own."""
    return " ".join(typed.split())


def paragraphs(typed: str) -> str:
    """A text of any number of lines, as it was typed."""
    return typed


def email(typed: str) -> str:
    """An e-mail address in lower case, or "".

    Letters of all languages may stand behind the @ only: mail servers have a common spelling for those (Punycode), and
    few take others before it (SMTPUTF8).
    """
    try:
        return (
            validate_email(
                typed.lower(), check_deliverability=False, allow_smtputf8=False, test_environment=True
            ).normalized
            if typed
            else ""
        )
    except EmailNotValidError:
        raise ValidationError([_NOT_AN_ADDRESS if typed.isascii() else _ODD_CHARACTERS]) from None


def telephone(typed: str) -> str:
    """A phone number as E.164, or "". A number without a country code is read as one of the person's country."""
    try:
        return read_alone(typed, country_now()).number if typed else ""
    except NotANumber as refusal:
        raise ValidationError([refusal.sentence]) from None


def dialed(typed: str) -> str:
    """A phone number as it is dialed: E.164, perhaps with an extension (RFC 3966); "" for an empty field."""
    try:
        return read(typed, country_now()).dialed if typed else ""
    except NotANumber as refusal:
        raise ValidationError([refusal.sentence]) from None


def day(typed: str) -> date | None:
    """A date in ISO 8601, None for an empty field."""
    try:
        return _of_our_time(date.fromisoformat(typed)) if typed else None
    except ValueError:
        raise ValidationError([CHOOSE]) from None


def wall_clock(typed: str) -> datetime | None:
    """A naive time as `datetime-local` fields write it, None for an empty field."""
    try:
        return _of_our_time(datetime.fromisoformat(typed)).replace(tzinfo=None) if typed else None
    except ValueError:
        raise ValidationError(["Enter a date and a time."]) from None


def identity(typed: str) -> int | None:
    """The id of a row, None for an empty field."""
    try:
        return row_id(typed) if typed else None
    except ValueError:
        raise ValidationError([CHOOSE]) from None


def remaining(typed: str) -> Remaining | None:
    """What happens to the account's other numbers, None for an empty field."""
    try:
        return Remaining(typed) if typed else None
    except ValueError:
        raise ValidationError([CHOOSE]) from None


def status(typed: str) -> PortStatus:
    """A port's status by its name."""
    try:
        return PortStatus(typed)
    except ValueError:
        raise ValidationError([CHOOSE]) from None


def reason(typed: str) -> tuple[ReasonCode, ...]:
    """A rejection reason by its code; no reason for an empty field."""
    try:
        return (ReasonCode(typed),) if typed else ()
    except ValueError:
        raise ValidationError([CHOOSE]) from None


def telephones(typed: str) -> list[str]:
    """Phone numbers (E.164) in the order typed, one a line, without duplicates."""
    return list(dict.fromkeys(_each_line(typed, _number)))


def caller_list(typed: str) -> list[str]:
    """Those who call, one a line, each once: SIP addresses too, and with a + numbers of no country."""
    return list(dict.fromkeys(_each_line(typed, _caller)))


def clock(typed: str) -> datetime | None:
    """A naive time of a zone that is known otherwise, ISO 8601; None for an empty field."""
    try:
        return _of_our_time(datetime.fromisoformat(typed)).replace(tzinfo=None) if typed else None
    except ValueError:
        raise ValidationError(["Choose a day and a time."]) from None


def keys(typed: str) -> str:
    """Telephone keys in the order they are pressed."""
    pressed = "".join(typed.split())
    if pressed.strip("0123456789*#"):
        raise ValidationError(["Keys are digits, * and #."])
    return pressed


def _of_our_time(moment: Moment) -> Moment:
    """A day or time that has a meaning in every time zone. Raises `ValueError` at the ends of the calendar."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(moment.year)
    return moment


def wrong_lines(wrong: Sequence[WrongLine], typed: str) -> Iterator[Sentence]:
    """What is said of lines that are no phone numbers; what was typed is proposed with their letters as digits."""
    lines = typed.splitlines()
    for line, text, why in wrong:
        if why.instead and line <= len(lines):
            lines[line - 1] = lines[line - 1].replace(text, why.instead)
    for line, text, why in wrong[:_NAMED]:
        yield Sentence(_IN_LINE, instead="\n".join(lines), line=line, text=text[:_SHOWN], why=why)
    if len(wrong) > _NAMED:
        yield Sentence(_MORE_LINES, count=len(wrong) - _NAMED)


def place(typed: str) -> Place:
    """An area code, or the number to transfer, whose area code is used then."""
    digits = "".join(filter(str.isdecimal, plain(typed)))
    if len(digits) <= _AREA_DIGITS:
        return {"area": _town_code(typed), "bringing": ""}
    number = telephone(typed)
    area = number[2:5] if number.startswith("+1") else ""
    return {"area": "" if is_toll_free_area(area) else area, "bringing": number}


def _town_code(typed: str) -> str:
    area = area_code(typed)
    if is_toll_free_area(area):
        raise ValidationError([Sentence(_TOLL_FREE, area=area)])
    return area


def area_code(typed: str) -> str:
    """An area code in digits, or "". Raises `ValidationError` if no number can have it."""
    digits = "".join(filter(str.isdecimal, plain(typed)))
    if not typed:
        return ""
    if len(digits) != _AREA_DIGITS or not phonenumbers.is_possible_number(phonenumbers.parse(f"+1{digits}5550123")):
        raise ValidationError([_NO_AREA])
    return digits


def zone(name: str) -> str:
    """The browser's time zone (IANA). An unknown one becomes America/New_York."""
    return name if name in available_timezones() else "America/New_York"


def local_path(path: str) -> str:
    """The path if it leads to a page of ours, else "/": no link redirects to another site.

    Browsers remove tabs and line ends, read a backslash as a slash, and any number of slashes as two.
    """
    seen = "".join(path.split()).replace("\\", "/")
    ours = path.startswith("/") and path.isprintable() and not seen.startswith("//")
    return path if ours else "/"


def _number(line: str) -> str:
    return read_alone(line, country_now()).number


def _caller(line: str) -> str:
    known = known_as(plain(line), HOME)
    as_told = plain(line).startswith("+") or not is_dialable(known)
    return known if as_told and is_callable(known) else _number(line)


def _each_line(typed: str, read: Callable[[str], Meaning]) -> list[Meaning]:
    """What each line means that is not empty. Raises `ValidationError` with a sentence for each that is wrong."""
    found, wrong = [], []
    for at, line in enumerate(typed.splitlines(), 1):
        try:
            found += [read(line)] if line.strip() else []
        except NotANumber as refusal:
            wrong.append(WrongLine(at, line.strip(), refusal.sentence))
    if wrong:
        raise ValidationError(list(wrong_lines(wrong, typed)))
    return found

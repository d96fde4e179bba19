"""The papers of an order done by hand, made when they are downloaded: order sheet and letter of authorization.

Each is filled in completely or not made. They hold secrets (the PIN only on the order sheet) and are not stored.
"""

import tomllib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import phonenumbers
from babel import Locale

from provisioning.contract.porting import Filing, Remaining
from service.errors import Invalid
from service.language import Language
from service.paper import FACE, blank_paper, printable, unprintable
from service.porting.addresses import place_line
from service.porting.kinds import ELSEWHERE, Letter, Rules, rules_of
from service.time import now

_WORDS: Final = Path(__file__).parent / "words"
_BLANK: Final = "This is blank, and the papers need it."
_UNPRINTABLE: Final = "This has letters that can’t be printed on the papers. Write it in Latin letters, as on the bill."
_COLUMNS: Final = 4
_ON_THE_SHEET_ONLY: Final = frozenset({"pin", "account_number", "billing_number", "new_billing_number"})

Row = tuple[str, str]


def order_sheet(filing: Filing) -> bytes:
    """The order as a PDF, with all that the gaining operator needs.

    Raises:
        Invalid: a required field is blank or has letters that can’t be printed, field by field.
    """
    _must_be_complete(filing)
    words = _words(_language(filing))
    paper = _Paper(words["sheet"], words)
    paper.rows([*_order(filing, words), (words["pin"], filing.numbers[0].pin)])
    paper.heading(words["numbers"])
    paper.columns(_numbers(filing))
    paper.heading(words["holder"])
    paper.rows(_holder(filing, words))
    paper.rows(_account(filing, words))
    paper.text(words["enclosed"])
    return paper.content()


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature given on our page: the typed name, perhaps a drawing (PNG), and the exact `text` that was signed."""

    signer: str
    at: datetime
    network_address: str
    text: str = field(repr=False)
    drawing: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


def letter_pdf(filing: Filing, signature: Signature | None = None) -> bytes:
    """The letter as a PDF, signed or with a blank for the signature. Raises `Invalid` as `order_sheet` does."""
    _must_be_complete(filing, besides=_ON_THE_SHEET_ONLY)
    words = _words(_language(filing))
    paper = _Paper(words[_rules(filing).letter], words)
    for paragraph in _authority(filing, words):
        paper.text(paragraph)
    paper.heading(words["holder"])
    paper.rows(_holder(filing, words))
    paper.heading(words["numbers"])
    paper.columns(_numbers(filing))
    clear = _clear(filing, words)
    if signature:
        paper.signed(signature, clear)
    else:
        paper.signature(clear)
    return paper.content()


def letter_text(filing: Filing, language: Language) -> str:
    """The text of the letter as it is shown and signed on our page."""
    words = _words(language)
    holder = "\n".join(f"{name}: {value}" for name, value in _holder(filing, words) if value)
    numbers = f"{words['numbers']}: {', '.join(_numbers(filing))}"
    return printable("\n\n".join([*_authority(filing, words), holder, numbers, _clear(filing, words)]))


class _Paper:
    """A PDF in our layout, of as many pages as its content needs."""

    def __init__(self, title: str, words: Mapping[str, str]) -> None:
        self._words = words
        self._pdf = blank_paper(margin=20)
        self._pdf.set_title(title)
        self._pdf.set_creation_date(now())
        self._write(title, size=18, style="B")

    def heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._write(text, size=12, style="B")

    def text(self, text: str) -> None:
        self._pdf.ln(2)
        self._write(text.strip())

    def rows(self, rows: Iterable[Row]) -> None:
        """Print names and values, leaving out rows without a value."""
        for name, value in rows:
            if value:
                self._pdf.set_font(FACE, "", 9)
                self._pdf.cell(60, 6, name)
                self._write(value)

    def columns(self, texts: list[str]) -> None:
        width = self._pdf.epw / _COLUMNS
        self._pdf.set_font(FACE, "", 10)
        for position, text in enumerate(texts, 1):
            ends = position % _COLUMNS == 0 or position == len(texts)
            self._pdf.cell(width, 6, text)
            if ends:
                self._pdf.ln(6)

    def signature(self, clear: str) -> None:
        """Blanks for place, date and signature, with the name in print."""
        self._pdf.ln(14)
        half = self._pdf.epw / 2 - 5
        self._pdf.set_font(FACE, "", 9)
        self._pdf.cell(half, 6, self._words["place_and_date"], border="T")
        self._pdf.cell(10, 6, "")
        self._pdf.cell(half, 6, self._words["signature"], border="T")
        self._pdf.ln(6)
        self._write(clear)

    def signed(self, signature: Signature, clear: str) -> None:
        """The signature, and on a page of its own the signed text, whose digest stands beside the signature."""
        self._pdf.ln(6)
        if signature.drawing:
            self._pdf.image(BytesIO(signature.drawing), w=60)
        self._pdf.set_font(FACE, "I", 20)
        self._pdf.multi_cell(0, 10, printable(signature.signer), new_x="LMARGIN", new_y="NEXT")
        self._write(clear)
        at = signature.at.isoformat(timespec="seconds")
        shown = {"signed_at": at, "network_address": signature.network_address, "digest": signature.digest}
        self.rows((self._words[name], value) for name, value in shown.items())
        self._pdf.add_page()
        self.heading(self._words["signed_text"])
        self.text(signature.text)

    def content(self) -> bytes:
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: int = 10, style: str = "") -> None:
        self._pdf.set_font(FACE, style, size)
        self._pdf.multi_cell(0, 6, printable(text), new_x="LMARGIN", new_y="NEXT")


def _authority(filing: Filing, words: Mapping[str, str]) -> list[str]:
    resporg = any(rules_of(filed.number).letter is Letter.RESPORG for filed in filing.numbers)
    return [*words["authority"].strip().split("\n\n"), *([words["toll_free"].strip()] if resporg else [])]


def _clear(filing: Filing, words: Mapping[str, str]) -> str:
    return words["clear"].format(person=filing.subscriber.authorized_person, name=filing.subscriber.name)


def _order(filing: Filing, words: Mapping[str, str]) -> list[Row]:
    return [
        (words["reference"], filing.reference),
        (words["made"], now().date().isoformat()),
        (words["wished"], filing.wished.isoformat() if filing.wished else words["soon"]),
    ]


def _holder(filing: Filing, words: Mapping[str, str]) -> list[Row]:
    subscriber, address = filing.subscriber, filing.subscriber.address
    place = place_line(address.city, address.region, address.postal_code, address.country)
    country = Locale(words["locale"]).territories.get(address.country, address.country)
    parts = (address.street, address.street2, place, country)
    return [
        (words["name"], subscriber.name),
        (words["kind"], words[subscriber.kind]),
        (words["subscriber_id"], subscriber.subscriber_id),
        (words["address"], ", ".join(part for part in parts if part)),
        (words["authorized_person"], subscriber.authorized_person),
        (words["authorized_email"], subscriber.authorized_email),
    ]


def _account(filing: Filing, words: Mapping[str, str]) -> list[Row]:
    subscriber = filing.subscriber
    return [
        (words["account_number"], subscriber.account_number),
        (words["billing_number"], subscriber.billing_number and _spelled(subscriber.billing_number)),
        (words["remaining"], _remaining(filing, words)),
    ]


def _remaining(filing: Filing, words: Mapping[str, str]) -> str:
    if filing.remaining is None:
        return ""
    new = _spelled(filing.new_billing_number) if filing.remaining is Remaining.KEEP else ""
    return words[filing.remaining].format(number=new)


def _must_be_complete(filing: Filing, besides: AbstractSet[str] = frozenset()) -> None:
    """Raise `Invalid` for fields, `besides` some, that are required and blank, or cannot be printed."""
    texts = {field: text for field, text in _texts(filing).items() if field not in besides}
    blank = {field: [_BLANK] for field in _needed(filing) if not texts.get(field, _BLANK).strip()}
    strange = {field: [_UNPRINTABLE] for field, text in texts.items() if unprintable(text)}
    if blank or strange:
        raise Invalid(strange | blank)


def _texts(filing: Filing) -> dict[str, str]:
    """The texts on the papers, by the names of the form's fields."""
    subscriber, address = filing.subscriber, filing.subscriber.address
    return {
        "number": " ".join(filed.number for filed in filing.numbers),
        "pin": filing.numbers[0].pin if filing.numbers else "",
        "subscriber_name": subscriber.name,
        "subscriber_id": subscriber.subscriber_id,
        "authorized_person": subscriber.authorized_person,
        "authorized_email": subscriber.authorized_email,
        "street": address.street,
        "street2": address.street2,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
        "account_number": subscriber.account_number,
        "billing_number": subscriber.billing_number,
        "new_billing_number": filing.new_billing_number,
    }


def _needed(filing: Filing) -> list[str]:
    questions = _rules(filing).questions
    asked = [name for name in _texts(filing) if name in questions and questions[name].required]
    return ["number", *asked, *(["new_billing_number"] if filing.remaining is Remaining.KEEP else [])]


def _numbers(filing: Filing) -> list[str]:
    return [_spelled(filed.number) for filed in filing.numbers]


def _spelled(number: str) -> str:
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _rules(filing: Filing) -> Rules:
    """The rules of the filing's numbers, which are of one country and kind."""
    return rules_of(filing.numbers[0].number) if filing.numbers else ELSEWHERE


def _language(filing: Filing) -> Language:
    """The old operator's language, which may differ from the customer's."""
    return _rules(filing).letter_language


@cache
def _words(language: Language) -> dict[str, str]:
    return {"locale": language} | tomllib.loads((_WORDS / f"{language}.toml").read_text(encoding="utf-8"))

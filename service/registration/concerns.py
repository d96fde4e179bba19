"""Known reasons of refusal, held against a registration before it costs anything: a table of pure checks.

A concern is a question to the person, with a better wording where there is one; they may answer by going on. Only what
is refused for certain stops them. The reasons are those that reviewers name most often, and the carriers' error codes
of `provisioning.contract.registration`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import PhoneNumberType

from provisioning.contract.registration import BusinessKind, LegalForm
from service.errors import Sentence
from service.optins import Way
from service.registration.forbidden import FORBIDDEN
from service.registration.legal import name_of
from service.registration.models import Business, Purpose


@dataclass(frozen=True, slots=True)
class Concern:
    """A doubt about a field. `instead` is what it could say; what is `certain` to be refused has to be changed."""

    field: str
    question: str
    instead: str = ""
    certain: bool = False

    @property
    def key(self) -> str:
        """What a form sends to say that the question was answered."""
        return sha256(f"{self.field}:{self.question}".encode()).hexdigest()[:12]


_FORBIDDEN: Final = "Carriers take no texts about this: {subject}. Is yours about something else?"
_HERE: Final = "This is a number here. Reviewers refuse internet numbers: is there a mobile number they can call?"

_OWNER_HERE: Final = "This is a number here. The text that confirms the owner goes to a mobile of their own."
_NO_OWNER_MOBILE: Final = "The text that confirms the owner goes to American and Canadian mobiles only. Is there one?"

Check = Callable[[Business], Iterator[Concern]]

_SUFFIXES: Final = {
    LegalForm.LLC: ("LLC", r"\b(?:L\.? ?L\.? ?C\.?|P\.?L\.?L\.?C\.?|LC|Limited(?: Liability)? (?:Co|Company))\b"),
    LegalForm.CORPORATION: (
        "Inc.",
        r"\b(?:Inc|Incorporated|Corp|Corporation|Co|Company|P\.?C|P\.?A|Ltd|Limited|Chartered)\b",
    ),
    LegalForm.PARTNERSHIP: ("LLP", r"\b(?:L\.?L?\.?P|L\.?L\.?L\.?P|Partners(?:hip)?|G\.?P)\b|&|\band\b"),
}
"""How each legal form shows in a name: what is proposed, and what is recognized."""

_COMPANY: Final = re.compile(r"\b(?:L\.?L\.?C|Inc|Incorporated|Corp|Corporation|L\.?L\.?P)\b", re.IGNORECASE)
_DOING_BUSINESS_AS: Final = re.compile(r"[\s,(]+(?:d\.?b\.?a\.?|d/b/a|doing business as|t/a)(?:\W|$)", re.IGNORECASE)

# prefixes that the IRS has given to no campus: https://www.irs.gov/businesses/small-businesses-self-employed/
# how-eins-are-assigned-and-valid-ein-prefixes
_NO_PREFIXES: Final = "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97"

_FREE_MAIL: Final = "gmail.com yahoo.com hotmail.com outlook.com aol.com icloud.com live.com msn.com"
_DISPOSABLE: Final = "mailinator.com guerrillamail.com 10minutemail.com tempmail.com temp-mail.org yopmail.com"
_SHORTENERS: Final = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|cutt\.ly|rebrand\.ly|tiny\.cc|rb\.gy|shorturl\.at)\b",
    re.IGNORECASE,
)
_BLANK: Final = re.compile(r"\bX{2,}\b|_{2,}|\.{4,}|<[^>]+>|\{[^}]+\}", re.IGNORECASE)
_STOP: Final = re.compile(r"\bSTOP\b")
_PROMOTION: Final = re.compile(
    r"\d ?% ?off\b|\b(?:sale|discount|coupon|promo(?:tion)?|special offer|deals?|limited time|buy one|free gift)\b",
    re.IGNORECASE,
)
_NO_MOBILES: Final = {PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP, PhoneNumberType.FIXED_LINE}
_PROMOTING: Final = {Purpose.OFFERS, Purpose.MIXED}
_BOX: Final = re.compile(r"\bP\.? ?O\.? ?Box\b", re.IGNORECASE)


def concerns(business: Business, ours: Collection[str] = ()) -> list[Concern]:
    """Every doubt about a business's answers, in the order of the form. `ours` are numbers (E.164) that we hold."""
    here = [Concern("phone", _HERE)] if business.phone in ours else []
    if business.kind is BusinessKind.SOLE_PROPRIETOR and business.owner_mobile in ours:
        here.append(Concern("owner_mobile", _OWNER_HERE, certain=True))
    return [concern for check in CHECKS for concern in check(business)] + here


def _other_name(business: Business) -> Iterator[Concern]:
    if found := _DOING_BUSINESS_AS.search(business.legal_name):
        question = "A tax letter has the legal name alone. Is this it, without the name customers know?"
        yield Concern("legal_name", question, business.legal_name[: found.start()].strip(" ,"))


def _suffix(business: Business) -> Iterator[Concern]:
    if business.legal_form in _SUFFIXES:
        proposed, pattern = _SUFFIXES[business.legal_form]
        if not re.search(pattern, business.legal_name, re.IGNORECASE):
            question = "Names that differ from the tax letter are refused most often. Does yours end like this?"
            yield Concern("legal_name", question, f"{business.legal_name} {proposed}")


def _company_without_number(business: Business) -> Iterator[Concern]:
    if business.kind is BusinessKind.SOLE_PROPRIETOR and _COMPANY.search(business.legal_name):
        yield Concern(
            "tax_id",
            (
                "An LLC or corporation has an EIN and can’t register as a sole proprietor. Choose your type of "
                "business and enter the EIN."
            ),
            certain=True,
        )


def _unknown_prefix(business: Business) -> Iterator[Concern]:
    if (business.tax_id or "")[:2] in _NO_PREFIXES.split():
        yield Concern("tax_id", "No EIN begins with these two digits. Is it the number on your tax letter?")


def _box(business: Business) -> Iterator[Concern]:
    if _BOX.search(business.street):
        yield Concern("street", "Reviewers want a street address. Do you have one besides the post office box?")


def _website(business: Business) -> Iterator[Concern]:
    if _SHORTENERS.search(business.website):
        yield Concern("website", "A shortened link is refused. What is the address it leads to?", certain=True)


def _mail(business: Business) -> Iterator[Concern]:
    domain, own = business.email.rpartition("@")[2].lower(), _domain(business.website)
    if domain in _DISPOSABLE.split():
        yield Concern("email", "A throwaway address is refused. Which address do you read?", certain=True)
    elif domain in _FREE_MAIL.split() and own and not business.privacy_url.startswith(business.website):
        question = Sentence("Is there an address at {domain}? Reviewers trust it more than a free one.", domain=own)
        yield Concern("email", question)


def _phone(business: Business) -> Iterator[Concern]:
    if business.phone and phonenumbers.number_type(phonenumbers.parse(business.phone)) in _NO_MOBILES:
        yield Concern("phone", "Reviewers want a mobile number. Is there one that reaches the person?")


def _owner_mobile(business: Business) -> Iterator[Concern]:
    if business.kind is BusinessKind.SOLE_PROPRIETOR and business.owner_mobile:
        number = phonenumbers.parse(business.owner_mobile)
        is_near = phonenumbers.region_code_for_number(number) in {"US", "CA"}
        if not is_near or phonenumbers.number_type(number) in _NO_MOBILES:
            yield Concern("owner_mobile", _NO_OWNER_MOBILE, certain=True)


def _nameless(business: Business) -> Iterator[Concern]:
    for place, sample in _samples(business):
        if name_of(business).casefold() not in sample.casefold():
            question = "Each example has to say who writes. May it begin with your name?"
            yield Concern(place, question, f"{name_of(business)}: {sample}")


def _endless(business: Business) -> Iterator[Concern]:
    if business.samples and not any(_STOP.search(sample) for sample in business.samples):
        question = "One example has to say how to stop. May it end like this?"
        yield Concern("sample_1", question, f"{business.samples[0].rstrip()} Reply STOP to opt out.")


def _blanks(business: Business) -> Iterator[Concern]:
    for place, sample in _samples(business):
        if _BLANK.search(sample):
            yield Concern(
                place,
                "What changes from text to text stands in brackets, such as [first name] or [time]. May it?",
                _BLANK.sub("[name]", sample),
            )


def _links(business: Business) -> Iterator[Concern]:
    for place, sample in _samples(business):
        if _SHORTENERS.search(sample):
            yield Concern(place, "Shortened links are refused. Can you write the address of your own page?")
        elif "http://" in sample:
            question = "Links have to be secure. Does yours work with https?"
            yield Concern(place, question, sample.replace("http://", "https://"))


def _alike(business: Business) -> Iterator[Concern]:
    if len({sample.casefold().strip() for sample in business.samples}) < len(business.samples):
        yield Concern("sample_2", "Both examples are the same. Is there another text that you send?")


def _unlike_the_use(business: Business) -> Iterator[Concern]:
    promoting = [place for place, sample in _samples(business) if _PROMOTION.search(sample)]
    if business.purpose not in _PROMOTING and promoting:
        yield Concern(promoting[0], "This reads like an offer. Choose a purpose with offers, or write it without one?")
    elif business.purpose is Purpose.OFFERS and not promoting:
        yield Concern("sample_1", "You chose offers, but no example is one. Is this a text that you send?")


def _agreement(business: Business) -> Iterator[Concern]:
    if business.purpose in _PROMOTING and set(business.ways) <= {Way.WROTE_FIRST, Way.ON_THE_PHONE}:
        yield Concern(
            "ways",
            "For offers people have to agree in writing: on a page, or on paper. Tick one of these ways as well.",
            certain=True,
        )


def _own_privacy_page(business: Business) -> Iterator[Concern]:
    if Way.OWN_WEBSITE in business.ways:
        yield Concern(
            "ways",
            "Does your website have the box and the privacy sentence word for word? Copy both from your page here.",
        )


def _forbidden(business: Business) -> Iterator[Concern]:
    texts = [("legal_name", business.legal_name), ("trade_name", business.trade_name), *_samples(business)]
    for place, text in texts:
        for subject, pattern in FORBIDDEN.items():
            if pattern.search(text):
                question = Sentence(
                    "Carriers take no texts about this: {subject}. Is yours about something else?",
                    subject=Sentence(subject),
                )
                yield Concern(place, question)


def _samples(business: Business) -> list[tuple[str, str]]:
    """The examples with the names of their fields."""
    return [(f"sample_{place}", sample) for place, sample in enumerate(business.samples, 1)]


def _domain(website: str) -> str:
    return (urlsplit(website).hostname or "").removeprefix("www.")


CHECKS: Final[Sequence[Check]] = (
    _other_name,
    _suffix,
    _forbidden,
    _company_without_number,
    _unknown_prefix,
    _box,
    _website,
    _mail,
    _phone,
    _owner_mobile,
    _nameless,
    _endless,
    _blanks,
    _links,
    _alike,
    _unlike_the_use,
    _agreement,
    _own_privacy_page,
)
"""Every check, in the order of the form's fields."""

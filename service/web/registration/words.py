"""What the pages of a registration say of its states, its objections, its choices and its fees."""

from collections.abc import Mapping
from typing import Final

from provisioning.contract.registration import Fee, Industry, LegalForm, Mender, Objection, Stage
from service.optins import Way
from service.registration.models import Purpose, Subject
from service.registration.phone_lines import NO_MOBILE
from service.registration.standing import State
from service.web.registration.forms import SOLE_PROPRIETOR
from service.web.shell.words import translated

STATES: Final[Mapping[State, str]] = {
    State.NOT_BEGUN: "Not registered",
    State.CHECKING: "Your business is being checked",
    State.AWAITS_OWNER: "Answer the text on your mobile",
    State.WITH_CARRIER: "In carrier review",
    State.REFUSED: "Something has to be corrected",
    State.REGISTERED: "Texting is on",
    State.SUSPENDED: "Carriers have suspended your texts",
}

MEANWHILE: Final[Mapping[State, str]] = {
    State.CHECKING: "Registries compare your business with the tax office’s records. That takes minutes, sometimes "
    "days. There is nothing to do; we write to you.",
    State.AWAITS_OWNER: "Reply YES to the text on the owner’s mobile within 24 hours of getting it.",
    State.WITH_CARRIER: "Your business is verified. Carriers now review what you text, usually for two to three weeks. "
    "There is nothing to do; we write to you.",
    State.REFUSED: "Correct what is marked below and send it again.",
    State.REGISTERED: "Your texts reach phones in the United States.",
    State.SUSPENDED: "Our team is looking into it and will write to you.",
}

STEPS: Final = ("Sent", "Business checked", "Texts reviewed", "Texting on")

AT_STEP: Final[Mapping[State, int]] = {
    State.CHECKING: 1,
    State.AWAITS_OWNER: 1,
    State.WITH_CARRIER: 2,
    State.REFUSED: 1,
    State.SUSPENDED: 3,
    State.REGISTERED: 4,
}
"""Which of the steps is under way in a state, counted from 0."""

REASONS: Final[Mapping[str, str]] = {
    "legal_name": "The name is not the one in the tax office’s records. Copy it letter by letter from your tax letter.",
    "legal_form": "The type of business is not the one in the tax office’s records.",
    "industry": "The industry does not fit the business.",
    "tax_id": "The EIN and the name do not belong together in the tax office’s records. Check both on your tax letter.",
    "address": "The post office does not know this address. Check the street, and add the suite or unit.",
    "website": "The website could not be opened, or it shows another business.",
    "person": "The person could not be reached under this name.",
    "email": "This email address was not accepted. Use one that the person reads, at the domain of the business.",
    "phone": "This phone number was not accepted. Enter a mobile number that reaches the person.",
    "owner_mobile": "The mobile number was not confirmed. Check it, and reply YES to the text.",
    "samples": "The examples do not fit what you said you text, or carriers take no such texts.",
    "flow": "Reviewers could not see how people agree to your texts.",
    "caller_name": "The name was not accepted. Use the name that customers know, without advertising.",
    "employees": "The number of people was not accepted.",
    "calls_a_day": "The number of calls was not accepted.",
    "description": "Reviewers did not see what you text, and to whom.",
}
"""What an objection to an answer means, and what to do."""

NO_MOBILE_WORDS: Final = (
    "This is a landline or an internet number, which reviewers often refuse. Enter a mobile number that reaches the "
    "person, or send it again as it is. Nothing was paid yet."
)
CALL_PARTS: Final[Mapping[Subject, tuple[str, str]]] = {
    Subject.CALLER_NAME: ("Your name", "Landlines and some cell phones show it. It takes days to reach all of them."),
    Subject.CALL_SIGNATURE: (
        "Signed calls",
        "Carriers vouch that the number is yours, not someone else’s.",
    ),
    Subject.CALL_LABELS: ("Known to spam filters", "Your calls are less often labeled as spam."),
}
"""What is registered of calls: its name, and what it is for."""

CALL_STAGES: Final[Mapping[Stage, str]] = {
    Stage.CHECKING: "Being checked",
    Stage.AWAITS_OWNER: "Being checked",
    Stage.IN_REVIEW: "In carrier review, usually for a few days",
    Stage.APPROVED: "On",
    Stage.REFUSED: "Refused",
    Stage.SUSPENDED: "Suspended. Our team is looking into it.",
    Stage.GONE: "Suspended. Our team is looking into it.",
}
NOT_SENT: Final = "Not set"
SHOWN: Final = "On"
SOON: Final = "Soon"
NOT_HERE: Final = "Not for this number"

VERIFICATIONS: Final[Mapping[State, str]] = {
    State.WITH_CARRIER: "In carrier review, usually for a week",
    State.AWAITS_OWNER: "In carrier review, usually for a week",
    State.REFUSED: "Refused",
    State.REGISTERED: "Texting is on",
    State.SUSPENDED: "Suspended. Our team is looking into it.",
}
"""Where the verification of a toll-free number stands."""

OURS: Final = "Our wording was not accepted. We have corrected it; you only need to send it again."
UNKNOWN: Final = "The carrier did not accept this. Please check all answers."
STAFFS: Final = "Only our team can solve this. They are looking into it and will write to you."

PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.ANSWERS: "Answers to customers",
    Purpose.APPOINTMENTS: "Appointments",
    Purpose.DELIVERIES: "Orders and deliveries",
    Purpose.ACCOUNT: "News of their account",
    Purpose.OFFERS: "Offers",
    Purpose.MIXED: "Several of these, offers too",
}

WAYS: Final[Mapping[Way, str]] = {
    Way.WROTE_FIRST: "They text or call us first",
    Way.OWN_WEBSITE: "On a form of our website",
    Way.ON_PAPER: "On paper, in our shop",
    Way.ON_THE_PHONE: "On the phone; we ask and note it",
}
"""How people agree, besides on the public page."""

LEGAL_FORMS: Final[Mapping[str, str]] = {
    LegalForm.LLC: "LLC",
    LegalForm.CORPORATION: "Corporation",
    LegalForm.PARTNERSHIP: "Partnership",
    LegalForm.NON_PROFIT: "Nonprofit",
    LegalForm.COOPERATIVE: "Cooperative",
    SOLE_PROPRIETOR: "Sole proprietor without an EIN",
}

INDUSTRIES: Final[Mapping[Industry, str]] = {
    Industry.AGRICULTURE: "Agriculture",
    Industry.AUTOMOTIVE: "Cars",
    Industry.CONSTRUCTION: "Construction and trades",
    Industry.EDUCATION: "Education",
    Industry.FINANCE: "Finance",
    Industry.FOOD: "Food and drink",
    Industry.GOVERNMENT: "Government",
    Industry.HEALTH: "Health",
    Industry.HOSPITALITY: "Hotels and events",
    Industry.INSURANCE: "Insurance",
    Industry.LEGAL: "Law",
    Industry.MANUFACTURING: "Manufacturing",
    Industry.MEDIA: "Media",
    Industry.NON_PROFIT: "Nonprofit",
    Industry.PROFESSIONAL_SERVICES: "Professional services",
    Industry.REAL_ESTATE: "Real estate",
    Industry.RETAIL: "Retail",
    Industry.TECHNOLOGY: "Technology",
    Industry.TRANSPORT: "Transport",
    Industry.TRAVEL: "Travel",
}

FEES: Final[Mapping[Fee, str]] = {
    Fee.BUSINESS: "Registering the business, once",
    Fee.VETTING: "Checking the business, once",
    Fee.REVIEW: "Reviewing what you text, each time it is sent",
    Fee.MONTH: "Each month while it is registered",
}


def named(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """The values of choices with their names in the page's language."""
    return [(value, translated(name)) for value, name in choices.items()]


def reason(objection: Objection) -> str:
    """Why something was refused, in a sentence."""
    if objection.mender in {Mender.OPERATOR, Mender.FINAL, Mender.LATER}:
        return STAFFS
    if objection.code == NO_MOBILE:
        return NO_MOBILE_WORDS
    return REASONS.get(objection.field, OURS if objection.mender is Mender.WORDING else UNKNOWN)

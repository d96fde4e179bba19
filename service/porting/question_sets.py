"""The questions about a number at its old operator, in the words of each country's bills.

Canada: gaining operators ask for the account number and the address of the service, no post office box. Sweden: the
holder is known by the organisation or personal number. Toll-free numbers of North America belong to no single country,
so their holder's address may be in either.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from provisioning.regions import PROVINCES
from service.porting import national_forms


@dataclass(frozen=True, slots=True)
class Question:
    """A question in English. `missing` is said where an answer is needed and there is none.

    `read` checks an answer that is not empty and returns it in its one spelling; it raises `ValueError` with a
    sentence. With `choices` (values and their names) one of them is chosen. `proposed` stands in the field at first.
    """

    label: str
    hint: str = ""
    missing: str = ""
    required: bool = False
    read: Callable[[str], str] = str
    choices: Mapping[str, str] = field(default_factory=dict)
    proposed: str = ""
    width: str = ""
    autocomplete: str = "off"
    input: str = "text"
    longest: int = 100


Questions = Mapping[str, Question]
"""Questions by the name of their field."""

COMMON: Final[Questions] = {
    "subscriber_kind": Question("Who owns the number?"),
    "subscriber_name": Question(
        "Account holder’s name",
        "Exactly as on your bill.",
        "Enter the name exactly as on your bill.",
        required=True,
        autocomplete="organization",
    ),
    "authorized_person": Question(
        "Person in charge of the account",
        "First and last name of the person who can make decisions about the company’s number. They sign the letter.",
        "Enter the first and last name of the person who can transfer the number.",
        required=True,
        autocomplete="name",
    ),
    "authorized_email": Question(
        "Their email",
        "We send the letter to sign there.",
        "Enter the email of the person who signs.",
        required=True,
        autocomplete="email",
        input="email",
        longest=255,
    ),
    "street": Question(
        "Street address",
        missing="Enter the street address as on your bill.",
        required=True,
        autocomplete="address-line1",
    ),
    "street2": Question("Suite, floor, unit", autocomplete="address-line2"),
    "city": Question("City", missing="Enter the city as on your bill.", required=True, autocomplete="address-level2"),
    "postal_code": Question(
        "Postal code",
        missing="Enter the postal code as on your bill.",
        required=True,
        width="w-short",
        autocomplete="postal-code",
        longest=20,
    ),
    "account_number": Question(
        "Account number",
        "It’s on your bill, as account number or customer number.",
        "Enter the account number as on your bill.",
    ),
    "billing_number": Question(
        "Main number on the account, if it’s a different one",
        missing="Enter the account’s main number.",
        width="w-medium",
        input="tel",
    ),
    "remaining": Question(
        "What happens to the other numbers on the account?",
        "The account’s main number moves, so the provider wants to know.",
        "The account’s main number moves. Tell us what happens to the numbers that stay.",
    ),
    "new_billing_number": Question(
        "The new main number for those that stay",
        missing="Enter the new main number for those that stay.",
        width="w-medium",
        input="tel",
    ),
    "bill": Question("Latest bill"),
    "wished": Question("Preferred date", "These dates are available. Your provider has the final say."),
    "contact_number": Question(
        "Mobile number for updates",
        "We text what happens and when. Don’t use the number you’re transferring.",
        width="w-medium",
        autocomplete="tel",
        input="tel",
    ),
    "contact_email": Question(
        "Email for updates",
        missing="Enter an email where we can reach you.",
        required=True,
        autocomplete="email",
        input="email",
        longest=255,
    ),
}
"""Asked of every number, in these words unless its country has others."""

PIN: Final = Question(
    "Transfer PIN", missing="Enter the transfer PIN your provider gave you.", width="w-short", longest=32
)
"""Asked in the United States where the old operator insists on it."""
_STATE: Final = Question(
    "State",
    missing="Enter the state as on your bill.",
    required=True,
    read=national_forms.state,
    width="w-short",
    autocomplete="address-level1",
    longest=50,
)
_ZIP: Final = replace(
    COMMON["postal_code"],
    label="ZIP code",
    missing="Enter the ZIP code as on your bill.",
    read=national_forms.zip_code,
)

AMERICAN: Final[Questions] = {**COMMON, "region": _STATE, "postal_code": _ZIP}


def optional(questions: Questions) -> Questions:
    """The same questions, none of which is required, as somebody may know one thing now and another later."""
    return {name: replace(question, required=False) for name, question in questions.items()}


def territorial(territory: str) -> Questions:
    """The questions in a territory of the United States (ISO code), whose code stands where a state would."""
    return {
        **AMERICAN,
        "region": replace(_STATE, label="State or territory", proposed=territory),
        "street2": replace(COMMON["street2"], label="Urbanization, suite, floor, unit"),
        "pin": replace(PIN, hint="Mobile providers give you one. Landlines don’t have one."),
    }


TOLL_FREE: Final[Questions] = {
    **AMERICAN,
    "region": replace(
        _STATE,
        label="State or province",
        missing="Enter the state or province as on your bill.",
        read=national_forms.state_or_province,
    ),
    "postal_code": replace(COMMON["postal_code"], label="ZIP or postal code", read=national_forms.zip_or_postal_code),
    "account_number": replace(
        COMMON["account_number"], hint="It’s on the bill from the company that manages the number (its RespOrg)."
    ),
}

CANADIAN: Final[Questions] = {
    **COMMON,
    "street": replace(
        COMMON["street"],
        hint="Where the service is, as on your bill. Providers don’t accept PO boxes.",
        read=national_forms.no_box,
    ),
    "city": replace(COMMON["city"], label="City or town"),
    "region": Question(
        "Province or territory",
        missing="Choose the province or territory as on your bill.",
        required=True,
        read=national_forms.province,
        choices=PROVINCES,
        autocomplete="address-level1",
    ),
    "postal_code": replace(
        COMMON["postal_code"],
        hint="Like V6B 1A1.",
        read=national_forms.canadian_postal_code,
    ),
    "account_number": replace(COMMON["account_number"], required=True),
    "pin": replace(PIN, hint="Mobile providers give you one. Landlines don’t have one."),
}

SWEDISH: Final[Questions] = {
    **COMMON,
    "subscriber_name": replace(
        COMMON["subscriber_name"],
        hint="The registered holder, exactly as on the invoice. For a company, its registered name.",
    ),
    "authorized_person": replace(
        COMMON["authorized_person"],
        label="Person who can sign for the company",
        hint="First and last name of an authorized signatory (firmatecknare). They sign the letter.",
    ),
    "subscriber_id": Question(
        "Organization or personal number",
        "Ten digits, like 556036-0793. For a private person, the personal number.",
        "Enter the organization number, or a private holder’s personal number.",
        required=True,
        read=national_forms.subscriber_id,
        width="w-medium",
        longest=20,
    ),
    "street2": replace(COMMON["street2"], label="Care of, floor, apartment"),
    "city": replace(COMMON["city"], label="Postal town", missing="Enter the postal town as on the invoice."),
    "postal_code": replace(
        COMMON["postal_code"], hint="Five digits, like 352 30.", read=national_forms.swedish_postal_code
    ),
    "account_number": replace(
        COMMON["account_number"],
        label="Customer number",
        hint="It’s on the invoice, as kundnummer.",
        missing="Enter the customer number as on the invoice.",
    ),
}

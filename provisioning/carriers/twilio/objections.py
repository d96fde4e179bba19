"""Why registrations were refused: the carrier's codes, and who can mend them.

https://www.twilio.com/docs/api/errors, read in November 2026. A code that stands here not is the operator's to look at;
it keeps the carrier's own words, for new ones come each month.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from provisioning.contract.registration import Mender, Objection

_CODES: Final[Mapping[Mender, str]] = {
    Mender.CUSTOMER: """
        18601 22215 22219 30445 30451 30452 30472 30473 30474 30475 30478 30479 30701 30702 30703 30729 30748
        30749 30750 30751 30752 30753 30754 30757 30758 30795 30798 30799 30801 30831 30836 30837 30841 30842
        30896 30898 30900 30903 30907 30909 30914 30915 30930 30994 21736 21737 21738 21739 21740 21741
    """,
    Mender.WORDING: """
        30007 30540 30543 30544 30548 30551 30556 30857 30882 30886 30887 30888 30889 30890 30892 30893 30895
        30908 30923 30924 30925 30931 30934
    """,
    Mender.LATER: """
        30024 30035 30790 30792 30794 30879 30447 30902
    """,
    Mender.FINAL: """
        30457 30458 30459 30460 30461 30462 30463 30464 30465 30466 30467 30468 30469 30863 30878 30883 30884
        30885 30897
    """,
}
MENDERS: Final[Mapping[str, Mender]] = {code: mender for mender, codes in _CODES.items() for code in codes.split()}
"""Who can mend each code."""

_FIELDS: Final[Mapping[str, str]] = {
    "business_name": "legal_name",
    "brand_name": "legal_name",
    "business_type": "legal_form",
    "business_industry": "industry",
    "business_registration_number": "tax_id",
    "website_url": "website",
    "cnam_display_name": "caller_name",
    "business_employee_count": "employees",
    "average_business_day_call_volume": "calls_a_day",
    "first_name": "person",
    "last_name": "person",
    "email": "email",
    "phone_number": "phone",
    "mobile_phone_number": "owner_mobile",
    "address_sids": "address",
    "message_flow": "flow",
    "message_samples": "samples",
    "description": "description",
    "help_message": "help_text",
    "opt_out_message": "stop_text",
    "privacy_policy_url": "privacy_url",
    "terms_and_conditions_url": "terms_url",
}

_FIELDS_OF_CODES: Final[Mapping[str, str]] = {
    "18601": "address",
    "30754": "address",
    "30801": "address",
    "30703": "tax_id",
    "30757": "tax_id",
    "30795": "tax_id",
    "30898": "tax_id",
    "30749": "email",
    "30753": "email",
    "30748": "phone",
    "30750": "owner_mobile",
    "30751": "owner_mobile",
    "30752": "owner_mobile",
    "30798": "legal_form",
    "30914": "legal_name",
    "30915": "legal_name",
    "30907": "website",
    "30882": "terms_url",
    "30908": "privacy_url",
    "30934": "privacy_url",
    "30886": "description",
    "30887": "stop_text",
    "30890": "help_text",
    "30892": "samples",
    "30893": "samples",
    "30896": "flow",
    "30909": "flow",
    "30831": "flow",
    "30836": "flow",
    "30837": "flow",
    "30841": "flow",
    "30842": "flow",
    "30857": "samples",
}


def objection(code: object, *, field: str = "", text: str = "", url: str = "") -> Objection:
    """The objection of a code; `field` is the carrier's name of the field, if it told one."""
    known = str(code or "")
    named = _FIELDS.get(field.lower(), "") or _FIELDS_OF_CODES.get(known, "")
    return Objection(known, MENDERS.get(known, Mender.OPERATOR), named, text, url)


def objections(errors: Iterable[Mapping[str, Any]] | None) -> tuple[Objection, ...]:
    """The errors of a brand or a campaign. Their code stands in `error_code`, or in older answers in `code`."""
    return tuple(
        objection(
            error.get("error_code") or error.get("code"),
            field=next(iter(error.get("fields") or ()), ""),
            text=str(error.get("description") or ""),
            url=str(error.get("url") or ""),
        )
        for error in errors or ()
    )


def missing(results: Iterable[Mapping[str, Any]] | None) -> tuple[Objection, ...]:
    """What an evaluation of a profile did not find: its fields, or where none is named the requirement as a whole."""
    failed = [result for result in results or () if not result.get("passed")]
    found = [_of_requirement(result) for result in failed]
    return tuple(one for each in found for one in each)


def _of_requirement(result: Mapping[str, Any]) -> list[Objection]:
    fields = [
        objection(one.get("error_code"), field=str(one.get("object_field") or ""), text=str(one.get("failure_reason")))
        for one in result.get("invalid") or ()
    ]
    return fields or [objection(result.get("error_code"), text=str(result.get("failure_reason") or ""))]

"""The policies that profiles are compared with, and the fields of their parts.

https://www.twilio.com/docs/trust-hub/trusthub-rest-api/policies, and the guides for resellers on A2P 10DLC.
"""

from dataclasses import dataclass

BUSINESS = "customer_profile_business_information"
REPRESENTATIVE = "authorized_representative_1"
MESSAGING = "us_a2p_messaging_profile_information"
STARTER = "starter_customer_profile_information"
SOLE_PROPRIETOR = "sole_proprietor_information"
CALLER_NAME = "cnam_information"
VOICE_INTEGRITY = "voice_integrity_information"
ADDRESS = "customer_profile_address"

NEEDED_FIELDS: dict[str, tuple[str, ...]] = {
    BUSINESS: (
        "business_name",
        "business_type",
        "business_industry",
        "business_registration_identifier",
        "business_registration_number",
        "business_identity",
        "business_regions_of_operation",
        "website_url",
    ),
    REPRESENTATIVE: ("first_name", "last_name", "email", "phone_number", "business_title", "job_position"),
    MESSAGING: ("company_type",),
    STARTER: ("first_name", "last_name", "email", "phone_number"),
    SOLE_PROPRIETOR: ("brand_name", "mobile_phone_number"),
    CALLER_NAME: ("cnam_display_name",),
    VOICE_INTEGRITY: ("use_case", "business_employee_count", "average_business_day_call_volume"),
}
FURTHER_FIELDS: dict[str, tuple[str, ...]] = {
    BUSINESS: ("social_media_profile_urls",),
    MESSAGING: ("stock_exchange", "stock_ticker", "brand_contact_email"),
    SOLE_PROPRIETOR: ("vertical",),
    VOICE_INTEGRITY: ("notes",),
}
INDUSTRIES = """
    AGRICULTURE AUTOMOTIVE BANKING CONSTRUCTION CONSUMER EDUCATION ELECTRONICS ENERGY ENGINEERING
    FAST_MOVING_CONSUMER_GOODS FINANCIAL FINTECH FOOD_AND_BEVERAGE GOVERNMENT HEALTHCARE HOSPITALITY
    INSURANCE JEWELRY LEGAL MANUFACTURING MEDIA NOT_FOR_PROFIT OIL_AND_GAS ONLINE PROFESSIONAL_SERVICES RAW_MATERIALS
    REAL_ESTATE RELIGION RETAIL TECHNOLOGY TELECOMMUNICATIONS TRANSPORTATION TRAVEL
"""
IDENTIFIERS = ("EIN", "DUNS", "CBN", "CN", "ACN", "CIN", "VAT", "VATRN", "RN", "Other")
TYPES = ("Co-operative", "Corporation", "Limited Liability Corporation", "Non-profit Corporation", "Partnership")
CHOICES: dict[str, frozenset[str]] = {
    "business_type": frozenset(TYPES),
    "business_industry": frozenset(INDUSTRIES.split()),
    "business_registration_identifier": frozenset(
        ["EIN", "DUNS", "CBN", "CN", "ACN", "CIN", "VAT", "VATRN", "RN", "Other"]
    ),
    "business_identity": frozenset({"direct_customer", "isv_reseller_or_partner", "unknown"}),
    "business_regions_of_operation": frozenset({"AFRICA", "ASIA", "EUROPE", "LATIN_AMERICA", "USA_AND_CANADA"}),
    "job_position": frozenset({"Director", "GM", "VP", "CEO", "CFO", "General Counsel", "Other"}),
    "company_type": frozenset({"private", "public", "non-profit", "government"}),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a profile must be made of; `needs` is the policy that another profile assigned to it must have."""

    sid: str
    name: str
    end_users: tuple[str, ...]
    needs_address: bool
    needs: tuple[str, ...] = ()


PRIMARY = "RN6433641899984f951173ef1738c3bdd0"
SECONDARY = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
STARTER_PROFILE = "RN806dd6cd175f314e1f96a9727ee271f4"
A2P = "RNb0d4771c2c98518d916a3d4cd70a8f8b"
SOLE_PROPRIETOR_A2P = "RN670d5d2e282a6130ae063b234b6019c8"
POLICIES: dict[str, Policy] = {
    policy.sid: policy
    for policy in (
        Policy(PRIMARY, "Primary Customer Profile of type Business", (BUSINESS, REPRESENTATIVE), needs_address=True),
        Policy(
            SECONDARY,
            "Secondary Customer Profile of type Business",
            (BUSINESS, REPRESENTATIVE),
            needs_address=True,
            needs=(PRIMARY,),
        ),
        Policy(
            STARTER_PROFILE,
            "Starter Customer Profile of type Individual",
            (STARTER,),
            needs_address=True,
            needs=(PRIMARY,),
        ),
        Policy(A2P, "A2P Messaging: Local - Business", (MESSAGING,), needs_address=False, needs=(SECONDARY,)),
        Policy(
            SOLE_PROPRIETOR_A2P,
            "A2P Messaging: Local - Sole Proprietor",
            (SOLE_PROPRIETOR,),
            needs_address=False,
            needs=(STARTER_PROFILE,),
        ),
        Policy(
            "RN7a97559effdf62d00f4298208492a5ea",
            "SHAKEN/STIR - Business",
            (),
            needs_address=False,
            needs=(SECONDARY,),
        ),
        Policy(
            "RNf3db3cd1fe25fcfd3c3ded065c8fea53",
            "CNAM - Business",
            (CALLER_NAME,),
            needs_address=False,
            needs=(SECONDARY,),
        ),
        Policy(
            "RN5b3660f9598883b1df4e77f77acefba0",
            "Voice Integrity - Business",
            (VOICE_INTEGRITY,),
            needs_address=False,
            needs=(SECONDARY,),
        ),
    )
}

"""Customer profiles and trust products of TrustHub (https://www.twilio.com/docs/trust-hub/trusthub-rest-api).

Both are bundles of parts. They are named after our tag, so that a lost answer creates no second one. Nothing here
costs money.
"""

from collections.abc import Mapping
from typing import Final

from twilio.base import values
from twilio.rest import Client
from twilio.rest.trusthub.v1.customer_profiles import CustomerProfilesInstance
from twilio.rest.trusthub.v1.customer_profiles.customer_profiles_entity_assignments import (
    CustomerProfilesEntityAssignmentsList,
)
from twilio.rest.trusthub.v1.trust_products import TrustProductsInstance
from twilio.rest.trusthub.v1.trust_products.trust_products_entity_assignments import TrustProductsEntityAssignmentsList

from provisioning.carriers.twilio.client import named
from provisioning.carriers.twilio.objections import missing, objections
from provisioning.contract.errors import Refused
from provisioning.contract.registration import Business, BusinessKind, Industry, LegalForm, Objection

SECONDARY = "RNdfbf3fae0e1107f8aded0e7cead80bf5"
STARTER = "RN806dd6cd175f314e1f96a9727ee271f4"
A2P = "RNb0d4771c2c98518d916a3d4cd70a8f8b"
SOLE_PROPRIETOR_A2P = "RN670d5d2e282a6130ae063b234b6019c8"
ADDRESS = "customer_profile_address"

LEGAL_FORMS: Final[Mapping[LegalForm, str]] = {
    LegalForm.CORPORATION: "Corporation",
    LegalForm.LLC: "Limited Liability Corporation",
    LegalForm.PARTNERSHIP: "Partnership",
    LegalForm.COOPERATIVE: "Co-operative",
    LegalForm.NON_PROFIT: "Non-profit Corporation",
}
INDUSTRIES: Final[Mapping[Industry, str]] = {one: one.value.upper() for one in Industry} | {
    Industry.FINANCE: "FINANCIAL",
    Industry.FOOD: "FOOD_AND_BEVERAGE",
    Industry.HEALTH: "HEALTHCARE",
    Industry.NON_PROFIT: "NOT_FOR_PROFIT",
    Industry.TRANSPORT: "TRANSPORTATION",
}

Assignments = CustomerProfilesEntityAssignmentsList | TrustProductsEntityAssignmentsList
Attributes = Mapping[str, str]


class Bundles:
    """Makes the two bundles of a business. `primary` is our own profile, `email` hears how reviews go."""

    def __init__(self, client: Client, primary: str, email: str) -> None:
        self._client = client
        self._trusthub = client.trusthub.v1
        self._primary = primary
        self._email = email

    def check(self, business: Business, tag: str, news_url: str) -> tuple[Objection, ...]:
        """What the policy finds missing in the profile, which is kept as a draft."""
        profile = self._filled_profile(business, tag, news_url)
        told = profile.customer_profiles_evaluations.create(policy_sid=_of(profile.policy_sid))
        return missing(told.results)

    def submit(self, business: Business, tag: str, news_url: str = "") -> tuple[str, str]:
        """Fill in both bundles and submit them; the sids of profile and product. Those under review stay as they are.

        Raises:
            Refused: the profile lacks something.
        """
        profile = self._filled_profile(business, tag, news_url)
        if can_be_changed(profile):
            told = profile.customer_profiles_evaluations.create(policy_sid=_of(profile.policy_sid))
            lacks = missing(told.results)
            if lacks:
                raise Refused("the profile does not comply", code=lacks[0].code)
            profile.update(status="pending-review")
        product = self._filled_product(business, tag, _of(profile.sid), news_url)
        if can_be_changed(product):
            product.update(status="pending-review")
        return _of(profile.sid), _of(product.sid)

    def product_of(self, tag: str) -> str | None:
        """The sid of the trust product with this tag."""
        found = named(self._trusthub.trust_products.list(friendly_name=tag), tag)
        return found.sid if found else None

    def rejection(self, profile: str) -> tuple[Objection, ...]:
        """Why a customer profile was rejected; nothing if it was not."""
        told = self._trusthub.customer_profiles(profile).fetch()
        return objections(told.errors or [{}]) if str(told.status) == "twilio-rejected" else ()

    def _filled_profile(self, business: Business, tag: str, news_url: str) -> CustomerProfilesInstance:
        policy = STARTER if business.kind is BusinessKind.SOLE_PROPRIETOR else SECONDARY
        profiles = self._trusthub.customer_profiles
        profile = named(profiles.list(friendly_name=tag, policy_sid=policy), tag) or profiles.create(
            tag, self._email, policy, status_callback=news_url or values.unset
        )
        assignments = self._trusthub.customer_profiles(_of(profile.sid)).customer_profiles_entity_assignments
        parts = Parts(self._client, assignments, tag, open_to_new=can_be_changed(profile))
        for kind, attributes in _people(business).items():
            parts.put(kind, attributes)
        parts.put_address(business)
        parts.put_bundle(self._primary)
        return profile

    def _filled_product(self, business: Business, tag: str, profile: str, news_url: str) -> TrustProductsInstance:
        sole = business.kind is BusinessKind.SOLE_PROPRIETOR
        policy = SOLE_PROPRIETOR_A2P if sole else A2P
        products = self._trusthub.trust_products
        product = named(products.list(friendly_name=tag, policy_sid=policy), tag) or products.create(
            tag, self._email, policy, status_callback=news_url or values.unset
        )
        assignments = self._trusthub.trust_products(_of(product.sid)).trust_products_entity_assignments
        parts = Parts(self._client, assignments, tag, open_to_new=can_be_changed(product))
        if sole:
            told = {"brand_name": business.legal_name, "mobile_phone_number": business.owner_mobile}
            parts.put("sole_proprietor_information", told)
        else:
            parts.put("us_a2p_messaging_profile_information", {"company_type": _company_type(business)})
        parts.put_bundle(profile)
        return product


class Parts:
    """The parts of one bundle. What is assigned already is changed in place, which is allowed at any time."""

    def __init__(self, client: Client, assignments: Assignments, tag: str, *, open_to_new: bool) -> None:
        self._client = client
        self._assignments = assignments
        self._tag = tag
        self._open_to_new = open_to_new
        self._assigned = {_of(one.object_sid) for one in assignments.list()}

    def put(self, kind: str, attributes: Attributes) -> None:
        """Set the attributes of the end user of this kind."""
        users = (self._client.trusthub.v1.end_users(sid).fetch() for sid in self._assigned if sid.startswith("IT"))
        there = next((user for user in users if user.type == kind), None)
        if there is None:
            made = self._client.trusthub.v1.end_users.create(self._tag, kind, attributes=dict(attributes))
            self._assign(_of(made.sid))
        elif there.attributes != attributes:
            there.update(attributes=dict(attributes))

    def put_address(self, business: Business) -> None:
        """Set the address. It is named after the tag and changed in place, and so is the document that names it."""
        fields = _address(business)
        kept = named(self._client.addresses.list(friendly_name=self._tag), self._tag)
        if kept is None:
            kept = self._client.addresses.create(
                iso_country=business.address.country, friendly_name=self._tag, emergency_enabled=False, **fields
            )
        elif any((getattr(kept, name) or "") != value for name, value in fields.items()):
            kept.update(**fields)
        if not any(sid.startswith("RD") for sid in self._assigned):
            documents = self._client.trusthub.v1.supporting_documents
            made = documents.create(self._tag, ADDRESS, attributes={"address_sids": _of(kept.sid)})
            self._assign(_of(made.sid))

    def put_bundle(self, sid: str) -> None:
        """Assign another bundle."""
        if sid not in self._assigned:
            self._assign(sid)

    def _assign(self, sid: str) -> None:
        if self._open_to_new:
            self._assignments.create(object_sid=sid)
            self._assigned.add(sid)


def _people(business: Business) -> dict[str, Attributes]:
    person = {
        "first_name": business.person.first_name,
        "last_name": business.person.last_name,
        "email": business.person.email,
        "phone_number": business.person.phone,
    }
    if business.kind is BusinessKind.SOLE_PROPRIETOR:
        return {"starter_customer_profile_information": person}
    return {
        "customer_profile_business_information": {
            "business_name": business.legal_name,
            "business_type": LEGAL_FORMS[business.legal_form],
            "business_industry": INDUSTRIES[business.industry],
            "business_registration_identifier": "EIN",
            "business_registration_number": business.tax_id,
            "business_identity": "direct_customer",
            "business_regions_of_operation": "USA_AND_CANADA",
            "website_url": business.website,
        },
        "authorized_representative_1": person | {"business_title": business.person.title, "job_position": "Other"},
    }


def can_be_changed(bundle: CustomerProfilesInstance | TrustProductsInstance) -> bool:
    """Whether a bundle is neither under review nor approved."""
    return str(bundle.status) in {"draft", "twilio-rejected"}


def _company_type(business: Business) -> str:
    if business.industry is Industry.GOVERNMENT:
        return "government"
    return "non-profit" if business.legal_form is LegalForm.NON_PROFIT else "private"


def _address(business: Business) -> dict[str, str]:
    address = business.address
    return {
        "customer_name": business.legal_name,
        "street": address.street,
        "street_secondary": address.street2,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
    }


def _of(sid: str | None) -> str:
    if not sid:
        raise ValueError("a resource without a sid")
    return sid

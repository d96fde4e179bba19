"""Registers businesses at the sandbox, with the SDK and in the order of the carrier's guides."""

from dataclasses import dataclass, replace

from twilio.rest import Client

from sandbox.exchange import primary_profile
from sandbox.registering import policies

CAMPAIGN = {
    "description": "Acme Plumbing confirms visits to customers who asked for a text message.",
    "message_flow": "At https://acme.example/texts the visitor types a number and ticks an empty box to get texts.",
    "message_samples": [
        "Acme Plumbing: your visit is on [date] at [time]. Reply STOP to opt out.",
        "Acme Plumbing: [first name] is on the way. Reply HELP for help.",
    ],
    "us_app_to_person_usecase": "LOW_VOLUME",
    "has_embedded_links": False,
    "has_embedded_phone": False,
    "privacy_policy_url": "https://acme.example/privacy",
    "terms_and_conditions_url": "https://acme.example/terms",
}


@dataclass(frozen=True)
class Business:
    """What a business says of itself."""

    name: str = "Acme Plumbing LLC"
    number: str = "12-3456789"
    street: str = "1 Main St"
    mail: str = "ann@acme.example"
    mobile: str = ""


class Filing:
    """Files one business, step by step."""

    def __init__(self, client: Client, business: Business = Business(), **changes: str) -> None:
        self.client, self.business = client, replace(business, **changes)

    @property
    def is_sole(self):
        return bool(self.business.mobile)

    def _assign(self, bundle, *sids):
        for sid in sids:
            self._assignments(bundle).create(object_sid=sid)
        return bundle

    def _assignments(self, bundle):
        trusthub = self.client.trusthub.v1
        if type(bundle).__name__ == "TrustProductsInstance":
            return trusthub.trust_products(bundle.sid).trust_products_entity_assignments
        return trusthub.customer_profiles(bundle.sid).customer_profiles_entity_assignments

    def _user(self, kind, **attributes):
        return self.client.trusthub.v1.end_users.create(friendly_name="x", type=kind, attributes=attributes).sid

    def profile(self):
        """The customer profile with its parts, still a draft."""
        address = self.client.addresses.create(
            self.business.name, self.business.street, "San Francisco", "CA", "94103", "US"
        )
        document = self.client.trusthub.v1.supporting_documents.create(
            friendly_name="x", type=policies.ADDRESS, attributes={"address_sids": address.sid}
        )
        policy = policies.STARTER_PROFILE if self.is_sole else policies.SECONDARY
        made = self.client.trusthub.v1.customer_profiles.create(
            friendly_name=self.business.name, email="us@example.com", policy_sid=policy
        )
        return self._assign(made, *self._people(), document.sid, primary_profile(self.client.account_sid))

    def _people(self):
        person = {"first_name": "Ann", "last_name": "Lee", "email": self.business.mail, "phone_number": "+12065550100"}
        if self.is_sole:
            return [self._user(policies.STARTER, **person)]
        told = self._user(
            policies.BUSINESS,
            business_name=self.business.name,
            business_type="Limited Liability Corporation",
            business_industry="CONSTRUCTION",
            business_registration_identifier="EIN",
            business_registration_number=self.business.number,
            business_identity="direct_customer",
            business_regions_of_operation="USA_AND_CANADA",
            website_url="https://acme.example",
        )
        title = {"business_title": "Owner", "job_position": "CEO"}
        return [told, self._user(policies.REPRESENTATIVE, **person, **title)]

    def product(self, profile):
        """The trust product over a profile, still a draft."""
        made = self.client.trusthub.v1.trust_products.create(
            friendly_name=self.business.name,
            email="us@example.com",
            policy_sid=policies.SOLE_PROPRIETOR_A2P if self.is_sole else policies.A2P,
        )
        if self.is_sole:
            name = {"brand_name": self.business.name, "mobile_phone_number": self.business.mobile}
            return self._assign(made, self._user(policies.SOLE_PROPRIETOR, **name), profile.sid)
        return self._assign(made, self._user(policies.MESSAGING, company_type="private"), profile.sid)

    def brand(self, *, skips: bool = True):
        """Submit both, and register the brand."""
        profile = self.profile()
        profile.update(status="pending-review")
        product = self.product(profile)
        product.update(status="pending-review")
        kind = "SOLE_PROPRIETOR" if self.is_sole else "STANDARD"
        return self.client.messaging.v1.brand_registrations.create(
            profile.sid, product.sid, brand_type=kind, skip_automatic_sec_vet=skips
        )

    def campaign(self, brand, **changes):
        """A service of its own with a campaign."""
        service = self.client.messaging.v1.services.create(self.business.name)
        use = {"us_app_to_person_usecase": "SOLE_PROPRIETOR"} if self.is_sole else {}
        fields = CAMPAIGN | use | changes
        service.us_app_to_person.create(brand_registration_sid=brand.sid, **fields)
        return service

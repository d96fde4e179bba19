"""Caller name, signed calls and call labels: trust products over a customer profile, with the numbers they hold for.

https://www.twilio.com/docs/voice/brand-your-calls-using-cnam, /voice/trusted-calling-with-shakenstir and
/voice/spam-monitoring-with-voiceintegrity
"""

from collections.abc import Mapping
from typing import Final

from twilio.base import values
from twilio.rest import Client
from twilio.rest.trusthub.v1.trust_products import TrustProductsInstance

from provisioning.carriers.twilio.bundles import Parts, can_be_changed
from provisioning.carriers.twilio.client import named, understood
from provisioning.carriers.twilio.objections import missing, objections
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.caller_trust import Caller, CallerService
from provisioning.contract.errors import Fault, Refused
from provisioning.contract.registration import BusinessKind, Registered, Stage

POLICIES: Final[Mapping[CallerService, str]] = {
    CallerService.NAME: "RNf3db3cd1fe25fcfd3c3ded065c8fea53",
    CallerService.SIGNATURE: "RN7a97559effdf62d00f4298208492a5ea",
    CallerService.LABELS: "RN5b3660f9598883b1df4e77f77acefba0",
}
STAGES: Final[Mapping[str, Stage]] = {
    "draft": Stage.CHECKING,
    "pending-review": Stage.CHECKING,
    "in-review": Stage.IN_REVIEW,
    "twilio-approved": Stage.APPROVED,
    "twilio-rejected": Stage.REFUSED,
}
OFFERED: Final[Mapping[BusinessKind, frozenset[CallerService]]] = {
    kind: frozenset(CallerService) for kind in (BusinessKind.LOW_VOLUME, BusinessKind.STANDARD)
}
"""The policies want a profile of type business, which sole proprietors have not."""

USE: Final = "Customer Care"
NUMBER: Final = "phone-number"


class TwilioCallerTrust:
    """Without a primary profile there are no customer profiles, and so nothing to build on."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._trusthub = client.trusthub.v1
        self._email = settings.registration_email
        self.offered = OFFERED if settings.primary_profile else {}

    def enter(self, service: CallerService, business: str, caller: Caller, tag: str, news_url: str = "") -> str:
        """Fill in the product and submit it; one under review stays as it is."""
        with understood():
            product = self._product(tag) or self._trusthub.trust_products.create(
                tag, self._email, POLICIES[service], status_callback=news_url or values.unset
            )
            self._fill(product, service, business, caller)
            sid = _text(product.sid)
            if can_be_changed(product):
                told = self._trusthub.trust_products(sid).trust_products_evaluations.create(POLICIES[service])
                if lacks := missing(told.results):
                    faults = tuple(Fault(one.field, one.text) for one in lacks)
                    raise Refused("the product does not comply", code=lacks[0].code, faults=faults)
                product.update(status="pending-review")
            return sid

    def find(self, tag: str) -> Registered | None:
        """The product with this tag, once it was submitted."""
        with understood():
            found = self._product(tag)
            return _registered(found) if found and str(found.status) != "draft" else None

    def state(self, reference: str) -> Registered:
        """Where a product stands."""
        with understood():
            return _registered(self._trusthub.trust_products(reference).fetch())

    def numbers(self, reference: str) -> frozenset[str]:
        """The numbers of a product."""
        with understood():
            endpoints = self._trusthub.trust_products(reference).trust_products_channel_endpoint_assignment
            return frozenset(_text(one.channel_endpoint_sid) for one in endpoints.list())

    def join(self, reference: str, number: str) -> None:
        """Assign a number to the profile first, as the product takes only numbers of its profile."""
        with understood():
            product = self._trusthub.trust_products(reference)
            parts = (_text(one.object_sid) for one in product.trust_products_entity_assignments.list())
            profile = self._trusthub.customer_profiles(next(sid for sid in parts if sid.startswith("BU")))
            for endpoints in (
                profile.customer_profiles_channel_endpoint_assignment,
                product.trust_products_channel_endpoint_assignment,
            ):
                if all(one.channel_endpoint_sid != number for one in endpoints.list()):
                    endpoints.create(channel_endpoint_type=NUMBER, channel_endpoint_sid=number)

    def leave(self, reference: str, number: str) -> None:
        """Remove the assignment of a number; it stays in the profile."""
        with understood():
            product = self._trusthub.trust_products(reference)
            for one in product.trust_products_channel_endpoint_assignment.list():
                if one.channel_endpoint_sid == number:
                    product.trust_products_channel_endpoint_assignment(_text(one.sid)).delete()

    def _fill(self, product: TrustProductsInstance, service: CallerService, business: str, caller: Caller) -> None:
        assignments = self._trusthub.trust_products(_text(product.sid)).trust_products_entity_assignments
        parts = Parts(self._client, assignments, _text(product.friendly_name), open_to_new=can_be_changed(product))
        if service is CallerService.NAME:
            parts.put("cnam_information", {"cnam_display_name": caller.name})
        elif service is CallerService.LABELS:
            parts.put("voice_integrity_information", _volume(caller))
        brand = self._client.messaging.v1.brand_registrations(business).fetch()
        parts.put_bundle(_text(brand.customer_profile_bundle_sid))

    def _product(self, tag: str) -> TrustProductsInstance | None:
        return named(self._trusthub.trust_products.list(friendly_name=tag), tag)


def _volume(caller: Caller) -> dict[str, str]:
    return {
        "use_case": USE,
        "business_employee_count": str(caller.employees or ""),
        "average_business_day_call_volume": str(caller.calls_a_day or ""),
    }


def _registered(product: TrustProductsInstance) -> Registered:
    status = str(product.status)
    found = objections(product.errors or [{}]) if status == "twilio-rejected" else ()
    return Registered(_text(product.sid), STAGES.get(status, Stage.IN_REVIEW), found, status)


def _text(sid: str | None) -> str:
    if not sid:
        raise ValueError("a resource without a sid")
    return sid

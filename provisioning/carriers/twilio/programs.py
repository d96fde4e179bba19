"""A messaging service for each business, with its campaign.

https://www.twilio.com/docs/messaging/api/service-resource, https://www.twilio.com/docs/messaging/api/usapptoperson-resource
"""

from typing import Any, Final

from twilio.rest import Client
from twilio.rest.messaging.v1.service.us_app_to_person import UsAppToPersonInstance

from provisioning.carriers.twilio.objections import objections
from provisioning.contract.errors import Broken, NotFound
from provisioning.contract.registration import BusinessKind, Entered, Program, Registered, Stage

WITH_LEGAL_LINKS: Final = "v1.2"
"""The version of the interface that takes and shows the links to terms and privacy page."""

LONGEST_NAME: Final = 64
PAGE: Final = 1000
USE_CASES: Final = {
    BusinessKind.LOW_VOLUME: "LOW_VOLUME",
    BusinessKind.STANDARD: "MIXED",
    BusinessKind.SOLE_PROPRIETOR: "SOLE_PROPRIETOR",
}
STAGES: Final = {
    "PENDING": Stage.IN_REVIEW,
    "IN_PROGRESS": Stage.IN_REVIEW,
    "VERIFIED": Stage.APPROVED,
    "FAILED": Stage.REFUSED,
    "SUSPENDED": Stage.SUSPENDED,
}


class Programs:
    """Opens services and has their campaigns reviewed."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._services = client.messaging.v1.services

    def open(self, name: str, tag: str) -> str:
        """A service with this tag at the end of its name: the one that there is, or a new one.

        Texts and callbacks stay the numbers' own, nothing in a text is altered, and we choose the sender.
        """
        there = next(
            (one for one in self._services.stream(page_size=PAGE) if (one.friendly_name or "").endswith(tag)), None
        )
        made = there or self._services.create(
            friendly_name=f"{name[: LONGEST_NAME - len(tag) - 1].strip()} {tag}",
            use_inbound_webhook_on_number=True,
            sticky_sender=False,
            area_code_geomatch=False,
            smart_encoding=False,
            usecase="undeclared",
        )
        if not made.sid:
            raise ValueError("a messaging service without a sid")
        return made.sid

    def opened(self) -> list[Entered]:
        """Every service, with the last word of its name: our tag, if we opened it."""
        found = self._services.stream(page_size=PAGE)
        return [Entered(one.sid, (one.friendly_name or "").rpartition(" ")[2]) for one in found if one.sid]

    def enter(self, service: str, brand: str, kind: BusinessKind, program: Program) -> None:
        """Submit the campaign of a service, unless it has one."""
        campaigns = self._services(service).us_app_to_person
        if not campaigns.list(limit=1):
            campaigns.create(
                brand_registration_sid=brand,
                us_app_to_person_usecase=USE_CASES[kind],
                help_message=program.help_text,
                opt_out_message=program.stop_text,
                subscriber_opt_in=True,
                direct_lending=False,
                **_fields(program),
            )

    def state(self, service: str) -> Registered | None:
        """Where the campaign of a service stands; None without one."""
        campaign = self._campaign(service)
        if campaign is None:
            self._services(service).fetch()
            return None
        word, found = campaign.campaign_status or "", objections(campaign.errors)
        stage = STAGES.get(word, Stage.IN_REVIEW)
        if found and stage is Stage.IN_REVIEW:  # the errors tell it before the status does
            stage = Stage.REFUSED
        return Registered(service, stage, found, word)

    def mend(self, service: str, program: Program) -> None:
        """Change the campaign. Where the account may not edit campaigns yet, it is deleted and submitted anew."""
        campaign = self._campaign(service)
        if campaign is None or not campaign.sid:
            raise NotFound("the messaging service has no campaign")
        context = self._services(service).us_app_to_person(campaign.sid)
        try:
            context.update(direct_lending=False, **_fields(program))
        except (NotFound, Broken):
            brand, use = campaign.brand_registration_sid or "", campaign.us_app_to_person_usecase
            context.delete()
            kind = next(kind for kind, code in USE_CASES.items() if code == use)
            self.enter(service, brand, kind, program)

    def _campaign(self, service: str) -> UsAppToPersonInstance | None:
        found = self._services(service).us_app_to_person.list(x_twilio_api_version=WITH_LEGAL_LINKS, limit=1)
        return found[0] if found else None


def _fields(program: Program) -> dict[str, Any]:
    """What is sent both when a campaign is submitted and when it is changed."""
    return {
        "description": program.description,
        "message_flow": program.flow,
        "message_samples": list(program.samples),
        "has_embedded_links": program.links,
        "has_embedded_phone": program.phones,
        "age_gated": program.age_gated,
        "privacy_policy_url": program.privacy_url,
        "terms_and_conditions_url": program.terms_url,
        "x_twilio_api_version": WITH_LEGAL_LINKS,
    }

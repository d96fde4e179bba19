"""Campaigns of messaging services, and the registration of their numbers with the operators."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from sandbox.errors import Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.records import Service, Step
from sandbox.registering import fees
from sandbox.registering.brands import Brands
from sandbox.registering.events import Events
from sandbox.registering.pace import Pace
from sandbox.registering.records import (
    Brand,
    BrandStatus,
    Campaign,
    CampaignStatus,
    IdentityStatus,
    NumberRegistration,
)

Fields = Mapping[str, str | list[str]]
PROVEN = {IdentityStatus.VERIFIED, IdentityStatus.VETTED_VERIFIED, IdentityStatus.SELF_DECLARED}
MONTH = timedelta(days=30)
ORDINARY = (
    "2FA",
    "ACCOUNT_NOTIFICATION",
    "CUSTOMER_CARE",
    "DELIVERY_NOTIFICATION",
    "LOW_VOLUME",
    "MARKETING",
    "MIXED",
)
USECASES = {
    "STANDARD": list(ORDINARY),
    "SOLE_PROPRIETOR": ["SOLE_PROPRIETOR"],
}
LENGTHS = {
    "description": (40, 4096),
    "message_flow": (40, 2048),
    "message_samples": (20, 1024),
    "opt_in_message": (20, 320),
    "opt_out_message": (20, 320),
    "help_message": (20, 320),
}
SHORTENERS = re.compile(r"\b(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl)/")
LINK = re.compile(r"https?://|\bwww\.")


class Campaigns:
    """Vets campaigns, and registers the numbers of those that are verified.

    `edits`: whether the account may change a campaign that failed, which was a private beta once.
    """

    edits = True

    def __init__(self, exchange: Exchange, brands: Brands, events: Events, pace: Pace) -> None:
        self._exchange = exchange
        self._pace = pace
        self._brands = brands
        self._events = events

    def create(self, service: Service, brand: Brand, fields: Fields) -> Campaign:
        """Submit a campaign, and take the fee of its review. Raises `Refusal` without a fee."""
        if service.campaign is not None:
            raise Refusal(21732, "The Messaging Service has a campaign already.")
        _must_be_open(brand)
        if fields["us_app_to_person_usecase"] not in USECASES[brand.kind]:
            raise Refusal(21719, "The use case is not available to this brand.")
        _must_have_lengths(fields)
        self._pace.keep(service.account_sid)
        now = self._exchange.now()
        service.campaign = Campaign(brand.sid, dict(fields), now, now)
        self._submit(service, brand)
        return service.campaign

    def update(self, service: Service, campaign: Campaign, fields: Fields) -> None:
        """Change a campaign that failed, and review it again for another fee."""
        if not self.edits:
            raise Refusal(20404, "The requested resource was not found", 404)
        if campaign.status != CampaignStatus.FAILED:
            raise Refusal(20409, "Only a failed campaign can be changed.", 409)
        _must_have_lengths(fields)
        self._pace.keep(service.account_sid)
        campaign.fields |= dict(fields)
        campaign.status, campaign.errors = CampaignStatus.PENDING, []
        self._submit(service, self._exchange.state.brands[campaign.brand])

    def remove(self, service: Service) -> None:
        """Delete the campaign: texts of the service are no longer delivered."""
        service.campaign = None
        service.registrations.clear()

    def advanced(self, step: Step) -> None:
        """Take a campaign one step further: in progress, then verified or failed."""
        service = self._exchange.state.services.get(step.subject)
        campaign = service.campaign if service else None
        if service is None or campaign is None:
            return
        if campaign.status == CampaignStatus.PENDING:
            campaign.status, campaign.updated = CampaignStatus.IN_PROGRESS, self._exchange.now()
            self._exchange.later(StepKind.CAMPAIGN_ADVANCED, service.sid, self._time_to_verify(campaign))
        elif campaign.status == CampaignStatus.IN_PROGRESS:
            codes = list(self._faults(campaign))
            self.decide(service, CampaignStatus.FAILED if codes else CampaignStatus.VERIFIED, codes)

    def decide(self, service: Service, status: CampaignStatus | None, codes: list[int]) -> None:
        """Give the operators' decision about a service's campaign; None removes the campaign."""
        now = self._exchange.now()
        if status is None:
            self.remove(service)
            return
        campaign = service.campaign or Campaign("", {}, now, now)
        service.campaign = campaign
        campaign.status, campaign.errors, campaign.updated = status, codes, now
        self._events.campaign(service, campaign)
        if status == CampaignStatus.VERIFIED:
            self._charge_month(service, campaign)
            for number in service.pool:
                self.register(service, number)

    def month(self, step: Step) -> None:
        """Take the fee of another month while the campaign stands."""
        service = self._exchange.state.services.get(step.subject)
        if service and service.campaign and service.campaign.status == CampaignStatus.VERIFIED:
            self._charge_month(service, service.campaign)

    def join(self, service: Service, number_sid: str) -> None:
        """Add a number to the pool. Raises `Refusal` 21712 while it is leaving another one."""
        until = self._exchange.state.leaving.get(number_sid)
        if until is not None and self._exchange.now() < until:
            raise Refusal(21712, "Phone Number or Short Code is associated with another Messaging Service.", 409)
        service.pool[number_sid] = self._exchange.now()
        if service.campaign and service.campaign.status == CampaignStatus.VERIFIED:
            self.register(service, number_sid)

    def leave(self, service: Service, number_sid: str) -> None:
        """Take a number out of the pool. The operators need days to forget a registered one."""
        service.pool.pop(number_sid)
        if service.registrations.pop(number_sid, None) is not None:
            delay = self._exchange.delays.number_deregistered
            self._exchange.state.leaving[number_sid] = self._exchange.now() + delay
            self._events.number(service, number_sid, "pending_deregistration")
            self._exchange.later(StepKind.NUMBER_LEFT, service.sid, delay, number_sid)

    def register(self, service: Service, number_sid: str) -> None:
        """Register a number with the operators: at once, if they take no time. Of a sole proprietor's, only one."""
        brand = self._exchange.state.brands.get(service.campaign.brand if service.campaign else "")
        taken = any(number_sid != other for other in service.registrations)
        if brand and brand.kind == "SOLE_PROPRIETOR" and taken:
            return
        service.registrations[number_sid] = NumberRegistration.PENDING
        delay = self._exchange.delays.number_registered
        if delay:
            self._events.number(service, number_sid, "pending_registration")
            self._exchange.later(StepKind.NUMBER_REGISTERED, service.sid, delay, number_sid)
        else:
            service.registrations[number_sid] = NumberRegistration.REGISTERED

    def registered(self, step: Step) -> None:
        """Finish the registration of a number that is still in the pool."""
        service = self._exchange.state.services.get(step.subject)
        if service and service.registrations.get(step.detail) == NumberRegistration.PENDING:
            service.registrations[step.detail] = NumberRegistration.REGISTERED
            self._events.number(service, step.detail, "registered")

    def left(self, step: Step) -> None:
        """Finish the removal of a number, which can join another service from now on."""
        self._exchange.state.leaving.pop(step.detail, None)
        service = self._exchange.state.services.get(step.subject)
        if service:
            self._events.number(service, step.detail, "unregistered")

    def _submit(self, service: Service, brand: Brand) -> None:
        if not brand.mock:
            fees.take(self._exchange, service.account_sid, "review", fees.REVIEW, service.sid)
        self._exchange.later(StepKind.CAMPAIGN_ADVANCED, service.sid, self._exchange.delays.campaign_begun)

    def _charge_month(self, service: Service, campaign: Campaign) -> None:
        if campaign.brand:
            use = str(campaign.fields.get("us_app_to_person_usecase", ""))
            cents = fees.BY_MONTH.get(use, fees.USUAL_BY_MONTH)
            fees.take(self._exchange, service.account_sid, "month", cents, service.sid)
            self._exchange.later(StepKind.CAMPAIGN_MONTH, service.sid, MONTH)

    def _time_to_verify(self, campaign: Campaign) -> timedelta:
        usual = self._exchange.delays.campaign_verified
        return usual * 3 if "#SLOW" in self._name(campaign) else usual

    def _name(self, campaign: Campaign) -> str:
        return self._brands.name_of(self._exchange.state.brands[campaign.brand])

    def _faults(self, campaign: Campaign) -> Iterator[int]:
        """The codes for which the operators refuse a campaign: a magic one in the name, then what is missing."""
        for code in re.findall(r"#(\d{5})", self._name(campaign)):
            yield int(code)
        if not campaign.fields.get("terms_and_conditions_url"):
            yield 30882
        if not campaign.fields.get("privacy_policy_url"):
            yield 30908
        samples = " ".join(campaign.fields.get("message_samples", []))
        if SHORTENERS.search(samples):
            yield 30892
        if (campaign.fields.get("has_embedded_links") == "true") is not bool(LINK.search(samples)):
            yield 30893


def _must_be_open(brand: Brand) -> None:
    if brand.status == BrandStatus.SUSPENDED:
        raise Refusal(21731, "The brand is suspended.")
    if brand.status != BrandStatus.APPROVED or brand.identity not in PROVEN:
        raise Refusal(21717, "The brand is not approved.")


def _must_have_lengths(fields: Fields) -> None:
    for name, (least, most) in LENGTHS.items():
        value = fields.get(name) or []
        for text in [value] if isinstance(value, str) else value:
            if not least <= len(text) <= most:
                raise Refusal(21727, f"{name} must have {least} to {most} characters.")
    samples = fields.get("message_samples", [])
    if not 2 <= len(samples) <= 5:  # noqa: PLR2004 - the carrier's limits
        raise Refusal(21727, "message_samples must be 2 to 5.")

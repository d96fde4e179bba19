"""All registrations of businesses at the carrier, and the verbs by which a test or a person decides about them."""

from collections.abc import Callable
from typing import TypeVar

from sandbox.errors import Unknown
from sandbox.exchange import Exchange, StepKind
from sandbox.inventory import Inventory
from sandbox.phones import Phones
from sandbox.records import Number, Service, Step
from sandbox.registering.brands import Brands
from sandbox.registering.campaigns import Campaigns
from sandbox.registering.events import Events
from sandbox.registering.pace import Pace
from sandbox.registering.profiles import ProfileReviews
from sandbox.registering.records import Brand, BrandStatus, CampaignStatus, Fee, Profile, VerificationStatus
from sandbox.registering.toll_free import TollFreeReviews

Record = TypeVar("Record")


class Registry:
    """Who may text, in five parts: profiles, brands, campaigns with their numbers, toll-free verifications, events."""

    def __init__(self, exchange: Exchange, inventory: Inventory, phones: Phones) -> None:
        self._exchange = exchange
        self._inventory = inventory
        self.events, pace = Events(exchange), Pace(exchange)
        self.profiles = ProfileReviews(exchange)
        self.brands = Brands(exchange, phones, self.events, pace)
        self.campaigns = Campaigns(exchange, self.brands, self.events, pace)
        self.toll_free = TollFreeReviews(exchange, self.events)

    @property
    def steps(self) -> dict[str, Callable[[Step], None]]:
        """What happens to registrations by itself."""
        return {
            StepKind.PROFILE_CHECKED: self.profiles.checked,
            StepKind.PROFILE_REVIEWED: self.profiles.reviewed,
            StepKind.BRAND_DECIDED: self.brands.decided,
            StepKind.BRAND_VETTED: self.brands.vetted,
            StepKind.OWNER_SILENT: self.brands.expired,
            StepKind.CAMPAIGN_ADVANCED: self.campaigns.advanced,
            StepKind.CAMPAIGN_MONTH: self.campaigns.month,
            StepKind.NUMBER_REGISTERED: self.campaigns.registered,
            StepKind.NUMBER_LEFT: self.campaigns.left,
            StepKind.TOLL_FREE_REVIEWED: self.toll_free.reviewed,
        }

    def decide_campaign(self, service: str, status: str | None, *codes: int) -> Service:
        """Set the campaign status of a messaging service, with the codes of a refusal; None removes the campaign."""
        with self._exchange.changing() as state:
            found = _known(state.services.get(service), f"There is no messaging service {service}.")
            self.campaigns.decide(found, CampaignStatus(status) if status else None, list(codes))
            return found

    def decide_brand(self, sid: str, status: str, *codes: int) -> Brand:
        """Set the status of a brand registration."""
        with self._exchange.changing() as state:
            found = _known(state.brands.get(sid), f"There is no brand {sid}.")
            self.brands.decide(found, BrandStatus(status), list(codes))
            return found

    def reject_profile(self, sid: str, reason: str, code: int) -> Profile:
        """Reject a profile, as a person does who reviews it."""
        with self._exchange.changing() as state:
            found = _known(state.profiles.get(sid), f"There is no profile {sid}.")
            self.profiles.reject(found, reason, code)
            return found

    def verify_toll_free(self, number: str, status: str, *codes: int) -> Number:
        """Set the status of a toll-free number's verification, which need not have been asked for."""
        with self._exchange.changing():
            held = _known(self._inventory.held(number), f"{number} is in no account.")
            verification = self.toll_free.of(held) or self.toll_free.create(held, {})
            self.toll_free.decide(verification, VerificationStatus(status), list(codes))
            return held

    @property
    def fees(self) -> list[Fee]:
        """All fees taken so far, oldest first."""
        return self._exchange.state.fees


def _known(found: Record | None, why_not: str) -> Record:
    if found is None:
        raise Unknown(why_not)
    return found

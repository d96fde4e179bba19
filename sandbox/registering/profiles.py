"""Reviews of customer profiles and trust products."""

from sandbox.errors import Refusal
from sandbox.exchange import Exchange, StepKind
from sandbox.records import Address, Step
from sandbox.registering.evaluation import results
from sandbox.registering.policies import ADDRESS, POLICIES
from sandbox.registering.records import Part, Profile, ProfileStatus

UNKNOWN_STREET = "123 Blah Street"
NOT_COMPLIANT, BAD_ADDRESS = 22221, 18601


class ProfileReviews:
    """Reviews what is submitted: first by a machine within seconds, then by a person."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def submit(self, profile: Profile) -> None:
        """Put a profile under review."""
        self._become(profile, ProfileStatus.PENDING_REVIEW)
        self._exchange.later(StepKind.PROFILE_CHECKED, profile.sid, self._exchange.delays.profile_checked)

    def checked(self, step: Step) -> None:
        """Check the parts and the street. The reason for a rejection is told by the status callback only."""
        profile = self._exchange.state.profiles.get(step.subject)
        if profile is None or profile.status != ProfileStatus.PENDING_REVIEW:
            return
        found = results(self._exchange.state, profile, POLICIES[profile.policy_sid])
        if not all(one["passed"] for one in found):
            self.reject(profile, "The profile does not comply with its policy.", NOT_COMPLIANT)
        elif self._street_is_unknown(profile):
            self.reject(profile, "Invalid Street. Address suggestion: 123 Blake Street", BAD_ADDRESS)
        else:
            self._become(profile, ProfileStatus.IN_REVIEW)
            self._exchange.later(StepKind.PROFILE_REVIEWED, profile.sid, self._exchange.delays.profile_reviewed)

    def reviewed(self, step: Step) -> None:
        """Approve a profile that is still under review."""
        profile = self._exchange.state.profiles.get(step.subject)
        if profile is not None and profile.status == ProfileStatus.IN_REVIEW:
            self._become(profile, ProfileStatus.TWILIO_APPROVED)

    def reject(self, profile: Profile, reason: str, code: int) -> None:
        """Reject a profile. Brands and campaigns that build on it fail with it."""
        profile.failure, profile.errors = reason, [code]
        self._become(profile, ProfileStatus.TWILIO_REJECTED)

    def _become(self, profile: Profile, status: ProfileStatus) -> None:
        profile.status, profile.updated = status, self._exchange.now()
        if status not in {ProfileStatus.TWILIO_REJECTED, ProfileStatus.DRAFT}:
            profile.failure, profile.errors = "", []
        self._exchange.post_form(
            profile.account_sid,
            profile.status_callback,
            {
                "AccountSid": profile.account_sid,
                "BundleSid": profile.sid,
                "Status": status,
                "FailureReason": profile.failure,
            },
        )

    def _street_is_unknown(self, profile: Profile) -> bool:
        address = address_of(self._exchange, profile)
        return address is not None and address.fields.get("street") == UNKNOWN_STREET


def must_take(exchange: Exchange, profile: Profile, number_sid: str) -> None:
    """Raise `Refusal` for a number that is in a profile already, or in none of those that a product builds on."""
    if number_sid in profile.numbers.values():
        raise Refusal(20409, f"{number_sid} is assigned already.", 409)
    profiles = exchange.state.profiles
    below = [profiles[sid] for sid in profile.parts.values() if sid in profiles]
    if profile.is_product and not any(number_sid in one.numbers.values() for one in below):
        raise Refusal(20001, f"{number_sid} has to be assigned to the customer profile first.")


def part_of(exchange: Exchange, profile: Profile, *kinds: str) -> Part | None:
    """The part of a profile that is of one of these kinds."""
    parts = (exchange.state.parts.get(sid) for sid in profile.parts.values())
    return next((part for part in parts if part and part.kind in kinds), None)


def address_of(exchange: Exchange, profile: Profile) -> Address | None:
    """The address of a profile."""
    document = part_of(exchange, profile, ADDRESS)
    return exchange.state.addresses.get(str(document.attributes.get("address_sids"))) if document else None

"""Our account (https://www.twilio.com/docs/iam/api/account) and the campaign of its messaging service."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from twilio.rest import Client
from twilio.rest.messaging.v1.tollfree_verification import TollfreeVerificationInstance

from provisioning.carriers.twilio.client import understood
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.account import AccountState, TextRegistration

# https://www.twilio.com/docs/messaging/api/usapptoperson-resource
REGISTRATIONS = {
    "VERIFIED": TextRegistration.APPROVED,
    "FAILED": TextRegistration.REFUSED,
    "PENDING": TextRegistration.PENDING,
    "IN_PROGRESS": TextRegistration.PENDING,
}

# https://www.twilio.com/docs/messaging/api/tollfree-verification-resource
Status = TollfreeVerificationInstance.Status
VERIFICATIONS = {
    Status.TWILIO_APPROVED: TextRegistration.APPROVED,
    Status.TWILIO_REJECTED: TextRegistration.REFUSED,
    Status.PENDING_REVIEW: TextRegistration.PENDING,
    Status.IN_REVIEW: TextRegistration.PENDING,
}


class TwilioAccount:
    """The account facet."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def state(self) -> AccountState:
        """Fetch the account without the SDK's method, which does not return the `Date` header."""
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self._settings.account_sid}.json"
        with understood():
            answer = self._client.request("GET", url)
            account = json.loads(answer.text)
            return AccountState(
                _trouble(account["status"], account["type"]), _clock((answer.headers or {}).get("Date"))
            )

    def text_registration(self, pool: str = "") -> TextRegistration:
        """The most advanced status of any campaign of a messaging service."""
        service = pool or self._settings.messaging_service
        if not service:
            return TextRegistration.MISSING
        with understood():
            campaigns = self._client.messaging.v1.services(service).us_app_to_person.list()
            return _best({REGISTRATIONS.get(one.campaign_status or "", TextRegistration.PENDING) for one in campaigns})

    def toll_free_verification(self, reference: str) -> TextRegistration:
        """The most advanced status of any verification of the number."""
        with understood():
            found = self._client.messaging.v1.tollfree_verifications.list(tollfree_phone_number_sid=reference)
            return _best({VERIFICATIONS.get(str(one.status), TextRegistration.PENDING) for one in found})


def _best(found: set[TextRegistration]) -> TextRegistration:
    best = (TextRegistration.APPROVED, TextRegistration.PENDING, TextRegistration.REFUSED)
    return next((state for state in best if state in found), TextRegistration.MISSING)


def _trouble(status: str, kind: str) -> str:
    """The trouble with an account. A trial account reaches verified numbers only and ports none."""
    if status != "active":
        return status
    return "trial" if kind == "Trial" else ""


def _clock(date: str | None) -> datetime | None:
    return parsedate_to_datetime(date).astimezone(UTC) if date else None

"""Event Streams: what happens to registrations, as CloudEvents to the sinks that subscribed.

https://www.twilio.com/docs/events/event-types
"""

from sandbox.exchange import Exchange
from sandbox.records import Service, new_sid
from sandbox.registering.records import Brand, Campaign, CampaignStatus, Verification

PREFIX = "com.twilio.messaging.compliance."
BRAND_STATUSES = {"APPROVED": "registered", "FAILED": "registration_failed"}
CAMPAIGN_EVENTS = {
    CampaignStatus.PENDING: ("campaign-submitted", "pending"),
    CampaignStatus.VERIFIED: ("campaign-approved", "approved"),
    CampaignStatus.FAILED: ("campaign-failure", "failure"),
}
NUMBER_EVENTS = {
    "pending_registration": "number-registration.pending",
    "registered": "number-registration.successful",
    "pending_deregistration": "number-deregistration.pending",
    "unregistered": "number-deregistration.successful",
}
Data = dict[str, object]


class Events:
    """Sends events to the active sinks of their account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def brand(self, brand: Brand, event: str) -> None:
        """Tell what happened to a brand."""
        errors = [{"registrationerrorcode": str(code)} for code in brand.errors]
        self._send(
            brand.account_sid,
            f"brand-registration.{event}",
            {
                "accountsid": brand.account_sid,
                "brandsid": brand.sid,
                "brandstatus": BRAND_STATUSES.get(brand.status, brand.status.lower()),
                "identitystatus": brand.identity.lower(),
                "brandregistrationerrors": errors,
            },
        )

    def campaign(self, service: Service, campaign: Campaign) -> None:
        """Tell the decision about a campaign. Its sid here is not the one of the API."""
        if campaign.status not in CAMPAIGN_EVENTS:
            return
        event, status = CAMPAIGN_EVENTS[campaign.status]
        self._send(
            service.account_sid,
            f"campaign-registration.{event}",
            {
                "accountsid": service.account_sid,
                "brandsid": campaign.brand,
                "campaignsid": f"CM{service.sid[2:]}",
                "messagingservicesid": service.sid,
                "campaignregistrationstatus": status,
                "errorcode": str(campaign.errors[0]) if campaign.errors else "",
            },
        )

    def number(self, service: Service, number_sid: str, status: str) -> None:
        """Tell where the registration of a number stands."""
        number = self._exchange.state.numbers.get(number_sid)
        self._send(
            service.account_sid,
            NUMBER_EVENTS[status],
            {
                "accountsid": service.account_sid,
                "phonenumber": number.phone_number if number else "",
                "phonenumbersid": number_sid,
                "messagingservicesid": service.sid,
                "externalstatus": status,
            },
        )

    def toll_free(self, verification: Verification) -> None:
        """Tell the status of a toll-free verification."""
        self._send(
            verification.account_sid,
            "toll-free-verification.edit",
            {
                "accountsid": verification.account_sid,
                "tollfreeverificationsid": verification.sid,
                "verificationstatus": verification.status,
            },
        )

    def _send(self, account_sid: str, kind: str, data: Data) -> None:
        kind, state = PREFIX + kind, self._exchange.state
        for subscription in state.subscriptions.values():
            sink = state.sinks.get(subscription.sink_sid)
            if sink and sink.status == "active" and sink.account_sid == account_sid and kind in subscription.types:
                event = self._event(account_sid, kind, data)
                self._exchange.post_json(account_sid, sink.destination, [event] if sink.batch else event)

    def _event(self, account_sid: str, kind: str, data: Data) -> Data:
        return {
            "specversion": "1.0",
            "type": kind,
            "source": f"/accounts/{account_sid}",
            "id": new_sid("EZ"),
            "dataschema": f"https://events-schemas.twilio.com/{kind.rpartition('.')[2]}/1",
            "datacontenttype": "application/json",
            "time": f"{self._exchange.now():%Y-%m-%dT%H:%M:%S.000Z}",
            "data": data,
        }

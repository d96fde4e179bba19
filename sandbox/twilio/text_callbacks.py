"""Texts as Twilio tells of them. https://www.twilio.com/docs/messaging/guides/webhook-request."""

from sandbox.exchange import Exchange
from sandbox.inventory import Inventory
from sandbox.places import places
from sandbox.records import Message, Number, Service, new_sid
from sandbox.registering.records import CampaignStatus, NumberRegistration, VerificationStatus
from sandbox.scenarios import UNDELIVERED, country, is_toll_free, texting_error
from sandbox.texting.segments import segments

ERROR_TEXTS = {
    21620: "Invalid media URL(s)",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30024: "Numeric Sender ID Not Provisioned on Carrier",
    30032: "Toll-free number has not been verified",
    30034: "Message from an unregistered number",
    30035: "Campaign registration of this number is not finished",
}


class TextCallbacks:
    """The dialect of the first carrier."""

    bad_media = 21620
    largest_media = 5 * 1024 * 1024

    def __init__(self, exchange: Exchange, inventory: Inventory) -> None:
        self._exchange = exchange
        self._inventory = inventory

    def new_id(self, *, media: bool) -> str:
        """A sid that begins with MM or SM."""
        return new_sid("MM" if media else "SM")

    def outcome(self, message: Message) -> tuple[str, int | None]:
        """By the phone's last digits, and by the registration of the sender."""
        number = self._inventory.held(message.from_ or "")
        failure = UNDELIVERED.get(message.to[-4:]) or (self._unregistered(number) if number else None)
        return ("undelivered" if failure else "delivered"), failure

    def tell_status(self, message: Message, status: str) -> None:
        """Call back about every status."""
        parameters = {
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.to,
            "From": message.from_ or "",
            "AccountSid": message.account_sid,
            "ApiVersion": "2010-04-01",
        }
        if message.service_sid:
            parameters["MessagingServiceSid"] = message.service_sid
        if message.error_code:
            parameters |= {"ErrorCode": str(message.error_code), "ErrorMessage": ERROR_TEXTS[message.error_code]}
        self._exchange.post_form(message.account_sid, message.status_callback, parameters)

    def tell_received(self, received: Message, number: Number, service: Service | None, keyword: str | None) -> None:
        """Call the webhook of the service, or that of the number."""
        url, method, fallback = self._webhook(number, service)
        parameters = _usual(received) | _media(received)
        if service:
            parameters["MessagingServiceSid"] = service.sid
            parameters |= {"OptOutType": keyword} if keyword else {}
        self._exchange.post_form(
            received.account_sid, url, parameters, method, fallback_url=fallback, about=received.sid
        )

    def _webhook(self, number: Number, service: Service | None) -> tuple[str, str, str]:
        """The URL, method and fallback of the webhook: the service's, unless it defers to the number."""
        if service and service.settings.get("use_inbound_webhook_on_number") != "true":
            settings = service.settings
            return (
                settings.get("inbound_request_url", ""),
                settings.get("inbound_method", ""),
                settings.get("fallback_url", ""),
            )
        settings = self._inventory.hooks(number)
        return settings["sms_url"], settings["sms_method"], settings["sms_fallback_url"]

    def _unregistered(self, number: Number) -> int | None:
        verifications = self._exchange.state.verifications.values()
        if error := texting_error(number, self._exchange.now()):
            return error
        if country(number.phone_number) != "US":
            return None
        if is_toll_free(number.phone_number):
            approved = {one.number_sid for one in verifications if one.status == VerificationStatus.TWILIO_APPROVED}
            return None if number.sid in approved else 30032
        service = self._inventory.service_of(number)
        if service is None or service.campaign is None or service.campaign.status != CampaignStatus.VERIFIED:
            return 30034
        return None if service.registrations.get(number.sid) == NumberRegistration.REGISTERED else 30035


def _usual(received: Message) -> dict[str, str]:
    return {
        "MessageSid": received.sid,
        "SmsSid": received.sid,
        "SmsMessageSid": received.sid,
        "AccountSid": received.account_sid,
        "From": received.from_ or "",
        "To": received.to,
        "Body": received.body,
        "NumMedia": str(len(received.media)),
        "ReferralNumMedia": "0",
        "NumSegments": str(segments(received.body)),
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        **places(From=received.from_ or "", To=received.to),
    }


def _media(received: Message) -> dict[str, str]:
    base = f"https://api.twilio.com/2010-04-01/Accounts/{received.account_sid}/Messages/{received.sid}/Media"
    parameters: dict[str, str] = {}
    for place, media in enumerate(received.media):
        parameters |= {f"MediaUrl{place}": f"{base}/{media.sid}", f"MediaContentType{place}": media.content_type}
    return parameters

"""Numbers (https://www.twilio.com/docs/phone-numbers/api)."""

from collections.abc import Iterator
from typing import Any

import holidays
import phonenumbers
from phonenumbers import geocoder
from twilio.rest import Client
from twilio.rest.api.v2010.account.available_phone_number_country.local import LocalInstance
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from provisioning.carriers.twilio.client import understood
from provisioning.carriers.twilio.hooks import insistent, plain
from provisioning.contract.errors import NotFound, Refused
from provisioning.contract.numbers import Available, OwnedNumber, Routing, Wanted

SHOWN = 20

# area code, neighbourhood and state are searched by in these countries only
NORTH_AMERICA = frozenset({"US", "CA"})


class TwilioNumbers:
    """The numbers facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def search(self, wanted: Wanted) -> list[Available]:
        """Numbers that can both text and talk, from the narrowest circle that has any."""
        for circle in _circles(wanted):
            found = self._for_sale(wanted.country, circle)
            if found:
                return found
        return []

    def buy(self, number: str, tag: str, routing: Routing) -> OwnedNumber:
        """Buy, tag (as friendly name, at most 64 characters) and route in one call: never a moment without routing."""
        with understood():
            return _owned(
                self._client.incoming_phone_numbers.create(
                    phone_number=number, friendly_name=tag, **_routing_fields(routing)
                )
            )

    def find(self, number: str) -> OwnedNumber | None:
        """The carrier's filter also matches parts of numbers, so the answer is compared."""
        with understood():
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=SHOWN)
            return next((_owned(one) for one in found if one.phone_number == number), None)

    def tagged(self, tag: str) -> OwnedNumber | None:
        """The number with exactly this friendly name."""
        with understood():
            found = self._client.incoming_phone_numbers.list(friendly_name=tag, limit=SHOWN)
            return next((_owned(one) for one in found if one.friendly_name == tag), None)

    def apply_routing(self, reference: str, routing: Routing) -> OwnedNumber:
        """Set every field that could send calls or texts elsewhere; a ported number may come with any of them."""
        with understood():
            number = self._client.incoming_phone_numbers(reference)
            number.update(**_routing_fields(routing))
            return _owned(number.fetch())

    def release(self, reference: str) -> None:
        """Give the number back; one that is not there any more is given back."""
        try:
            self._client.incoming_phone_numbers(reference).delete()
        except NotFound:
            return

    def _for_sale(self, country: str, circle: dict[str, Any]) -> list[Available]:
        """One search. An area code or a state the carrier does not know is an empty circle, not the end."""
        try:
            with understood():
                found = self._client.available_phone_numbers(country).local.list(
                    sms_enabled=True, voice_enabled=True, limit=SHOWN, **circle
                )
                return [_available(one) for one in found]
        except Refused:
            if not circle:
                raise
            return []


def _circles(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Searches from near to far."""
    if wanted.country in NORTH_AMERICA:
        if wanted.area.isdecimal():
            yield {"area_code": int(wanted.area)}
        if wanted.near:
            yield {"near_number": wanted.near}
        if state := _state(wanted):
            yield {"in_region": state}
    yield {}


def _state(wanted: Wanted) -> str:
    """The state or province of the wished number or area, as two letters; empty when it cannot be told.

    `phonenumbers` describes a number as "San Francisco, CA" or, where an area spans the state, as "Wyoming".
    """
    number = _example(wanted)
    if number is None:
        return ""
    place = geocoder.description_for_number(number, "en")
    state = place.rpartition(", ")[2]
    aliases: dict[str, str] = holidays.country_holidays(wanted.country).subdivisions_aliases
    return aliases.get(state, state if state in aliases.values() else "")


def _example(wanted: Wanted) -> phonenumbers.PhoneNumber | None:
    """A number of the wished area: the one to be near to, or any with that area code."""
    try:
        return phonenumbers.parse(wanted.near or f"{wanted.area}5550100", wanted.country)
    except phonenumbers.NumberParseException:
        return None


def _routing_fields(routing: Routing) -> dict[str, Any]:
    """All fields, none left to chance: an application or a trunk would beat the URLs, so they are emptied."""
    voice, message = insistent(routing.voice_url), insistent(routing.message_url)
    return {
        "voice_url": voice,
        "voice_method": "POST",
        "voice_fallback_url": voice,
        "voice_fallback_method": "POST",
        "voice_application_sid": "",
        "voice_receive_mode": "voice",
        "trunk_sid": "",
        "sms_url": message,
        "sms_method": "POST",
        "sms_fallback_url": message,
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "status_callback": insistent(routing.call_status_url),
        "status_callback_method": "POST",
    }


def _owned(number: IncomingPhoneNumberInstance) -> OwnedNumber:
    if not number.sid or not number.phone_number:
        raise ValueError("a number without sid or digits")
    return OwnedNumber(
        reference=number.sid,
        number=number.phone_number,
        tag=number.friendly_name or "",
        routing=_routing(number),
    )


def _routing(number: IncomingPhoneNumberInstance) -> Routing:
    """The routing in force. An application or a trunk beats the URLs, and another method is not ours either."""
    voice_beaten = number.voice_application_sid or number.trunk_sid or number.voice_method != "POST"
    message_beaten = number.sms_application_sid or number.sms_method != "POST"
    return Routing(
        voice_url="" if voice_beaten else plain(number.voice_url),
        message_url="" if message_beaten else plain(number.sms_url),
        call_status_url=plain(number.status_callback),
    )


def _available(offer: LocalInstance) -> Available:
    if not offer.phone_number:
        raise ValueError("an offer without a number")
    return Available(offer.phone_number, offer.locality or "", offer.region or "")

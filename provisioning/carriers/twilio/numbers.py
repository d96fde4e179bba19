"""Numbers (https://www.twilio.com/docs/phone-numbers/api)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from twilio.rest import Client
from twilio.rest.api.v2010.account.available_phone_number_country.local import LocalInstance, LocalList
from twilio.rest.api.v2010.account.available_phone_number_country.mobile import MobileInstance, MobileList
from twilio.rest.api.v2010.account.available_phone_number_country.toll_free import TollFreeInstance, TollFreeList
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from provisioning.carriers.twilio.client import named, understood
from provisioning.carriers.twilio.webhook_urls import insistent, plain
from provisioning.contract.errors import NotFound, Refused, Unavailable
from provisioning.contract.numbers import Available, OwnedNumber, Routing, Sought, Wanted
from provisioning.contract.porting import NumberKind

SHOWN = 20
PAGE = 1000

# an application or a trunk would override the URLs; an empty value removes it
CLEARED = {"voice_application_sid": "", "sms_application_sid": "", "trunk_sid": ""}

# the carrier searches by area code and distance in these countries only; its default distance is 25 miles
NORTH_AMERICA = frozenset({"US", "CA"})
FAR_MILES = 200


class TwilioNumbers:
    """The numbers facet."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def search(self, wanted: Wanted) -> list[Available]:
        """Numbers with both voice and texts, from the nearest area that has any."""
        country = self._client.available_phone_numbers(wanted.country)
        for circle in _circles(wanted):
            if found := _for_sale(country.local, circle):
                return found
        return _for_sale(country.mobile, {})

    def choices(self, sought: Sought) -> list[Available]:
        """One search, with every criterion that was given."""
        country = self._client.available_phone_numbers(sought.country)
        kind = country.toll_free if sought.kind is NumberKind.TOLL_FREE else country.local
        area = {"area_code": int(sought.area)} if sought.area else {}
        words = {"in_locality": sought.town, "contains": sought.contains}
        return _for_sale(kind, area | {name: word for name, word in words.items() if word})

    def buy(self, number: str, tag: str, routing: Routing) -> OwnedNumber:
        """Buy, tag (as friendly name, at most 64 characters) and route in one request: it never lacks routing."""
        with understood():
            return _owned(
                self._client.incoming_phone_numbers.create(
                    phone_number=number, friendly_name=tag, **_routing_fields(routing)
                )
            )

    def find(self, number: str) -> OwnedNumber | None:
        """Find a number. The carrier's filter also matches parts of numbers, so the answer is compared."""
        with understood():
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=SHOWN)
            return next((_owned(one) for one in found if one.phone_number == number), None)

    def is_gone(self, number: str) -> bool:
        """Whether the account no longer has it: here it has what works alone."""
        return self.find(number) is None

    def owned(self) -> list[OwnedNumber]:
        """List all numbers, page by page."""
        with understood():
            return [_owned(one) for one in self._client.incoming_phone_numbers.stream(page_size=PAGE)]

    def tagged(self, tag: str) -> OwnedNumber | None:
        """The number with exactly this friendly name."""
        with understood():
            found = named(self._client.incoming_phone_numbers.list(friendly_name=tag, limit=SHOWN), tag)
            return _owned(found) if found else None

    def apply_routing(self, reference: str, routing: Routing) -> OwnedNumber:
        """Set every field that could route calls or texts elsewhere; a ported number may have any of them."""
        with understood():
            number = self._client.incoming_phone_numbers(reference)
            number.update(**_routing_fields(routing), **CLEARED)
            return _owned(number.fetch())

    def release(self, reference: str) -> None:
        """Release a number, after its emergency address: the carrier releases no number that has one.

        A number that is gone counts as released. Raises `Unavailable` while the address is being removed.
        """
        with suppress(NotFound), understood():
            number = self._client.incoming_phone_numbers(reference).fetch()
            if number.emergency_address_sid:
                number = number.update(emergency_address_sid="")
            if str(number.emergency_address_status or "unregistered") != "unregistered":
                raise Unavailable("the emergency address is still being taken off", not_made=True)
            number.delete()


def _for_sale(kind: LocalList | MobileList | TollFreeList, circle: dict[str, Any]) -> list[Available]:
    """Run one search. Unsupported kinds and unknown areas return an empty list."""
    try:
        with understood():
            found = kind.list(sms_enabled=True, voice_enabled=True, limit=SHOWN, **circle)
            return [_available(one) for one in found]
    except NotFound:
        return []
    except Refused:
        if not circle:
            raise
        return []


def _circles(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Search criteria from near to far: the area code, the default distance, 200 miles, the whole country."""
    if wanted.country in NORTH_AMERICA:
        if wanted.area.isdecimal():
            yield {"area_code": int(wanted.area)}
        if wanted.near:
            yield {"near_number": wanted.near}
            yield {"near_number": wanted.near, "distance": FAR_MILES}
    yield {}


def _routing_fields(routing: Routing) -> dict[str, Any]:
    """Every URL and method. The fallback is the same URL, as a second attempt."""
    voice, message = insistent(routing.voice_url), insistent(routing.message_url)
    return {
        "voice_url": voice,
        "voice_method": "POST",
        "voice_fallback_url": voice,
        "voice_fallback_method": "POST",
        "voice_receive_mode": "voice",
        "sms_url": message,
        "sms_method": "POST",
        "sms_fallback_url": message,
        "sms_fallback_method": "POST",
        "status_callback": insistent(routing.call_status_url),
        "status_callback_method": "POST",
    }


def _carries_texts(capabilities: object) -> bool:
    """What the carrier says, in JSON of its own; it names every capability. The SDK's type for it is wrong."""
    return not isinstance(capabilities, Mapping) or bool(capabilities.get("sms", True))


def _owned(number: IncomingPhoneNumberInstance) -> OwnedNumber:
    if not number.sid or not number.phone_number:
        raise ValueError("a number without sid or digits")
    return OwnedNumber(
        reference=number.sid,
        number=number.phone_number,
        tag=number.friendly_name or "",
        routing=_routing(number),
        carries_texts=_carries_texts(number.capabilities),
    )


def _routing(number: IncomingPhoneNumberInstance) -> Routing:
    """The routing in force. An application or a trunk overrides the URLs, and another method is not ours."""
    voice_beaten = number.voice_application_sid or number.trunk_sid or number.voice_method != "POST"
    message_beaten = number.sms_application_sid or number.sms_method != "POST"
    return Routing(
        voice_url="" if voice_beaten else plain(number.voice_url),
        message_url="" if message_beaten else plain(number.sms_url),
        call_status_url=plain(number.status_callback),
    )


def _available(offer: LocalInstance | MobileInstance | TollFreeInstance) -> Available:
    if not offer.phone_number:
        raise ValueError("an offer without a number")
    return Available(offer.phone_number, offer.locality or "", offer.region or "")

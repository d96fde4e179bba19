"""Calls to emergency services, which a Dial reaches from a number of the same country.

https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice
"""

from sandbox.calls.switch import Switch
from sandbox.inventory import EMERGENCY
from sandbox.records import Number
from sandbox.scenarios import country

LONGEST = 3


def is_emergency(address: str) -> bool:
    """Whether a leg is for emergency services: no phone has so short a number."""
    return address.isdecimal() and len(address) <= LONGEST


def who_sees_what(switch: Switch, account_sid: str, address: str, shown: str) -> str | None:
    """What those who are reached see of the caller; None where the carrier puts nobody through to this address.

    From a number without a registered address, a center for the whole country answers, which costs 75 dollars.
    """
    number = switch.inventory.held(shown)
    taken = switch.dialect(account_sid).emergency_numbers
    if number is None or number.account_sid != account_sid or address not in taken.get(country(shown) or "", ()):
        return None
    return _registered(switch, number) or "nothing; a center for the whole country answers"


def _registered(switch: Switch, number: Number) -> str:
    if switch.inventory.emergency_address_status(number) != "registered":
        return ""
    fields = switch.exchange.state.addresses[number.settings[EMERGENCY]].fields
    return f"{fields['street']}, {fields['city']}"

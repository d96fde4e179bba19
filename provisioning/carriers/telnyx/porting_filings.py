"""A filing as the JSON that a draft is filled in with.

https://developers.telnyx.com/api-reference/porting-orders/edit-a-porting-order
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from provisioning.carriers.telnyx.json_parts import Json, as_object, moment
from provisioning.contract.porting import Filing, Remaining
from provisioning.time_zones import zone_of

# a part of an account needs what becomes of the rest, the whole of it nothing
MISC = {
    Remaining.NONE: {"type": "full"},
    Remaining.KEEP: {"type": "partial", "remaining_numbers_action": "keep"},
    Remaining.END: {"type": "partial", "remaining_numbers_action": "disconnect"},
}


def end_user(filing: Filing) -> Json:
    """The holder as the losing carrier knows them. What they did not say is null, which clears it."""
    subscriber = filing.subscriber
    address = subscriber.address
    return {
        "admin": {
            "entity_name": subscriber.name,
            "auth_person_name": subscriber.authorized_person,
            "billing_phone_number": subscriber.billing_number or filing.numbers[0].number,
            "account_number": subscriber.account_number or None,
            "pin_passcode": filing.numbers[0].pin or None,
        },
        "location": {
            "street_address": address.street,
            "extended_address": address.street2 or None,
            "locality": address.city,
            "administrative_area": address.region,
            "postal_code": address.postal_code,
            "country_code": address.country,
        },
    }


def misc(filing: Filing) -> Json:
    """Whether a whole account is ported, as a field; no field where its main number stays."""
    if filing.remaining is None:
        return {}
    told: Json = MISC[filing.remaining]
    kept = {"new_billing_phone_number": filing.new_billing_number} if filing.remaining is Remaining.KEEP else {}
    return {"misc": told | kept}


def wished_moment(wished: date, number: str, windows: Iterable[Json]) -> datetime | None:
    """The beginning of the first window on the wished day at a number, or else after it; None if there is none.

    Raises `KeyError` or `ValueError` for a window without a beginning.
    """
    zone = zone_of(number)
    beginnings = sorted(_beginning(window) for window in windows)
    return next((at for at in beginnings if at.astimezone(zone).date() >= wished), None)


def changed_fields(order: Json, filing: Filing, wished: datetime | None) -> list[str]:
    """The names of the fields in which an order differs from the filing. Their values may be secret."""
    there, ours = as_object(order.get("end_user") or {}), end_user(filing)
    pairs = [(name, there.get(section), value) for section in ours for name, value in ours[section].items()]
    changed = [name for name, section, value in pairs if _field(section, name) != (value or None)]
    at = moment(_field(order.get("activation_settings"), "foc_datetime_requested"))
    return [*changed, "foc_datetime_requested"] if wished and at != wished else changed


def _beginning(window: Json) -> datetime:
    at = moment(window["started_at"])
    if at is None:
        raise ValueError("a window without a beginning")
    return at.astimezone(UTC)


def _field(section: object, name: str) -> object:
    """A field of a section as it is there; an empty one counts as none."""
    return (section.get(name) if isinstance(section, dict) else None) or None

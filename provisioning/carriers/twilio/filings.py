"""A filing as the JSON that the carrier takes.

https://www.twilio.com/docs/phone-numbers/port-in/port-in-requests
"""

from typing import Any

from provisioning.contract.porting import Address, FiledNumber, Filing, Subscriber


def port_in_body(filing: Filing, *, account_sid: str, document: str) -> dict[str, Any]:
    """The JSON that creates a port-in request. Dates are texts here: the SDK cannot write date objects in JSON."""
    return {
        "account_sid": account_sid,
        "documents": [document],
        "phone_numbers": [_phone_number(filed) for filed in filing.numbers],
        "losing_carrier_information": _losing_carrier(filing.subscriber),
        "notification_emails": list(filing.copies_to) or None,
        "target_port_in_date": filing.wished.isoformat() if filing.wished else None,
    }


def _phone_number(filed: FiledNumber) -> dict[str, Any]:
    return {"phone_number": filed.number, "pin": filed.pin or None}


def _losing_carrier(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "customer_type": subscriber.kind.value.capitalize(),
        "customer_name": subscriber.name,
        "authorized_representative": subscriber.authorized_person,
        "authorized_representative_email": subscriber.authorized_email,
        "account_number": subscriber.account_number or None,
        "account_telephone_number": subscriber.billing_number or None,
        "address": _address(subscriber.address),
    }


def _address(address: Address) -> dict[str, Any]:
    return {
        "street": address.street,
        "street_2": address.street2 or None,
        "city": address.city,
        "state": address.region,
        "zip": address.postal_code,
        "country": address.country,
    }

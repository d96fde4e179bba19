"""Reads entries of the carrier's log of calls.

https://www.twilio.com/docs/voice/api/call-resource
"""

from datetime import datetime

from twilio.rest.api.v2010.account.call import CallInstance

from provisioning.contract.callbacks import CallEnded
from provisioning.withheld_numbers import caller


def ended(call: CallInstance) -> CallEnded:
    """Read a call that is over. Raises `ValueError` for an unreadable date."""
    return CallEnded(
        reference=str(call.sid),
        caller=caller(str(call._from or "")),  # noqa: SLF001 - the SDK names it so
        called=str(call.to or ""),
        seconds=int(call.duration or 0),
        forwarded_from=call.forwarded_from or "",
        at=began(call),
    )


def began(call: CallInstance) -> datetime:
    """When a call came. Raises `ValueError` for an unreadable date."""
    began = call.start_time or call.date_created
    if not isinstance(began, datetime):
        raise ValueError("a call without a date")  # noqa: TRY004 - an unreadable answer, not a wrong argument
    return began

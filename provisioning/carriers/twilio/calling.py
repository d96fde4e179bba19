"""Outbound calls (https://www.twilio.com/docs/voice/api/call-resource), and verified caller IDs.

https://www.twilio.com/docs/voice/api/outgoing-caller-ids
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from twilio.base import values
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from provisioning.carriers.twilio.call_log import ended
from provisioning.carriers.twilio.client import LEEWAY, understood
from provisioning.carriers.twilio.events import CALL_IS_OVER
from provisioning.carriers.twilio.vocabulary import address_of, evened, split_extension
from provisioning.carriers.twilio.webhook_urls import insistent
from provisioning.contract.callbacks import CallEnded
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.call.recording import RecordingInstance

LOOKED_THROUGH = 100
PAGE = 1000
VALIDATED_ALREADY = "21450"
NOT_GOING_ON = "21220"
UNDER_WAY = "Twilio.CURRENT"
"""The name of the recording of a call that is being made now."""


class TwilioCalling:
    """The calling facet."""

    reads_out_codes = False

    def __init__(self, client: Client) -> None:
        self._client = client

    def place(self, call: OutgoingCall) -> str:
        """Order a call. Its end is called back even if it is not answered."""
        number, keys = split_extension(call.recipient)
        with understood():
            made = self._client.calls.create(
                to=_with_parameters(address_of(number), call.parameters),
                send_digits=keys or values.unset,
                from_=call.sender,
                url=call.answer_url,
                method="POST",
                timeout=call.seconds,
                # https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir: the caller's number, still signed
                call_token=call.token or values.unset,
                status_callback=insistent(call.status_url),
                status_callback_method="POST",
                status_callback_event=["completed"],
                **_detection(call.machine_url),
            )
            return _sid(made)

    def find(self, call: OutgoingCall, since: datetime) -> list[str]:
        """Search the latest calls between the two. A waiting call has no start time, so creation is compared."""
        with understood():
            found = self._client.calls.list(
                to=address_of(split_extension(call.recipient)[0]), from_=call.sender, limit=LOOKED_THROUGH
            )
            ordered = [one for one in found if one.direction == "outbound-api" and _made(one) >= since - LEEWAY]
            return [_sid(one) for one in sorted(ordered, key=_made)]

    def ended(self, reference: str) -> CallEnded | None:
        """Fetch the call, and read its end where it has one."""
        with understood():
            call = self._client.calls(reference).fetch()
            return ended(call) if evened(call.status) in CALL_IS_OVER else None

    def prices(self, since: datetime) -> Mapping[str, Decimal]:
        """Add up the log's prices by parent call. They are negative, and null until the carrier has rated the call."""
        legs = defaultdict[str, list[CallInstance]](list)
        with understood():
            for leg in self._client.calls.stream(start_time_after=since, page_size=PAGE):
                legs[leg.parent_call_sid or _sid(leg)].append(leg)
        return {call: sum((_price(leg) for leg in all_), Decimal(0)) for call, all_ in legs.items() if _are_rated(all_)}

    def take_elsewhere(self, reference: str, answer_url: str, status_url: str = "") -> None:
        """Redirect a call. The action of what it leaves is asked too, and its answer not heard."""
        status = {"status_callback": status_url, "status_callback_method": "POST"} if status_url else {}
        with self._going_on():
            self._client.calls(reference).update(url=answer_url, method="POST", **status)

    def end(self, reference: str) -> None:
        """End a call. `completed` also ends one that rings; one that is still queued has to be canceled."""
        try:
            with self._going_on():
                self._client.calls(reference).update(status="completed")
        except Conflict:
            with self._going_on():
                self._client.calls(reference).update(status="canceled")

    def pause_recording(self, reference: str) -> None:
        """Pause what is recorded of the call now, so that the recording lacks what is said meanwhile."""
        self._record(reference, "paused")

    def resume_recording(self, reference: str) -> None:
        """Go on with what was paused."""
        self._record(reference, "in-progress")

    def _record(self, reference: str, status: str) -> None:
        """Change the recording under way (https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource)."""
        try:
            with self._going_on():
                self._client.calls(reference).recordings(UNDER_WAY).update(
                    status=cast("RecordingInstance.Status", status), pause_behavior="skip"
                )
        except NotFound as error:
            raise Conflict("nothing is recorded now") from error

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Raises `Conflict` where a call is over, which the carrier tells as a mistake of ours."""
        try:
            with understood():
                yield
        except Refused as error:
            if error.code == NOT_GOING_ON:
                raise Conflict("the call is over") from error
            raise

    def begin_proof(self, number: str, name: str, status_url: str) -> str:
        """Request a validation call."""
        try:
            with understood():
                asked = self._client.validation_requests.create(
                    phone_number=number, friendly_name=name[:64], status_callback=status_url
                )
        except Refused as error:
            if error.code == VALIDATED_ALREADY:
                raise Conflict("this number may be shown already") from error
            raise
        return str(asked.validation_code)

    def finish_proof(self, number: str, code: str) -> None:
        """Refuse: the code is keyed at the phone."""
        raise Refused("the code has to be keyed at the phone that is called")

    def may_show(self, number: str) -> bool:
        """Look for the number among the verified caller IDs."""
        with understood():
            return bool(self._client.outgoing_caller_ids.list(phone_number=number, limit=1))

    def stop_showing(self, number: str) -> None:
        """Delete the verified caller ID; one that is gone already counts as deleted."""
        with understood():
            verified = self._client.outgoing_caller_ids.list(phone_number=number)
        for one in verified:
            try:
                with understood():
                    one.delete()
            except NotFound:
                continue


def _detection(url: str) -> Mapping[str, Any]:
    """Have the carrier tell a machine from a person, while the answering document is played already.

    https://www.twilio.com/docs/voice/answering-machine-detection
    """
    if not url:
        return {}
    return {
        "machine_detection": "Enable",
        "async_amd": "true",
        "async_amd_status_callback": insistent(url),
        "async_amd_status_callback_method": "POST",
    }


def _with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """An address with what the page of a browser phone gets (https://www.twilio.com/docs/voice/twiml/client)."""
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _sid(call: CallInstance) -> str:
    if not call.sid:
        raise ValueError("a call without a sid")
    return call.sid


def _are_rated(legs: list[CallInstance]) -> bool:
    return all(leg.price is not None for leg in legs)


def _price(leg: CallInstance) -> Decimal:
    return -Decimal(str(leg.price))


def _made(call: CallInstance) -> datetime:
    """When a call was ordered. An unreadable date counts as new, so that the call is not overlooked."""
    return call.date_created if isinstance(call.date_created, datetime) else datetime.max.replace(tzinfo=UTC)

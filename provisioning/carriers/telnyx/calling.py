"""Outbound calls (https://developers.telnyx.com/api-reference/texml-rest-commands), and numbers that they may show.

https://developers.telnyx.com/api-reference/verified-numbers
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal

from provisioning.carriers.telnyx.call_log import CallLog, ended, is_over
from provisioning.carriers.telnyx.client import Client, understood
from provisioning.carriers.telnyx.json_parts import objects_of, text_of
from provisioning.carriers.telnyx.targets import Targets
from provisioning.carriers.telnyx.voice import number_of
from provisioning.contract.callbacks import CallEnded, OurAddress, Subject
from provisioning.contract.calling import OutgoingCall
from provisioning.contract.errors import Conflict, NotFound, Refused
from provisioning.contract.numbers import Routing

SHORTEST, LONGEST = 5, 120
VERIFIED = "/verified_numbers"
UNDER_WAY, PAUSED = "in-progress", "paused"


class TelnyxCalling:
    """The calling facet. Calls are placed by the application that the calls of our numbers go to."""

    reads_out_codes = True

    def __init__(self, client: Client, log: CallLog, targets: Targets, address: OurAddress) -> None:
        self._client = client
        self._log = log
        self._targets = targets
        self._address = address

    def place(self, call: OutgoingCall) -> str:
        """Order a call; "", as the answer has no id. The first callback to its `status_url` tells that."""
        ordered = {
            "ApplicationSid": self._application(),
            "From": call.sender,
            "To": number_of(call.recipient),
            "Url": call.answer_url,
            "UrlMethod": "POST",
            "StatusCallback": call.status_url,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": "initiated completed",
            "Timeout": min(max(call.seconds, SHORTEST), LONGEST),
        }
        self._client.ask("POST", self._log.path, json=ordered)
        return ""

    def find(self, call: OutgoingCall, since: datetime) -> list[str]:
        """Search the log between the two, which shows a call some seconds after it was ordered."""
        between = {"From": call.sender, "To": number_of(call.recipient)}
        with understood():
            calls = self._log.since(since, **between)
            return [text_of(one, "sid") for one in calls if one.get("direction") == "outbound"]

    def ended(self, reference: str) -> CallEnded | None:
        """Fetch the call, and read its end where it has one."""
        with understood():
            call = self._log.fetch(reference)
            return ended(call) if is_over(call) else None

    def prices(self, since: datetime) -> Mapping[str, Decimal]:
        """What the log says of each call that is over. The phones that it rang have entries of their own."""
        with understood():
            rated = [call for call in self._log.since(since) if is_over(call) and call.get("price")]
            return {text_of(call, "sid"): abs(Decimal(str(call["price"]))) for call in rated}

    def take_elsewhere(self, reference: str, answer_url: str, status_url: str = "") -> None:
        """Redirect a call."""
        status = {"StatusCallback": status_url, "StatusCallbackMethod": "POST"} if status_url else {}
        ordered = {"Url": answer_url, "Method": "POST", **status}
        with self._going_on(reference):
            self._client.ask("POST", f"{self._log.path}/{reference}", json=ordered)

    def end(self, reference: str) -> None:
        """End a call."""
        with self._going_on(reference):
            self._client.ask("POST", f"{self._log.path}/{reference}", json={"Status": "completed"})

    def pause_recording(self, reference: str) -> None:
        """Pause what is recorded of the call now; of a room nothing can be paused."""
        self._record(reference, PAUSED)

    def resume_recording(self, reference: str) -> None:
        """Go on with what was paused."""
        self._record(reference, UNDER_WAY)

    def begin_proof(self, number: str, name: str, status_url: str) -> str:
        """Have a number called. Neither the name nor the end of the call means anything here."""
        self._client.ask("POST", VERIFIED, json={"phone_number": number, "verification_method": "call"})
        return ""

    def finish_proof(self, number: str, code: str) -> None:
        """Give the carrier the code."""
        self._client.create(f"{VERIFIED}/{number}/actions/verify", {"verification_code": code})

    def may_show(self, number: str) -> bool:
        """Look for the number among the verified ones."""
        try:
            self._client.fetch(f"{VERIFIED}/{number}")
        except NotFound:
            return False
        return True

    def stop_showing(self, number: str) -> None:
        """Delete the verified number; one that is gone already counts as deleted."""
        with suppress(NotFound):
            self._client.delete(f"{VERIFIED}/{number}")

    def _application(self) -> str:
        voice, over = self._address(Subject.VOICE), self._address(Subject.CALL_STATUS)
        return self._targets.application(Routing(voice, "", over))

    def _record(self, reference: str, status: str) -> None:
        """Change the recording under way. Raises `Conflict` where there is none."""
        path = f"{self._log.path}/{reference}/Recordings"
        with self._going_on(reference), understood():
            recordings = objects_of(self._client.ask("GET", f"{path}.json"), "recordings")
            open_still = [one for one in recordings if one.get("status") in {UNDER_WAY, PAUSED}]
            if not open_still:
                raise Conflict("nothing is recorded now")
            self._client.ask("POST", f"{path}/{text_of(open_still[-1], 'sid')}.json", json={"Status": status})

    @contextmanager
    def _going_on(self, reference: str) -> Iterator[None]:
        """Raises `Conflict` where the call is over, which the carrier tells as a mistake of ours."""
        try:
            yield
        except Refused as error:
            with understood():
                if not is_over(self._log.fetch(reference)):
                    raise
            raise Conflict("the call is over") from error

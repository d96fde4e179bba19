"""Callbacks: verified and read, where they go, and what was missed."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.carriers.telnyx import call_events, events
from provisioning.carriers.telnyx.call_log import CallLog, began, ended, is_over
from provisioning.carriers.telnyx.client import LEEWAY, Client
from provisioning.carriers.telnyx.json_parts import Json, id_of
from provisioning.carriers.telnyx.signatures import FORM, JSON, is_signed
from provisioning.carriers.telnyx.text_log import fetch_text, made, text_records
from provisioning.contract.callbacks import (
    CallEnded,
    Event,
    MessageArrived,
    OurAddress,
    SignedRequest,
    Subject,
    Unfamiliar,
)
from provisioning.contract.unreadable import Unreadable
from provisioning.records import read_since


class TelnyxCallbacks:
    """The callbacks facet. Two `keys` of the account count while they are rotated."""

    thanks = HTTPStatus.OK  # any other status, 204 too, counts as not received
    signs_addresses = False

    def __init__(self, keys: Sequence[Ed25519PublicKey], client: Client, log: CallLog, address: OurAddress) -> None:
        self._keys = keys
        self._client = client
        self._log = log
        self._address = address

    def verify(self, subject: Subject, request: SignedRequest, at: datetime) -> bool:
        """Check the signature over the time of sending and the raw body, and that this has the type of its subject."""
        if subject in events.READERS:
            return is_signed(request, self._keys, at, JSON)
        return subject in call_events.READERS and is_signed(request, self._keys, at, FORM)

    def read(self, subject: Subject, body: bytes) -> tuple[Event, ...]:
        """Read a body into its events. `Unfamiliar` names the missing part, never what a customer wrote."""
        try:
            read = events.read_event if subject in events.READERS else call_events.read_form
            return read(subject, body)
        except KeyError as error:
            return (Unfamiliar(f"{subject} without {error}"),)
        except (ValueError, RecursionError) as error:
            return (Unfamiliar(f"{subject} not readable: {type(error).__name__}"),)

    def sample(self, url: str) -> None:
        """None: the private key is the carrier's alone."""
        return

    def porting_url(self) -> str:
        """Ours: each order names it, so that nothing is set for the account."""
        return self._address(Subject.PORTING)

    def point_porting_at(self, url: str) -> None:
        """Do nothing, as each order names the address."""

    def received_messages(self, since: datetime) -> list[MessageArrived | Unreadable]:
        """Fetch the texts that came in since then, which the log of texts has without their words."""
        came = text_records(self._client, direction="inbound")
        return read_since(came, since - LEEWAY, at=made, read=self._arrived, name=lambda record: record.get("uuid"))

    def ended_calls(self, since: datetime) -> list[CallEnded | Unreadable]:
        """List the calls that came in since then and are over."""
        calls = self._log.records(since)
        over = (call for call in calls if call.get("direction") == "inbound" and is_over(call))
        return read_since(over, since - LEEWAY, at=began, read=ended, name=lambda call: call.get("sid"))

    def _arrived(self, record: Json) -> MessageArrived:
        return events.read_message(fetch_text(self._client, id_of(record, "uuid")))

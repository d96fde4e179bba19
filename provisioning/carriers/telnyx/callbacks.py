"""Callbacks: verified and read. Where they go, and what was missed, is not here yet."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.carriers.telnyx import call_events, events
from provisioning.carriers.telnyx.signatures import FORM, JSON, is_signed
from provisioning.contract.callbacks import Event, SignedRequest, Subject, Unfamiliar


class TelnyxCallbacks:
    """The callbacks facet. Two `keys` of the account count while they are rotated."""

    thanks = HTTPStatus.OK  # any other status, 204 too, counts as not received
    signs_addresses = False

    def __init__(self, keys: Sequence[Ed25519PublicKey]) -> None:
        self._keys = keys

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

"""Callbacks: verified and read, where they go, and what was missed."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from provisioning.carriers.twilio.call_log import began, ended
from provisioning.carriers.twilio.client import LEEWAY, understood
from provisioning.carriers.twilio.events import CALL_IS_OVER, read_form, read_order_changed
from provisioning.carriers.twilio.settings import Settings
from provisioning.carriers.twilio.signatures import FORM, JSON, is_signed
from provisioning.carriers.twilio.vocabulary import evened
from provisioning.contract.callbacks import CallEnded, Event, MessageArrived, SignedRequest, Subject, Unfamiliar
from provisioning.contract.errors import NotFound
from provisioning.contract.unreadable import Unreadable
from provisioning.records import read_since

API = "https://api.twilio.com"
PAGE = 200


class TwilioCallbacks:
    """The callbacks facet. Porting has one address per account; all other addresses are set on each number."""

    thanks = HTTPStatus.NO_CONTENT
    signs_addresses = True

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._tokens = settings.signing_tokens

    def verify(self, subject: Subject, request: SignedRequest, at: datetime) -> bool:
        """Check the signature over the untouched request, and that its body has the type of its subject.

        The signature bears no time.
        """
        return is_signed(request, self._tokens, JSON if subject is Subject.PORTING else FORM)

    def read(self, subject: Subject, body: bytes) -> tuple[Event, ...]:
        """Read a body into its one event. `Unfamiliar` names the missing part, never what a customer wrote."""
        try:
            return (read_order_changed(body) if subject is Subject.PORTING else read_form(subject, body),)
        except KeyError as error:
            return (Unfamiliar(f"{subject} without {error}"),)
        except (ValueError, RecursionError) as error:
            return (Unfamiliar(f"{subject} not readable: {type(error).__name__}"),)

    def sample(self, url: str) -> SignedRequest:
        """Sign a sample with the SDK, which checks our own implementation too."""
        fields = {"MessageSid": f"SM{0:032}", "MessageStatus": "sent"}
        signature = RequestValidator(self._tokens[0]).compute_signature(url, fields)
        headers = {"content-type": FORM, "x-twilio-signature": signature}
        return SignedRequest(url, headers, urlencode(fields).encode())

    def porting_url(self) -> str | None:
        """The present address of porting callbacks."""
        found = self._porting_hooks()
        return found.port_in or None

    def point_porting_at(self, url: str) -> None:
        """Have all porting events sent to this URL. Writing replaces the configuration, so the rest is sent along."""
        found = self._porting_hooks()
        wanted = _PortingHooks(port_in=url, port_out=found.port_out)
        if found != wanted:
            with understood():
                self._client.numbers.v1.porting_webhook_configurations.create(body=wanted)

    def received_messages(self, since: datetime) -> list[MessageArrived | Unreadable]:
        """List inbound messages since then, from the carrier's log.

        The carrier's filter knows days only, so the time is compared here.
        """
        with understood():
            found = self._client.messages.list(date_sent_after=since - LEEWAY, page_size=PAGE)
            arrived = [one for one in found if str(one.direction) == "inbound"]
        return read_since(arrived, since - LEEWAY, at=_came, read=self._arrived, name=lambda one: one.sid)

    def ended_calls(self, since: datetime) -> list[CallEnded | Unreadable]:
        """List inbound calls since then, from the carrier's log, without the legs to our phones."""
        with understood():
            found = self._client.calls.list(start_time_after=since - LEEWAY, page_size=PAGE)
            over = [one for one in found if one.direction == "inbound" and evened(one.status) in CALL_IS_OVER]
        return read_since(over, since - LEEWAY, at=began, read=ended, name=lambda one: one.sid)

    def _porting_hooks(self) -> "_PortingHooks":
        with understood():
            try:
                found = self._client.numbers.v1.webhook.fetch()
            except NotFound:
                return _PortingHooks()
            return _PortingHooks(
                found.port_in_target_url or "", found.port_out_target_url or "", tuple(found.notifications_of or ())
            )

    def _arrived(self, message: MessageInstance) -> MessageArrived:
        return MessageArrived(
            reference=_text(message.sid),
            sender=_text(message.from_),
            recipient=_text(message.to),
            text=message.body or "",
            media_urls=self._media_urls(message),
            at=_came(message),
        )

    def _media_urls(self, message: MessageInstance) -> tuple[str, ...]:
        if not int(message.num_media or 0):
            return ()
        with understood():
            media = self._client.messages(_text(message.sid)).media.list()
        return tuple(f"{API}{_text(one.uri).removesuffix('.json')}" for one in media)


@dataclass(frozen=True, slots=True)
class _PortingHooks:
    """The account's porting webhooks. An empty `notifications_of` means all events."""

    port_in: str = ""
    port_out: str = ""
    notifications_of: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON. The SDK wants an object with this method and fails on a dict."""
        return {
            "port_in_target_url": self.port_in,
            "port_out_target_url": self.port_out or None,
            "notifications_of": list(self.notifications_of),
        }


def _text(value: str | None) -> str:
    if not value:
        raise ValueError("a message or call without its particulars")
    return value


def _came(message: MessageInstance) -> datetime:
    """When a message came. Raises `ValueError` for an unreadable date."""
    came = message.date_sent or message.date_created
    if not isinstance(came, datetime):
        raise ValueError("a message without a date")  # noqa: TRY004 - an unreadable answer, not a wrong argument
    return came

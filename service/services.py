"""What views, handlers and jobs are given: the objects that the wiring made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from provisioning.contract.caller_trust import CallerTrust
from provisioning.contract.carrier import Carrier, Network, NotOffered
from provisioning.contract.numbers import Routing
from provisioning.contract.registration import Registration
from service.callback_marks import webhook_address
from service.config import Settings
from service.db import Sessions
from service.media import Media


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to one person. `message_id` is the same when it is sent again, so that it shows up once.

    It may hold a sign-in code, so its `repr` shows no content. `brand` is whose name it comes from, "" for ours.
    """

    to: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str
    calendar: str = field(default="", repr=False)
    brand: str = ""


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> None:
        """Send an e-mail. Raises OSError (which includes smtplib's errors) if it could not be handed over."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Built once per process by `service.wiring`; tests build their own of real parts.

    `followers` and `performers` are the tables of `service/handlers.py`, which stand above the packages that ask them.
    """

    settings: Settings
    sessions: Sessions
    carriers: Mapping[str, Carrier]
    mailer: Mailer
    media: Media
    followers: Mapping[Any, Callable[..., None]]
    performers: Mapping[Any, Any]

    @property
    def home(self) -> str:
        """Name of the carrier that new numbers come from: the first one in the settings that has numbers."""
        return next(carrier.name for carrier in self.carriers.values() if carrier.network)

    @property
    def standby(self) -> str:
        """Name of the carrier of `STANDBY_NUMBER`: the second one in the settings that has numbers; "" without one."""
        others = (carrier.name for carrier in self.carriers.values() if carrier.network and carrier.name != self.home)
        return next(others, "") if self.settings.standby_number else ""

    def platform_number(self, carrier: str) -> str:
        """The number that our own texts leave from at a carrier, "" if there is none."""
        numbers = {self.home: self.settings.platform_number, self.standby: self.settings.standby_number}
        return numbers.get(carrier, "")

    def network(self, carrier: str) -> Network:
        """The interfaces of a carrier that holds numbers. Raises `NotOffered` for a carrier that cannot."""
        network = self.carriers[carrier].network
        if network is None:
            raise NotOffered(f"Numbers can’t live at {carrier}.")
        return network

    def registration(self, carrier: str) -> Registration:
        """Where a carrier registers businesses. Raises `NotOffered` for one that registers none."""
        registration = self.network(carrier).registration
        if registration is None:
            raise NotOffered(f"{carrier} registers no businesses for texts.")
        return registration

    def caller_trust(self, carrier: str) -> CallerTrust:
        """Where a carrier registers how calls show. Raises `NotOffered` for one that does not."""
        caller_trust = self.network(carrier).caller_trust
        if caller_trust is None:
            raise NotOffered(f"{carrier} does not register how calls show.")
        return caller_trust

    def marking_keys(self, carrier: str) -> tuple[str, ...]:
        """The secret keys that mark our addresses at a carrier; none where its signatures cover them."""
        return () if self.network(carrier).callbacks.signs_addresses else self.settings.secret_keys

    def webhook(self, carrier: str, subject: str) -> str:
        """Our public URL for a carrier's callbacks about a subject."""
        return webhook_address(self.settings.public_base_url, carrier, subject, self.marking_keys(carrier))

    def routing(self, carrier: str) -> Routing:
        """Where a number's calls and texts are sent: the same for every number, as callbacks state the called one."""
        return Routing(
            voice_url=self.webhook(carrier, "voice"),
            message_url=self.webhook(carrier, "message"),
            call_status_url=self.webhook(carrier, "call-status"),
        )

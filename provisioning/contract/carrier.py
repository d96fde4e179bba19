"""A carrier: its name and its facets."""

from dataclasses import dataclass, field

from provisioning.contract.account import Account
from provisioning.contract.activation import Activations
from provisioning.contract.browser_phones import BrowserPhones
from provisioning.contract.callbacks import Callbacks
from provisioning.contract.caller_trust import CallerTrust
from provisioning.contract.calling import Calling
from provisioning.contract.emergency import Emergency
from provisioning.contract.lookup import Lookup
from provisioning.contract.messaging import Messaging
from provisioning.contract.numbers import Numbers
from provisioning.contract.order_comments import OrderComments
from provisioning.contract.port_outs import PortOuts, PortOutTerms
from provisioning.contract.porting_facet import Porting
from provisioning.contract.prices import Prices
from provisioning.contract.registration import Registration
from provisioning.contract.voice import Voice


@dataclass(frozen=True, slots=True)
class Network:
    """The facets of a carrier at which numbers can live. Those that a carrier does not offer are None."""

    numbers: Numbers
    messaging: Messaging
    voice: Voice
    calling: Calling
    callbacks: Callbacks
    account: Account
    prices: Prices
    browser_phones: BrowserPhones | None = None
    lookup: Lookup | None = None
    emergency: Emergency | None = None
    registration: Registration | None = None
    caller_trust: CallerTrust | None = None
    port_outs: PortOuts | None = None
    port_out: PortOutTerms = field(default_factory=PortOutTerms)


class NotOffered(LookupError):
    """A carrier was asked for what it does not offer; the message says what, as a sentence for operators."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Every carrier has `porting`.

    `network` is None where numbers cannot live, as for ports by hand; `comments` where its staff take none on orders,
    `activations` where the moment at which numbers come cannot be chosen.
    `name` is what settings and rows have, `title` what staff read: a proper name, or English to be translated.
    """

    name: str
    porting: Porting
    network: Network | None
    rehearsal: bool = False
    comments: OrderComments | None = None
    activations: Activations | None = None
    title: str = field(kw_only=True)

"""A carrier as the service holds it: a name and the facets it offers."""

from dataclasses import dataclass

from provisioning.contract.account import Account
from provisioning.contract.callbacks import Callbacks
from provisioning.contract.calling import Calling
from provisioning.contract.emergency import Emergency
from provisioning.contract.lookup import Lookup
from provisioning.contract.messaging import Messaging
from provisioning.contract.numbers import Numbers
from provisioning.contract.porting_facet import Porting
from provisioning.contract.voice import Voice


@dataclass(frozen=True, slots=True)
class Network:
    """The facets of a carrier that numbers live at: they make sense together only."""

    numbers: Numbers
    messaging: Messaging
    voice: Voice
    calling: Calling
    callbacks: Callbacks
    account: Account
    lookup: Lookup
    emergency: Emergency


@dataclass(frozen=True, slots=True)
class Carrier:
    """`porting` is what every carrier has; `network` is None where numbers cannot live (a porting desk by hand)."""

    name: str
    porting: Porting
    network: Network | None
    rehearsal: bool = False

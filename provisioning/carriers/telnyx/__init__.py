"""Telnyx, begun: who sent a callback and what it says, and why a request was refused."""

from collections.abc import Mapping

from provisioning.contract.callbacks import OurAddress
from provisioning.contract.carrier import Carrier
from provisioning.contract.worklist import Worklist


def build(environ: Mapping[str, str], *, worklist: Worklist, address: OurAddress) -> Carrier:
    """Refuse to be chosen, by a `ValueError`, until each facet is here: no number must live at half a carrier."""
    raise ValueError("CARRIERS: telnyx cannot be chosen yet; of it there are callbacks and error answers alone")

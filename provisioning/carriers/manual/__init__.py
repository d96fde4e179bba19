"""Ports by hand: our porting desk sends the papers and enters the answers of the old operator."""

from collections.abc import Mapping

from provisioning.carriers.manual.porting import ManualPorting
from provisioning.contract.callbacks import OurAddress
from provisioning.contract.carrier import Carrier
from provisioning.contract.worklist import Worklist


def build(environ: Mapping[str, str], *, worklist: Worklist, address: OurAddress | None = None) -> Carrier:
    """Build the carrier over the desk's worklist. It has no settings, no callbacks, and no network with numbers.

    It counts as a rehearsal: nothing is sent before a person sends it, so a jumping clock does no harm.
    """
    return Carrier("manual", ManualPorting(worklist), network=None, rehearsal=True, title="By hand")

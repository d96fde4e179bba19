"""Ports by hand: our own porting desk sends the papers and writes down what the old operator answered."""

from collections.abc import Mapping

from provisioning.carriers.manual.porting import ManualPorting
from provisioning.contract.carrier import Carrier
from provisioning.contract.worklist import Worklist


def build(environ: Mapping[str, str], *, worklist: Worklist) -> Carrier:
    """The carrier over the desk's worklist; it has no settings and no network, so no number lives here.

    It is a rehearsal's equal: nothing leaves the house before a person sends it, so no jumping clock can do harm.
    """
    return Carrier("manual", ManualPorting(worklist), network=None, rehearsal=True)

"""Carriers other than the first, for runs that are played there."""

from datetime import timedelta
from functools import partial

from provisioning.carriers import telnyx
from service.wiring import addresses_with
from tests.provisioning.rehearsal import AT_TELNYX


def at_telnyx(to_carrier, settings, world, clock):
    """The second carrier alone, which works while we wait for it."""

    def wait(seconds):
        clock.jump(timedelta(seconds=seconds))
        world.run_due()

    address = partial(addresses_with(settings), "telnyx")
    return {"telnyx": telnyx.build(AT_TELNYX, to_carrier, address=address, pause=wait)}

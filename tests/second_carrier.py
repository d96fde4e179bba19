"""The second carrier, over its fake server."""

from datetime import timedelta
from functools import partial

from provisioning.carriers import telnyx
from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.settings import Settings
from provisioning.http import Outgoing
from service.wiring import addresses_with
from tests.provisioning.rehearsal import AT_TELNYX, SANDBOX


def at_telnyx(to_carrier, settings, world, clock, *, calls_out=False):
    """The second carrier alone, which works while we wait for it. With a profile of its account calls may go out."""

    def wait(seconds):
        clock.jump(timedelta(seconds=seconds))
        world.run_due()

    environ = AT_TELNYX | _profile(to_carrier) if calls_out else AT_TELNYX
    address = partial(addresses_with(settings), "telnyx")
    return {"telnyx": telnyx.build(environ, to_carrier, address=address, pause=wait)}


def _profile(to_carrier):
    client = Client(Outgoing(to_carrier, SANDBOX), Settings.from_environ(AT_TELNYX))
    return {"TELNYX_OUTBOUND_PROFILE_ID": client.create("/outbound_voice_profiles", {"name": "Out"})["id"]}

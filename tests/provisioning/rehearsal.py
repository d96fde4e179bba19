"""The account that the tests have at the sandbox."""

import pytest

from provisioning.contract.errors import Unavailable
from sandbox.exchange import TELNYX_ACCOUNT, TELNYX_KEY, primary_profile, registered_service
from sandbox.faults import Fault, FaultKind
from sandbox.telnyx.keys import public_key

ACCOUNT = "AC000000000000000000000000000000aa"
TOKEN = "rehearsal-auth-token"
SANDBOX = "http://sandbox.test"
ENVIRON = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": SANDBOX}
REGISTERING = {
    **ENVIRON,
    "TWILIO_PRIMARY_PROFILE_SID": primary_profile(ACCOUNT),
    "TWILIO_REGISTRATION_EMAIL": "us@portline.example",
}
"""Of an account that registers businesses."""

AT_TELNYX = {
    "TELNYX_API_KEY": TELNYX_KEY,
    "TELNYX_PUBLIC_KEY": public_key(TELNYX_KEY),
    "TELNYX_ACCOUNT_ID": TELNYX_ACCOUNT,
    "TELNYX_BASE_URL": SANDBOX,
}
"""Of the account at the second carrier."""


def register(world, number):
    """Let a number of the account text, with its own webhooks still."""
    service = world.state.services[registered_service(ACCOUNT)]
    service.settings["use_inbound_webhook_on_number"] = "true"
    world.registry.campaigns.join(service, number.reference)


def lost_and_repeated(world, kind, at, act):
    """Do something that loses the answer of its request number `at` (from 0), and then do it again."""
    fault = Fault(FaultKind(kind), count=1, skip=at)
    world.faults.active.append(fault)
    with pytest.raises(Unavailable):
        act()
    assert fault.struck == 1
    return act()

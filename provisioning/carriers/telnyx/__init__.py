"""Telnyx: numbers, texts, calls and ports over its public API."""

import time
from collections.abc import Callable, Mapping

import requests

from provisioning import deadline_connections
from provisioning.carriers.telnyx.account import TelnyxAccount
from provisioning.carriers.telnyx.activation import TelnyxActivations
from provisioning.carriers.telnyx.assignments import Assignments
from provisioning.carriers.telnyx.brands import Brands
from provisioning.carriers.telnyx.call_log import CallLog
from provisioning.carriers.telnyx.callbacks import TelnyxCallbacks
from provisioning.carriers.telnyx.calling import TelnyxCalling
from provisioning.carriers.telnyx.campaigns import Campaigns
from provisioning.carriers.telnyx.client import Client
from provisioning.carriers.telnyx.emergency import TelnyxEmergency
from provisioning.carriers.telnyx.lookup import TelnyxLookup
from provisioning.carriers.telnyx.messaging import TelnyxMessaging, media_hosts
from provisioning.carriers.telnyx.numbers import TelnyxNumbers
from provisioning.carriers.telnyx.order_comments import TelnyxOrderComments
from provisioning.carriers.telnyx.port_outs import TERMS, TelnyxPortOuts
from provisioning.carriers.telnyx.porting import TelnyxPorting
from provisioning.carriers.telnyx.registration import TelnyxRegistration
from provisioning.carriers.telnyx.settings import Settings
from provisioning.carriers.telnyx.targets import Targets
from provisioning.carriers.telnyx.toll_free import TollFree
from provisioning.carriers.telnyx.voice import TelnyxVoice
from provisioning.contract.callbacks import OurAddress
from provisioning.contract.carrier import Carrier, Network
from provisioning.contract.worklist import Worklist
from provisioning.http import Outgoing
from provisioning.price_list import read_prices, read_prices_of_account


def build(
    environ: Mapping[str, str],
    session: requests.Session | None = None,
    *,
    address: OurAddress,
    worklist: Worklist | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Carrier:
    """Build the carrier from its settings (see README.md); `session` sends the requests. Raises `ValueError`.

    `pause` waits for an order of a number. The worklist is not used: every port goes over the API.
    """
    settings = Settings.from_environ(environ)
    outgoing = Outgoing(session or deadline_connections.session(), settings.base_url)
    client = Client(outgoing, settings)
    log, targets = CallLog(client, settings.account), Targets(client, settings.outbound_profile)
    campaigns, toll_free = Campaigns(client, settings.campaign), TollFree(client)
    network = Network(
        numbers=TelnyxNumbers(client, targets, pause),
        messaging=TelnyxMessaging(client, media_hosts(outgoing), Assignments(client, campaigns)),
        voice=TelnyxVoice(),
        calling=TelnyxCalling(client, log, targets, address),
        callbacks=TelnyxCallbacks(settings.signing_keys, client, log, address),
        account=TelnyxAccount(client, campaigns, toll_free),
        lookup=TelnyxLookup(client),
        emergency=TelnyxEmergency(client),
        registration=TelnyxRegistration(Brands(client), campaigns, toll_free),
        prices=read_prices_of_account(settings.prices) if settings.prices else read_prices(__name__),
        port_outs=TelnyxPortOuts(client),
        port_out=TERMS,
    )
    return Carrier(
        "telnyx",
        TelnyxPorting(client, targets, address),
        network,
        rehearsal=bool(settings.base_url),
        comments=TelnyxOrderComments(client),
        activations=TelnyxActivations(client),
        title="Telnyx",
    )

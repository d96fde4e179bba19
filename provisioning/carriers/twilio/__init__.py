"""Twilio: numbers, texts, calls and ports over its public API, with the official SDK."""

from collections.abc import Mapping

import requests

from provisioning import deadline_connections
from provisioning.carriers.twilio.account import TwilioAccount
from provisioning.carriers.twilio.browser_phones import TwilioBrowserPhones
from provisioning.carriers.twilio.callbacks import TwilioCallbacks
from provisioning.carriers.twilio.caller_trust import TwilioCallerTrust
from provisioning.carriers.twilio.calling import TwilioCalling
from provisioning.carriers.twilio.client import connect
from provisioning.carriers.twilio.emergency import TwilioEmergency
from provisioning.carriers.twilio.error_answers import read_error
from provisioning.carriers.twilio.lookup import TwilioLookup
from provisioning.carriers.twilio.messaging import TwilioMessaging
from provisioning.carriers.twilio.numbers import TwilioNumbers
from provisioning.carriers.twilio.port_outs import port_out_terms
from provisioning.carriers.twilio.porting import TwilioPorting
from provisioning.carriers.twilio.registration import TwilioRegistration
from provisioning.carriers.twilio.settings import Settings
from provisioning.carriers.twilio.voice import TwilioVoice
from provisioning.contract.callbacks import OurAddress
from provisioning.contract.carrier import Carrier, Network
from provisioning.contract.worklist import Worklist
from provisioning.http import Outgoing
from provisioning.media import MediaHosts
from provisioning.price_list import read_prices


def build(
    environ: Mapping[str, str],
    session: requests.Session | None = None,
    *,
    worklist: Worklist | None = None,
    address: OurAddress | None = None,
) -> Carrier:
    """Build the carrier from its settings (see README.md); `session` sends the requests. Raises `ValueError`.

    Neither the worklist nor the address is used: orders go over the API, and tell one address of the whole account.
    """
    settings = Settings.from_environ(environ)
    outgoing = Outgoing(session or deadline_connections.session(), settings.base_url)
    client = connect(settings, outgoing)
    network = Network(
        numbers=TwilioNumbers(client),
        messaging=TwilioMessaging(client, _media(outgoing, settings), settings),
        voice=TwilioVoice(),
        calling=TwilioCalling(client),
        browser_phones=TwilioBrowserPhones(client, outgoing, settings),
        callbacks=TwilioCallbacks(client, settings),
        account=TwilioAccount(client, settings),
        lookup=TwilioLookup(client),
        emergency=TwilioEmergency(client),
        registration=TwilioRegistration(client, settings),
        caller_trust=TwilioCallerTrust(client, settings),
        prices=read_prices(__name__),
        port_out=port_out_terms(settings),
    )
    porting = TwilioPorting(client, outgoing, settings)
    return Carrier("twilio", porting, network, rehearsal=bool(settings.base_url), title="Twilio")


def _media(outgoing: Outgoing, settings: Settings) -> MediaHosts:
    """The hosts of attachments and recordings, of which only the API's gets our credentials."""
    hosts = {"api.twilio.com": settings.credentials, "media.twiliocdn.com": None, "mms.twiliocdn.com": None}
    return MediaHosts(outgoing, hosts, read_error)

"""Ports away from Twilio, of which its API says nothing (https://support.twilio.com/hc/en-us/articles/229986247)."""

from datetime import timedelta
from typing import Final

from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.port_outs import PortOutTerms

# https://support.twilio.com/hc/en-us/articles/223132067
_DISPUTING: Final = (
    "In Twilio’s Console open the port-away request, choose the number, then Set Status, Dispute, and enter the "
    "service address. Where there is no request, write to porting@twilio.com."
)


def port_out_terms(settings: Settings) -> PortOutTerms:
    """The account's sid is its account number, and the passcode that was set in the Console its PIN.

    So says an operator that ports numbers away from Twilio (https://support.telnyx.com/en/articles/14708130).
    """
    return PortOutTerms(settings.account_sid, settings.port_out_passcode, timedelta(hours=48), _DISPUTING)

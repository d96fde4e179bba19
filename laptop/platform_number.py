"""The number that the platform's own texts leave from, bought at the sandbox once and routed to the service."""

import os
import time
from collections.abc import Mapping

import requests


def hold(environ: Mapping[str, str], patience: float = 30) -> None:
    """Wait until the sandbox answers, at most `patience` seconds, and have the number routed to the service.

    Raises:
        TimeoutError: the sandbox did not come up.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            _buy(environ)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the sandbox does not answer")


def _buy(environ: Mapping[str, str]) -> None:
    account = environ["TWILIO_ACCOUNT_SID"]
    webhooks = f"{environ['PUBLIC_BASE_URL']}/webhooks/{environ['CARRIERS']}"
    numbers = f"{environ['TWILIO_BASE_URL']}/api.twilio.com/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json"
    login = (account, environ["TWILIO_AUTH_TOKEN"])
    held = requests.get(numbers, params={"PhoneNumber": environ["PLATFORM_NUMBER"]}, auth=login, timeout=10)
    if held.json()["incoming_phone_numbers"]:
        return
    wish = {
        "PhoneNumber": environ["PLATFORM_NUMBER"],
        "FriendlyName": "platform",
        "SmsUrl": f"{webhooks}/message",
        "VoiceUrl": f"{webhooks}/voice",
    }
    answer = requests.post(numbers, data=wish, auth=login, timeout=10)
    answer.raise_for_status()


if __name__ == "__main__":
    hold(os.environ)

"""Our webhook URLs as the carrier gets them, with settings for retries in the fragment.

By default only a failed connection is retried, once. `rc=5&rp=all` asks for five retries after any failure, all
within fifteen seconds. The fragment is not sent to us; whether it is signed is not documented.
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

INSISTENCE = "#rc=5&rp=all"


def insistent(url: str) -> str:
    """The URL with the settings for retries."""
    return url + INSISTENCE


def plain(url: str | None) -> str:
    """The URL without the settings for retries; empty when the carrier has none."""
    return (url or "").removesuffix(INSISTENCE)

"""URLs of ours as the carrier is given them: with its own wishes for retrying in the fragment.

By default only a connection that cannot be made is tried once more. `rc=5&rp=all` asks for five tries after any
failure, all within fifteen seconds. The fragment is not sent to us; whether it is signed is not documented.
https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

INSISTENCE = "#rc=5&rp=all"


def insistent(url: str) -> str:
    """The URL as the carrier is given it."""
    return url + INSISTENCE


def plain(url: str | None) -> str:
    """The URL as we gave it; empty when the carrier has none."""
    return (url or "").removesuffix(INSISTENCE)

"""Links to the sound of recordings: signed, without a key, and good for ten minutes."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

HOST: Final = "s3.amazonaws.com"
FOLDER: Final = "telephony-recorder-prod"
LIFETIME: Final = timedelta(minutes=10)
_SPELLING = "%Y%m%dT%H%M%SZ"
_SECRET = b"links of the sandbox"


def link(recording: str, at: datetime, kind: str = "mp3") -> str:
    """The address of the sound from now on; `kind` is mp3 or wav."""
    date = at.astimezone(UTC).strftime(_SPELLING)
    signed = f"X-Amz-Signature={_signature(recording, date)}"
    lifetime = f"X-Amz-Expires={int(LIFETIME.total_seconds())}"
    return f"https://{HOST}/{FOLDER}/{recording}.{kind}?X-Amz-Date={date}&{lifetime}&{signed}"


def is_good(recording: str, date: str, signature: str, at: datetime) -> bool:
    """Whether a link was signed by us, and less than ten minutes ago."""
    if not hmac.compare_digest(signature, _signature(recording, date)):
        return False
    return at - datetime.strptime(date, _SPELLING).replace(tzinfo=UTC) <= LIFETIME


def _signature(recording: str, date: str) -> str:
    return hmac.digest(_SECRET, f"{recording} {date}".encode(), "sha256").hex()

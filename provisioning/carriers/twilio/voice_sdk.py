"""The Voice SDK, which pages load from us."""

from pathlib import Path
from typing import Final

FETCHED: Final = Path(__file__).parents[3] / ".cache" / "voice-sdk" / "twilio.min.js"
"""Where `fetch_voice_sdk` puts it."""


def script() -> bytes | None:
    """The SDK, under the name by which pages know it; None until it was fetched."""
    return FETCHED.read_bytes() + b"\nconst CarrierPhone = Twilio.Device;\n" if FETCHED.exists() else None

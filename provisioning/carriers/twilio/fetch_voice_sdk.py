"""Fetches the Voice SDK once, at set-up: `python -m provisioning.carriers.twilio.fetch_voice_sdk`.

It is an npm package (Apache-2.0). Only the one that we know is used.
"""

import sys
from typing import Final

from provisioning import npm
from provisioning.carriers.twilio import voice_sdk

PACKAGE: Final = "@twilio/voice-sdk@2.18.5"
INTEGRITY: Final = "sha512-2/tw1IDAIn7j6yFDOln8p93v3aHIxNIN93JwL98cHIlbkSNeU/Jt9zGM/0TvDpNjo+k88lvAew4jgOjKlc9/KA=="


def main() -> int:
    """Fetch it, and return the exit status."""
    files = {"dist/twilio.min.js": voice_sdk.FETCHED}
    return npm.fetch(PACKAGE, INTEGRITY, files, without="no calls in browsers")


if __name__ == "__main__":
    sys.exit(main())

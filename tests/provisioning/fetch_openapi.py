"""Fetch the carrier's own OpenAPI files into the git-ignored cache that the referee reads.

    python -m tests.provisioning.fetch_openapi

They come with an npm package (MIT), so npm must be there; without the files the tests run without a referee.
"""

import sys
from pathlib import Path

from provisioning import npm

PACKAGE = "@twilio/cli-core@8.3.2"
INTEGRITY = "sha256-aug0Q95YgkYrX7qe3dkICgulL/nPpXnYusn0z0PuRAk="
CACHE = Path(__file__).parents[2] / ".cache" / "twilio-openapi"
FILES = (
    "twilio_api_v2010.json",
    "twilio_events_v1.json",
    "twilio_lookups_v2.json",
    "twilio_messaging_v1.json",
    "twilio_numbers_v1.json",
    "twilio_trusthub_v1.json",
)


if __name__ == "__main__":
    files = {f"src/services/twilio-api/{name}": CACHE / name for name in FILES}
    sys.exit(npm.fetch(PACKAGE, INTEGRITY, files, without="the tests will run without the carrier's OpenAPI files"))

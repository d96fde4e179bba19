"""Fetch the carrier's own OpenAPI files into the git-ignored cache that the referee reads.

    python tests/provisioning/fetch_openapi.py

They come with an npm package (MIT), so npm must be there; without the files the tests run without a referee.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@twilio/cli-core@8.3.2"
CACHE = Path(__file__).parents[2] / ".cache" / "twilio-openapi"
SHA256 = "6ae83443de5882462b5fba9eddd9080a0ba52ff9cfa579d8bac9f4cf43ee4409"
FILES = (
    "twilio_api_v2010.json",
    "twilio_events_v1.json",
    "twilio_lookups_v2.json",
    "twilio_messaging_v1.json",
    "twilio_numbers_v1.json",
    "twilio_trusthub_v1.json",
)


def main() -> int:
    """Fetch, and return the exit status: 1 when npm is missing, or the package is another than the one named here."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed: the tests will run without the carrier's OpenAPI files\n")
        return 1
    with tempfile.TemporaryDirectory() as there:
        packed = subprocess.run(  # noqa: S603 - a fixed command
            [npm, "pack", "--silent", PACKAGE], cwd=there, check=True, capture_output=True, text=True
        )
        archive = Path(there, packed.stdout.strip().splitlines()[-1])
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            sys.stderr.write(f"{PACKAGE} is not what it was: the tests will run without the carrier's OpenAPI files\n")
            return 1
        _unpack(archive)
    return 0


def _unpack(archive: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as contents:
        for name in FILES:
            found = contents.extractfile(f"package/src/services/twilio-api/{name}")
            if found is None:
                raise FileNotFoundError(name)
            (CACHE / name).write_bytes(found.read())


if __name__ == "__main__":
    sys.exit(main())

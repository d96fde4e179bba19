"""Fetches the Voice SDK once, at set-up: `python -m provisioning.carriers.twilio.fetch_voice_sdk`.

It is an npm package (Apache-2.0). Only the one that we know is used.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

from provisioning.carriers.twilio import voice_sdk

PACKAGE: Final = "@twilio/voice-sdk@2.18.5"
SHA512: Final = (
    "dbfb70d480c0227ee3eb21433a59fca7ddefdda1c8c4d20df772702fdf1c1c89"
    "5b91235e53f26df7318cff44ef0e9363a3e93cf25bc07b0e2380e8ca95cf7f28"
)


def main() -> int:
    """Fetch it with npm, and return the exit status: 1 when npm is missing, fails, or has another package."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed, so the Voice SDK was not fetched: no calls in browsers.\n")
        return 1
    with tempfile.TemporaryDirectory() as there:
        packed = subprocess.run(  # noqa: S603 -- a fixed command
            [npm, "pack", "--silent", PACKAGE], cwd=there, check=False, capture_output=True, text=True
        )
        if packed.returncode:
            sys.stderr.write("npm did not fetch the Voice SDK: no calls in browsers.\n")
            return 1
        return _keep(Path(there, packed.stdout.strip().splitlines()[-1]).read_bytes())


def _keep(package: bytes) -> int:
    found = hashlib.sha512(package).hexdigest()
    if found != SHA512:
        sys.stderr.write(f"The Voice SDK has the SHA-512 {found}, not the one that we know: not used.\n")
        return 1
    with tarfile.open(fileobj=BytesIO(package)) as contents:
        script = contents.extractfile("package/dist/twilio.min.js")
        if script is None:
            raise FileNotFoundError("twilio.min.js")
        voice_sdk.FETCHED.parent.mkdir(parents=True, exist_ok=True)
        voice_sdk.FETCHED.write_bytes(script.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Fetch axe-core, which checks pages for accessibility, into the git-ignored cache that tests/browser reads.

    python tests/browser/fetch_axe.py

It comes as an npm package (MPL-2.0), so npm must be there; without it these checks are skipped.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from pathlib import Path

PACKAGE = "axe-core@4.14.1"
INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
AXE = Path(__file__).parents[2] / ".cache" / "axe-core" / "axe.min.js"


def main() -> int:
    """Fetch, and return the exit status: 1 when npm is missing or the package is not the one we know."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed: the pages will be tested without axe-core\n")
        return 1
    with tempfile.TemporaryDirectory() as there:
        packed = subprocess.run(  # noqa: S603 - a fixed command
            [npm, "pack", "--silent", PACKAGE], cwd=there, check=True, capture_output=True, text=True
        )
        return _unpack(Path(there, packed.stdout.strip().splitlines()[-1]))


def _unpack(archive: Path) -> int:
    found = "sha512-" + b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        sys.stderr.write(f"{PACKAGE} is {found}, not {INTEGRITY}: not used\n")
        return 1
    with tarfile.open(archive) as contents:
        script = contents.extractfile("package/axe.min.js")
        if script is None:
            raise FileNotFoundError("axe.min.js")
        AXE.parent.mkdir(parents=True, exist_ok=True)
        AXE.write_bytes(script.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())

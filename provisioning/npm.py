"""Files of npm packages, fetched at set-up. A package is used only if it has the hash that we know."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path


class NotFetched(Exception):
    """npm is missing or fails, or the package is not the one that we know."""


def fetch(package: str, integrity: str, files: Mapping[str, Path], *, without: str) -> int:
    """Fetch files of a package with npm, each by its path in there, and return the exit status: 0 if all were written.

    `integrity` is the hash as npm tells it: sha512-… (Base64). What cannot be fetched is said on standard error,
    with what follows from it (`without`). Raises `KeyError` for a file that is not in the package; nothing is written.
    """
    try:
        archive = _known(_packed(package), integrity)
    except NotFetched as trouble:
        sys.stderr.write(f"{package} was not fetched, because {trouble}: {without}.\n")
        return 1
    with tarfile.open(fileobj=BytesIO(archive)) as contents:
        found = {place: _read(contents, f"package/{name}") for name, place in files.items()}
    for place, content in found.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return 0


def _packed(package: str) -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm is not installed")
    with tempfile.TemporaryDirectory() as there:
        command = [npm, "pack", "--silent", package]
        packed = subprocess.run(command, cwd=there, check=False, capture_output=True, text=True)  # noqa: S603 -- npm
        if packed.returncode:
            raise NotFetched("npm failed")
        return Path(there, packed.stdout.strip().splitlines()[-1]).read_bytes()


def _known(archive: bytes, integrity: str) -> bytes:
    algorithm, _, known = integrity.partition("-")
    found = b64encode(hashlib.new(algorithm, archive).digest()).decode()
    if found != known:
        raise NotFetched(f"its hash is {algorithm}-{found} and not {integrity}")
    return archive


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()

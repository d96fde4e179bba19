"""The licences of all libraries that the locks name: `python -m supply.licences`.

Each library says its licence in the metadata that its wheel brings along, so nothing is asked of the network. One whose
licence is not in `FITTING` is named, and the command fails.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
LOCKS: Final = ("requirements.txt", "requirements-dev.txt", "requirements-speech.txt")

FITTING: Final = re.compile(
    # permissive ones, and the public domain
    r"\b(MIT|BSD|0BSD|Apache|ISC|Python Software Foundation|PSF|Zlib|HPND|CMU|Unlicense|CC0|Public Domain"
    # copyleft for their own files alone, which we use as they are and do not change
    r"|MPL|Mozilla|LGPL|Lesser General Public"
    # fonts
    r"|OFL|Open Font)\b",
    re.IGNORECASE,
)
"""Licences under which a library may be used by software that is given away under MIT."""

UNFITTING: Final = re.compile(r"\b(A?GPL|GNU (Affero )?General Public|SSPL|BUSL|Commercial|Proprietary)", re.IGNORECASE)
"""Licences that would claim the whole. One of several to choose from does no harm."""


class Licensed(NamedTuple):
    """A library and its licence, in its own words; empty where it says none."""

    name: str
    version: str
    licence: str

    @property
    def fits(self) -> bool:
        """Whether it may be used by software under MIT."""
        words = self.licence
        return bool(FITTING.search(words)) and (not UNFITTING.search(words) or " OR " in words)


def licensed(lock: str) -> Iterator[Licensed]:
    """The libraries of a lock. Those for other machines than this one, which are not installed, are left out."""
    for name, version in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE
    ):
        try:
            yield Licensed(name, version, _words(metadata(name)))
        except PackageNotFoundError:
            continue


def _words(told: PackageMetadata) -> str:
    """The expression (PEP 639), or else what older metadata says: classifiers, or the first line of a text."""
    if "License-Expression" in told:
        return told["License-Expression"]
    classifiers = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License")]
    line = told["License"].strip().partition("\n")[0] if "License" in told else ""
    return " AND ".join(dict.fromkeys(classifiers)) or line


def main() -> None:
    """Print the list, and fail where a licence does not fit."""
    found = sorted({one for lock in LOCKS for one in licensed(lock)})
    for one in found:
        verdict = "" if one.fits else "   DOES NOT FIT"
        sys.stdout.write(f"{one.name} {one.version}: {one.licence or 'says none'}{verdict}\n")
    if wrong := [one.name for one in found if not one.fits]:
        sys.exit(f"licences that do not fit MIT: {', '.join(wrong)}")


if __name__ == "__main__":
    main()

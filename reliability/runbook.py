"""The runbook "Restoring a backup" of `docs/operating.md`, its commands run word by word."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent.parent / "docs" / "operating.md"


def commands() -> list[str]:
    """Its command lines, in their order."""
    return re.findall(r"^ {7}(\S.*)$", _section(), re.MULTILINE)


def remedies() -> set[str]:
    """What its table says to do about what only a carrier knows, as it is typed: `adopt-order ORDER PORT`."""
    return set(re.findall(r"`([a-z-]+(?: [A-Z]+)+)`", _section()))


def run(line: str, environ: Mapping[str, str]) -> str:
    """Run a line as a shell does, `portline` as in a checkout; what it prints.

    The audit's exit code says that it found something.

    Raises `RuntimeError` if it fails.
    """
    typed = re.sub(r"^portline ", "python -m service ", line)
    done = subprocess.run(["sh", "-c", typed], env=environ, capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode and " audit " not in line:
        raise RuntimeError(f"{line}: {done.stderr or done.stdout}")
    return done.stdout.strip()


def remedy(typed: str, environ: Mapping[str, str], words: Mapping[str, str]) -> None:
    """Run a command of the table, its words in capitals replaced. Raises `LookupError` for one that is not there."""
    if typed not in remedies():
        raise LookupError(typed)
    run(" ".join(["portline", *(words.get(word, word) for word in typed.split())]), environ)


def _section() -> str:
    return PAGE.read_text().split("## Restoring a backup\n")[1].split("\n## ")[0]

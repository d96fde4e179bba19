"""`python -m laptop.porting_desk EMAIL [home]` gives a person the desk of the deployment that runs in `home`."""

import os
import subprocess
import sys
from pathlib import Path

from laptop import postgres, rehearsal
from laptop.errors import CannotStart, using


def main(email: str, home: Path = Path("var/run")) -> int:
    """Run the service's own command for it; its exit code, or 1 with a sentence where nothing runs."""
    try:
        with using(home):
            environ = _environ(home.resolve())
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "porting-desk", email]
    return subprocess.run(command, env=environ, check=False).returncode  # noqa: S603 -- our own command


def _environ(home: Path) -> dict[str, str]:
    url = os.environ.get("DATABASE_URL") or postgres.running_url(home / "database")
    return {**os.environ, **rehearsal.environ(home, url, rehearsal.Ports.from_environ(os.environ))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:])))

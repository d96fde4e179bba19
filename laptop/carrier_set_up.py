"""Once the sandbox answers: have it call back here, and buy the number that the platform's own texts leave from."""

import os
import subprocess
import sys
import time

from laptop.ports import answers
from laptop.rehearsal import Ports

PATIENCE = 30.0


def main() -> int:
    """What an operator does once at a real carrier; doing it at each start changes nothing. The exit code."""
    port = Ports.from_environ(os.environ).sandbox
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if time.monotonic() > deadline:
            sys.stderr.write("The sandbox does not answer.\n")
            return 1
        time.sleep(0.1)
    set_up = [sys.executable, "-m", "flask", "--app", "wsgi", "set-up-carrier", "--buy-platform-number"]
    return subprocess.run(set_up, check=False).returncode  # noqa: S603 -- our own command


if __name__ == "__main__":
    sys.exit(main())

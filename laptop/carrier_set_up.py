"""Wait for the sandbox, then have it send callbacks here and buy the number that the platform's texts leave from."""

import os
import sys
import time

from laptop.ports import is_listening
from laptop.rehearsal import Ports

PATIENCE = 60.0


def main() -> None:
    """Run `set-up-carrier`, as an operator does once at a real carrier; running it again changes nothing."""
    port = Ports.from_environ(os.environ).sandbox
    deadline = time.monotonic() + PATIENCE
    while not is_listening(port):
        if time.monotonic() > deadline:
            sys.exit("The sandbox does not answer.")
        time.sleep(0.1)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "set-up-carrier", "--buy-platform-number"]
    os.execv(sys.executable, command)  # noqa: S606 -- in this process, so that stopping it stops the command


if __name__ == "__main__":
    main()

"""`python -m laptop.stop_database FOLDER` stops every database that was left running below a folder."""

import sys
from pathlib import Path

from laptop.postgres import stop_left_running


def stop_below(folder: Path) -> None:
    """Stop them, and return once they have stopped."""
    for pid_file in folder.glob("**/postmaster.pid"):
        stop_left_running(pid_file.parent)


if __name__ == "__main__":
    stop_below(Path(sys.argv[1]))

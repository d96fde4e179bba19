"""`python -m laptop.last_will LIFELINE DIRECTORY`: stop the database there, once whoever holds the lifeline is gone."""

import sys
from pathlib import Path

from laptop import lifeline
from laptop.database import stop_below

if __name__ == "__main__":
    line, directory = map(Path, sys.argv[1:])
    lifeline.wait_until_cut(line)
    stop_below(directory)

"""`python -m reliability.season`: a desk of two works a month of 500 transfers, and the figures are those of the books.

`--transfers 2000 --weeks 12` is a season, in which the estimates of most transfers rest on those before them.
"""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Play the season of the tests with more transfers or another seed; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.season")
    parser.add_argument("--transfers", default="500")
    parser.add_argument("--weeks", default="4", help="in which they are sent")
    parser.add_argument("--seed", default="0")
    plays = parser.parse_args(arguments)
    os.environ.update(SEASON_TRANSFERS=plays.transfers, SEASON_WEEKS=plays.weeks, SEASON_SEED=plays.seed)
    return pytest.main(["--show-capture", "no", "tests/service/web/desk/test_season.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

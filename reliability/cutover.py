"""`python -m reliability.cutover`: ports that complete while people call and text, and something is always broken.

Every number is called or texted every few seconds of the play around its completion, under each kind of trouble on the
switchboard in turn. It prints the seconds from the moment the carrier could have both legs configured until they were,
and how many calls and texts did not reach us: none is allowed.
"""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Complete so many ports under trouble; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.cutover")
    parser.add_argument("--ports", default="504", help="in waves of sixteen, each under another kind of trouble")
    os.environ["CUTOVER_PORTS"] = parser.parse_args(arguments).ports
    return pytest.main(["--show-capture", "no", "--capture", "no", "tests/reliability/test_cutover.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

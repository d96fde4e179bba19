"""`python -m reliability.lifecycle --examples 2000`: plays that nobody wrote, as many as there is time for."""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Run the state machine of the tests at length; the exit code is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m reliability.lifecycle")
    parser.add_argument("--examples", default="2000")
    parser.add_argument("--steps", default="15")
    size = parser.parse_args(arguments)
    os.environ.update(LIFECYCLE_EXAMPLES=size.examples, LIFECYCLE_STEPS=size.steps)
    return pytest.main(["--numprocesses", "2", "--show-capture", "no", "tests/reliability/test_port_lifecycle.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

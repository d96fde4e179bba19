"""`python -m reliability.lifecycle --examples 2000`: plays that nobody wrote, as many as there is time for."""

import argparse
import os
import random
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Run the state machine of the tests at length, with other dice than they have; the exit code is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m reliability.lifecycle")
    parser.add_argument("--examples", default="2000")
    parser.add_argument("--steps", default="15")
    parser.add_argument("--seed", default=str(random.randrange(2**32)), help="to play the same again")  # noqa: S311
    plays = parser.parse_args(arguments)
    os.environ.update(LIFECYCLE_EXAMPLES=plays.examples, LIFECYCLE_STEPS=plays.steps, LIFECYCLE_SEED=plays.seed)
    sys.stdout.write(f"seed {plays.seed}\n")
    return pytest.main(["--numprocesses", "2", "--show-capture", "no", "tests/reliability/test_port_lifecycle.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

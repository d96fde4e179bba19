"""`python -m reliability.lifecycle --examples 2000`: random events in a port's life, checked at each step."""

import argparse
import os
import random
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Run the state machine of the tests with more examples and another seed; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.lifecycle")
    parser.add_argument("--examples", default="2000")
    parser.add_argument("--steps", default="15")
    parser.add_argument("--seed", default=str(random.randrange(2**32)), help="to repeat a run")  # noqa: S311
    plays = parser.parse_args(arguments)
    os.environ.update(LIFECYCLE_EXAMPLES=plays.examples, LIFECYCLE_STEPS=plays.steps, LIFECYCLE_SEED=plays.seed)
    sys.stdout.write(f"seed {plays.seed}\n")
    return pytest.main(["--numprocesses", "2", "--show-capture", "no", "tests/reliability/test_port_lifecycle.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

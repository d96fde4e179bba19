"""`python -m reliability.orders`: the callbacks of one port in many orders, each doubled or dropped: the same end."""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Play more orders than the tests do; the exit code is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m reliability.orders")
    parser.add_argument("--orders", default="2000", help="how many of all there are, by a fixed dice; 0 for every one")
    os.environ["CALLBACK_ORDERS"] = parser.parse_args(arguments).orders
    return pytest.main(["--show-capture", "no", "tests/reliability/test_callback_orders.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

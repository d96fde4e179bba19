"""`python -m reliability.orders`: the callbacks of one port, reordered, doubled or dropped, lead to the same state."""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Try more orders than the tests do; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.orders")
    parser.add_argument("--orders", default="2000", help="how many of all orders, chosen with a fixed seed; 0 for all")
    os.environ["CALLBACK_ORDERS"] = parser.parse_args(arguments).orders
    return pytest.main(["--show-capture", "no", "tests/reliability/test_callback_orders.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m reliability.orders`: all orders of one port's callbacks, each doubled or dropped: the same end."""

import os
import sys

import pytest


def main() -> int:
    """Play every order, not only the sample of the tests; the exit code is pytest's."""
    os.environ["CALLBACK_ORDERS"] = "0"
    return pytest.main(["--capture", "no", "tests/reliability/test_callback_orders.py"])


if __name__ == "__main__":
    sys.exit(main())

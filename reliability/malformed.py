"""`python -m reliability.malformed --requests 10000`: malformed requests to every webhook route."""

import argparse
import os
import sys
from typing import Final

import pytest

AT_CARRIERS: Final = ("test_malformed", "test_malformed_telnyx")
"""Where such requests are sent: to each carrier's addresses, which are signed differently."""


def main(arguments: list[str]) -> int:
    """Send so many requests, spread over the routes; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.malformed")
    parser.add_argument("--requests", default="10000")
    os.environ["MALFORMED_REQUESTS"] = parser.parse_args(arguments).requests
    return pytest.main(["--show-capture", "no", *(f"tests/reliability/{name}.py" for name in AT_CARRIERS)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

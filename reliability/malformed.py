"""`python -m reliability.malformed --requests 10000`: malformed requests to every webhook route."""

import argparse
import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    """Send so many requests, spread over the routes; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m reliability.malformed")
    parser.add_argument("--requests", default="10000")
    os.environ["MALFORMED_REQUESTS"] = parser.parse_args(arguments).requests
    return pytest.main(["--show-capture", "no", "tests/reliability/test_malformed.py"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Processes that a test starts as a person would, in an environment that the test names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ANOTHER_SERVER = "TEST_DATABASE_URL", "DATABASE_URL"


@pytest.fixture
def start(monkeypatch):
    """Start a module of ours in this environment; its output, once it has ended."""
    for name in ANOTHER_SERVER:
        monkeypatch.delenv(name, raising=False)

    def start(*command, **environ):
        return subprocess.run(  # noqa: S603 -- our own modules
            [sys.executable, "-m", *map(str, command)],
            env={**os.environ, **environ},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return start

"""The programs in docs/api do what their pages say, from a process of their own."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from time import monotonic

import pytest

from laptop.processes import ROOT
from tests.factories import CALLER
from tests.serving import served

GUIDES = ROOT / "docs" / "api"


@pytest.fixture
def address(app):
    """Where the API is served."""
    with served(app) as address:
        yield address


@pytest.fixture
def run(address, program, work, clock, tmp_path):
    """Run the program of a guide while both sides work: what it printed, and its exit code."""

    def run(guide):
        [code] = re.findall(r"```python\n(.*?)```", (GUIDES / f"{guide}.md").read_text(), re.DOTALL)
        script = tmp_path / "program.py"
        script.write_text(code)
        environ = os.environ | {"PORTLINE_URL": address, "PORTLINE_KEY": program.key, "NO_PROXY": "127.0.0.1"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen([sys.executable, script], env=environ, **pipes) as process:  # noqa: S603 -- ours
            until = monotonic() + 60
            while process.poll() is None and monotonic() < until:
                work()
                clock.jump(timedelta(seconds=1))
            process.kill()
            return process.stdout.read().strip(), process.wait()

    return run


def test_a_text_is_sent(run, program):
    assert re.fullmatch(rf"\+1\d{{10}} to {re.escape(CALLER)}: (sent|delivered)", run("send-a-text")[0])


def test_a_refusal_is_told(run, program, world, work):
    program.post("/messages", {"to": CALLER, "text": "Hello"}, status=202)
    work()
    world.text(CALLER, program.get("/numbers").json["data"][0]["number"], "STOP")
    work()
    said, code = run("send-a-text")
    assert code == 1
    assert "STOP" in said


def test_every_guide_is_tried():
    assert {guide.stem for guide in GUIDES.glob("*.md")} == {"send-a-text"}

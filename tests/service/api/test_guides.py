"""The programs in docs/api do what their pages say, from a process of their own."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from socket import socket
from time import monotonic

import pytest
from sqlalchemy import select

from laptop.processes import ROOT
from service.accounts.platforms import appoint
from service.inbox.models import Conversation
from service.inbox.writing import write
from service.porting.models import PortNumber
from service.porting.states import State
from tests.conftest import PORTLINE
from tests.factories import CALLER, OWN, a_bill
from tests.journeys.journey import Journey
from tests.serving import served

GUIDES = ROOT / "docs" / "api"


@pytest.fixture
def settings(settings, request):
    """Events are sent to this machine. Where it is asked for, each business registers itself."""
    itself = "registering" in request.fixturenames
    return replace(
        settings, notices_into_private_networks=True, single_business=settings.single_business and not itself
    )


@pytest.fixture
def registering():
    """Have each business register itself."""


@pytest.fixture
def address(app):
    """Where the API is served."""
    with served(app) as address:
        yield address


@pytest.fixture
def run(address, program, work, clock, tmp_path):
    """Run the program of a guide while both sides work: what it printed, and its exit code.

    `meanwhile` is done again and again; what it returns is typed into the program.
    """

    def run(guide, meanwhile=lambda: ""):
        [code] = re.findall(r"```python\n(.*?)```", (GUIDES / f"{guide}.md").read_text(), re.DOTALL)
        (tmp_path / "program.py").write_text(code)
        environ = os.environ | {"PORTLINE_URL": address, "PORTLINE_KEY": program.key, "NO_PROXY": "127.0.0.1"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        command = [sys.executable, "program.py"]
        with subprocess.Popen(command, cwd=tmp_path, env=environ, **pipes) as process:  # noqa: S603 -- ours
            until = monotonic() + 60
            while process.poll() is None and monotonic() < until:
                work()
                clock.jump(timedelta(seconds=1))
                process.stdin.write(meanwhile())
                process.stdin.flush()
            process.kill()
            return process.stdout.read().strip(), process.wait()

    return run


@pytest.fixture
def others(services, world, clock, work):
    """What happens meanwhile outside: the code arrives, the letter is signed, the day comes, people call and text."""
    journey, typed = Journey(services, world, clock, work), []

    def carry_on():
        with services.sessions() as session:
            number = session.scalar(select(PortNumber))
            state = number and number.state
        if state is State.DRAFT and world.phone(OWN).texts and not typed:
            typed.append(world.phone(OWN).texts[-1].body[:6])
            return f"{typed[0]}\n"
        if state in STEPS:
            STEPS[state](journey)
        return ""

    return carry_on


def _sign(journey):
    journey.pass_time(timedelta(seconds=10))
    journey.world.sign(OWN, "Alice Baker")
    journey.pass_time(timedelta(hours=5))


def _prove(journey):
    """Somebody calls and texts, and is answered."""
    journey.prove(OWN)
    with journey.services.sessions.begin() as session:
        write(session, session.scalars(select(Conversation)).first(), "We are.", None)
    journey.work()
    journey.pass_time(timedelta(seconds=10))


STEPS = {
    State.SUBMITTING: lambda journey: journey.pass_time(timedelta(seconds=10)),
    State.AWAITING_SIGNATURE: _sign,
    State.IN_REVIEW: lambda journey: journey.pass_time(timedelta(hours=1)),
    State.WITH_LOSING_CARRIER: lambda journey: journey.pass_time(timedelta(hours=1)),
    State.SCHEDULED: lambda journey: journey.pass_time_until(journey.committed() + timedelta(minutes=1)),
    State.ACTIVATING: lambda journey: journey.pass_time(timedelta(minutes=1)),
    State.PORTED: _prove,
}
"""What happens outside at each state of a number."""


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


def test_a_number_is_ported_to_live(run, others, tmp_path, line):
    (tmp_path / "bill.png").write_bytes(a_bill())
    said, code = run("port-a-number", others)
    assert code == 0, said
    assert re.search(r"underway submitting.*underway ported.*done.*The old service can end\.", said, re.DOTALL), said


def test_an_event_is_received(run, world, program, monkeypatch):
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("MY_URL", f"http://127.0.0.1:{port}/")
    ours, texted = program.get("/numbers").json["data"][0]["number"], []

    def text():
        if not texted and program.get("/webhook-endpoints").json["data"]:
            texted.append(world.text(CALLER, ours, "Are you open?"))
        return ""

    assert run("receive-events", text) == (f"text.received {CALLER}", 0)


def test_a_tool_subscribes_hears_of_a_text_and_unsubscribes(run, world, program, monkeypatch):
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("MY_URL", f"http://127.0.0.1:{port}/")
    ours, texted = program.get("/numbers").json["data"][0]["number"], []

    def text():
        if not texted and program.get("/webhook-endpoints").json["data"]:
            texted.append(world.text(CALLER, ours, "Are you open?"))
        return ""

    said, code = run("rest-hooks", text)
    assert code == 0, said
    assert said.splitlines()[1:] == ["has what the sample has: True", f"{CALLER} wrote: Are you open?"]
    assert program.get("/webhook-endpoints").json["data"] == []


def test_a_transfer_is_shown_on_the_page_of_a_platform(run, services, app):
    with services.sessions.begin() as session:
        appoint(session, "alice@alice.example", 1)
    shown, code = run("show-a-transfer")
    assert code == 0, shown
    for line, page in zip(shown.splitlines(), ("form", "status"), strict=True):
        [address] = re.findall(rf'src="{PORTLINE}(/embedded/{page}/\S+)"', line)
        answer = app.test_client().get(address)
        assert "frame-ancestors https://app.shop.example" in answer.headers["Content-Security-Policy"]


def test_a_menu_answers_calls(run, program, line):
    assert run("answer-calls") == ("a call begins at menu", 0)
    assert program.get(f"/lines/{line.id}/call-plan").json["hours"]["holidays"] == "US"


def test_a_business_is_registered(run, program, registering):
    said, code = run("register-for-texts")
    assert (said.splitlines()[-1], code) == ("checking", 0), said
    assert "missing" not in said


def test_a_platform_signs_a_customer_up_and_brings_their_number(run, others, services, monkeypatch, tmp_path):
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("MY_URL", f"http://127.0.0.1:{port}/")
    with services.sessions.begin() as session:
        appoint(session, "alice@alice.example", 1)
    (tmp_path / "bill.png").write_bytes(a_bill())
    said, code = run("sign-up-customers", others)
    assert code == 0, said
    assert said.splitlines()[-1].split()[-1] == "text.sent"
    assert "transfer.live" in said


def test_every_guide_is_tried():
    tried = {"send-a-text", "port-a-number", "receive-events", "sign-up-customers", "rest-hooks"}
    tried |= {"answer-calls", "register-for-texts", "show-a-transfer"}
    assert {guide.stem for guide in GUIDES.glob("*.md")} == tried

"""The Python client and its commands, from processes and on sockets of their own, against the running service."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from portline_client import Answer, Portline, Problem, every, transport
from portline_client.areas import OPERATIONS

from clients import generate
from laptop.processes import ROOT
from tests.factories import CALLER, a_bill
from tests.service.api.conftest import alice, bakery, key_of, known, line, program, things  # noqa: F401
from tests.service.web.conftest import compiled, filed, queries, reader, signed  # noqa: F401
from tests.serving import served

CLIENT = ROOT / "clients" / "python"


@pytest.fixture
def address(app):
    with served(app) as address:
        yield address


@pytest.fixture
def portline(address, program):  # noqa: F811
    return Portline(program.key, address)


@pytest.fixture
def run(address, program, tmp_path):  # noqa: F811
    """Run `portline-api`: its exit code, what it printed, and its errors."""
    environ = os.environ | {"PORTLINE_URL": address, "PORTLINE_KEY": program.key, "PYTHONPATH": str(CLIENT)}

    def run(*arguments, **more):
        command = [sys.executable, "-m", "portline_client", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environ | more, capture_output=True, check=False)  # noqa: S603 -- ours
        return done.returncode, done.stdout, done.stderr.decode()

    return run


def test_the_methods_are_those_of_the_description():
    assert generate.module() == generate.AREAS.read_text(), "run python -m clients.generate"


def test_every_operation_has_its_method(app):
    described = generate.operations(app.extensions["api"].to_dict())
    assert sorted(f"{one.area}.{one.name}" for one in described) == sorted(OPERATIONS)


def test_a_text_with_a_picture_is_sent_and_fetched(portline, program, work):  # noqa: F811
    sent = portline.messages.send(to=CALLER, text="Look", pictures=[a_bill()])
    assert portline.messages.message(sent["id"])["text"] == sent["text"]
    assert portline.messages.file(sent["files"][0]["id"]).startswith(b"\x89PNG")
    [conversation] = every(portline.messages.conversations, view="all")
    assert conversation["id"] == sent["conversation_id"]


def test_a_change_names_what_it_changes(portline, line):  # noqa: F811
    plan = portline.call_plans.show(line.id)
    assert portline.call_plans.change(line.id, etag=plan.etag, recorded=True)["recorded"]
    with pytest.raises(Problem) as refused:
        portline.call_plans.change(line.id, etag=plan.etag, recorded=False)
    assert refused.value.code == "changed_meanwhile"
    hours = {"zone": "UTC", "week": [[]] * 7}
    plan = portline.call_plans.change(line.id, etag=portline.call_plans.show(line.id).etag, hours=hours)
    assert portline.call_plans.change(line.id, etag=plan.etag, hours=None)["hours"] is None


def test_a_bill_is_uploaded(portline, things):  # noqa: F811
    portline.drafts.bill(things["transfer_id"], content=a_bill(), media_type="image/png")
    assert "bill" not in [one["field"] for one in portline.transfers.show(things["transfer_id"])["missing"]]


def test_lists_are_read_page_after_page(portline):
    made = [portline.contacts.add(number=f"+1415555018{last}")["id"] for last in range(5)]
    assert sorted(one["id"] for one in every(portline.contacts.listing, limit=2)) == made


def test_a_refusal_says_which_values_are_wrong(portline):
    with pytest.raises(Problem) as refused:
        portline.contacts.add(number="12")
    assert (refused.value.status, refused.value.code, refused.value.errors[0]["at"]) == (422, "invalid", "/number")
    assert "/number" in str(refused.value)
    assert refused.value.page.endswith("/api/#invalid")


def test_a_name_leads_nowhere_else(portline):
    with pytest.raises(Problem) as refused:
        portline.transfers.show("../workspace")
    assert refused.value.code == "not_found"


@contextmanager
def answering(*answers):
    """A server that gives these answers (status, headers) in turn and hangs up for None; what it was sent."""
    left, seen = list(answers), []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            seen.append((self.headers["Idempotency-Key"], body))
            if (answer := left.pop(0)) is None:
                self.connection.close()
                return
            status, headers = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b'{"id": 1}')

        do_PATCH = do_POST  # noqa: N815 -- as the library calls it

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield Portline("pl_x", f"http://127.0.0.1:{server.server_port}"), seen
        server.shutdown()


@pytest.fixture
def waits(monkeypatch):
    """The seconds that the client waited."""
    waited = []
    monkeypatch.setattr(transport.time, "sleep", waited.append)
    return waited


def test_what_got_no_answer_is_sent_again_under_the_same_key(waits):
    with answering(None, (503, {"Retry-After": "5"}), (200, {})) as (portline, seen):
        assert portline.messages.send(to=CALLER, text="Hi") == {"id": 1}
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert waits == [1, 5]


def test_a_change_is_not_sent_again_without_an_answer(waits):
    with answering(None) as (portline, seen), pytest.raises(transport.requests.ConnectionError):
        portline.contacts.change(1, etag="x", name="Anna")
    assert len(seen) == 1


def test_it_gives_up_after_four_tries_and_waits_no_hour(waits):
    with answering(*[(429, {"Retry-After": "2"})] * 4) as (portline, seen), pytest.raises(Problem):
        portline.messages.send(to=CALLER, text="Hi")
    assert (len(seen), waits) == (4, [2, 2, 2])
    with answering((429, {"Retry-After": "3600"})) as (portline, seen), pytest.raises(Problem):
        portline.messages.send(to=CALLER, text="Hi")
    assert len(seen) == 1


def test_the_command_sends_lists_and_changes(run, program, line, tmp_path):  # noqa: F811
    (tmp_path / "bill.png").write_bytes(a_bill())
    code, said, _ = run("messages", "send", "--to", CALLER, "--text", "Look", "--pictures", "bill.png")
    sent = json.loads(said)
    assert code == 0
    assert run("messages", "file", str(sent["files"][0]["id"]))[1].startswith(b"\x89PNG")
    assert json.loads(run("messages", "conversations", "--every", "--limit", "1")[1])["id"] == sent["conversation_id"]
    code, said, wrong = run("call_plans", "change", str(line.id), "--recorded", "true", "--hours", "null")
    assert code == 0, wrong
    assert json.loads(said)["recorded"] is True
    assert program.get(f"/lines/{line.id}/call-plan").json["recorded"]


def test_the_command_tells_what_went_wrong(run):
    assert run("contacts", "add", "--number", "12")[0] == 1
    assert "/number" in run("contacts", "add", "--number", "12")[2]
    assert run("contacts", "add")[0] == 2
    assert run("workspace", "show", PORTLINE_KEY="")[2] == "Set PORTLINE_KEY in the environment.\n"
    code, _, said = run("workspace", "show", PORTLINE_URL="http://127.0.0.1:9")
    assert (code, said) == (3, "Portline doesn’t answer: ConnectionError\n")


def test_the_key_is_never_printed(run, program):  # noqa: F811
    for arguments in (["workspace", "show"], ["contacts", "add", "--number", "12"], ["--help"]):
        _, said, wrong = run(*arguments)
        assert program.key not in said.decode() + wrong


def test_an_answer_is_a_dictionary():
    assert Answer({"id": 1}) == {"id": 1}


def test_the_page_of_the_client_names_operations_that_there_are():
    page = (CLIENT / "README.md").read_text()
    named = re.findall(r"portline\.(\w+\.\w+)\(", page) + [
        ".".join(found) for found in re.findall(r"^portline-api (\w+) (\w+)", page, re.MULTILINE)
    ]
    assert named
    assert set(named) <= set(OPERATIONS)

"""A line with three members, and a web hook on the loopback."""

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.accounts.access import grant
from service.accounts.models import Member, Membership, User, Workspace
from service.language import Language
from service.lines.models import Line
from service.team_notices.notify import notify_line
from tests.certificate import certify


@pytest.fixture
def line(services):
    with services.sessions.begin() as session:
        workspace = Workspace(name="Alice's Bakery", zone="America/Los_Angeles")
        session.add(workspace)
        session.flush()
        line = Line(workspace_id=workspace.id, name="Main line")
        session.add(line)
    return line


@pytest.fixture
def joins(services, line):
    """Add a member who sees the line."""

    def make(name, role=Membership.MEMBER, language=Language.ENGLISH):
        with services.sessions.begin() as session:
            user = User(email=f"{name}@bakery.example", name=name.title(), fs_uniquifier=name, language=language)
            member = Member(workspace_id=line.workspace_id, user=user, role=role)
            session.add(member)
            session.flush()
            grant(session, member, [line.id])
        return member

    return make


@pytest.fixture
def alice(joins):
    return joins("alice", Membership.OWNER)


@pytest.fixture
def happens(services, line):
    """Notify the line of an event, in a transaction of its own."""

    def telling(event, reference="call:1", **told):
        with services.sessions.begin() as session:
            notify_line(session, line.id, event, conversation_id=7, reference=reference, who="+14155550123", **told)

    return telling


@dataclass
class Hook:
    """A web hook that keeps what it is sent, and answers as a test wants."""

    answer: int = 200
    taken: list = field(default_factory=list)
    bodies: list = field(default_factory=list)
    url: str = ""


@contextmanager
def listening(hook, secured_by=None):
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.taken.append(json.loads(body))
            hook.bodies.append(body.decode())
            self.send_response(hook.answer)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            """Log nothing."""

    with serving(Answering, secured_by) as port:
        hook.url = f"json://127.0.0.1:{port}/hooks/secret-of-alice"
        yield hook


@contextmanager
def serving(handler, secured_by=None):
    """Serve on the loopback while the block runs; yields the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if secured_by:
        server.socket = secured_by.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hook():
    with listening(Hook()) as hook:
        yield hook


@pytest.fixture
def secured(tmp_path, monkeypatch):
    """TLS with a certificate of its own, which requests are told to trust."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    certify(key, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return context


@pytest.fixture
def secure_hook(secured):
    """The same behind TLS."""
    with listening(Hook(), secured_by=secured) as hook:
        yield hook

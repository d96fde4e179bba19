"""The routers of docs/router, started as they stand there, in front of `web`, `callbacks` and `live`."""

import os
import shutil
import socket
import ssl
import subprocess
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import request as asked
from flask import request_started

from benchmarks.rig import free_port, wait_for
from service.accounts.access import grant
from service.accounts.models import Member, Membership, User
from service.app import create_callback_app
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation
from service.live import door, streams
from service.time import now
from tests import serving
from tests.certificate import certify
from tests.factories import CALLER, a_line, signed_in
from tests.live_process import LONG, running

FILES = Path(__file__).parents[2] / "docs" / "router"
WITH_DAEMONS = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"))
SITES_ONLY = """
daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/portline.conf;
}}
"""
"""What Debian's nginx has around the file."""

FASTER = 30
"""Beats and the routers' patience are this many times shorter than in earnest."""

SPOOFED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}


@pytest.fixture
def settings(settings):
    return replace(settings, trusted_proxies=1, public_base_url=f"https://127.0.0.1:{free_port()}")


@pytest.fixture
def connections():
    """How many connections of one address the routers allow."""
    return 600


@pytest.fixture
def seen():
    """The requests that came to our applications: to which of them, and the path."""
    return []


@pytest.fixture
def processes(app, services, settings, sessions, seen, monkeypatch):
    """The ports at which web, callbacks and live listen, by those in the files."""
    monkeypatch.setattr(door, "BEAT", door.BEAT / FASTER)
    with (
        served("web", app, seen) as web,
        served("callbacks", create_callback_app(services), seen) as callbacks,
        running(settings, sessions) as live,
    ):
        yield {8000: web, 8001: callbacks, 8002: live.port}


@contextmanager
def served(name, app, seen):
    def noted(environ, start):
        seen.append((name, environ["PATH_INFO"]))
        return app(environ, start)

    with serving.served(noted) as address:
        yield int(address.rpartition(":")[2])


class Router:
    """A router that runs with its file, in which only addresses, the certificate's place and seconds are others."""

    def __init__(self, settings, folder):
        self.port, self.plain_port = int(settings.public_base_url.rpartition(":")[2]), free_port()
        self.folder, self.cookie = folder, {}
        key, certificate = folder / "portline.key", folder / "portline.pem"
        certify(key, certificate)
        self.trusting = ssl.create_default_context(cafile=certificate)
        certificate.write_text(certificate.read_text() + key.read_text())

    def configure(self, name, processes, connections):
        """Write what it reads; the command that starts it."""
        changed = {"600": str(connections), "60s": f"{60 // FASTER}s", "/etc/ssl": str(self.folder)}
        changed |= {f"127.0.0.1:{written}": f"127.0.0.1:{port}" for written, port in processes.items()}
        for written, port in (("443", self.port), ("80", self.plain_port)):
            changed |= {f"listen {written}": f"listen 127.0.0.1:{port}", f"bind :{written}": f"bind 127.0.0.1:{port}"}
        text = (FILES / name).read_text()
        for written, own in changed.items():
            text = text.replace(written, own)
        (self.folder / name).write_text(text)
        return getattr(self, f"_{name.partition('.')[0]}")(self.folder / name)

    def _haproxy(self, file):
        return ["haproxy", "-f", file]

    def _nginx(self, file):
        file.rename(self.folder / "portline.conf")
        file.write_text(SITES_ONLY.format(folder=self.folder))
        return ["nginx", "-p", self.folder, "-c", file]

    @contextmanager
    def answer(self, path, *, body=None, host="127.0.0.1", **headers):
        """An answer through it to a computer with this address."""
        place = {"timeout": LONG, "source_address": (host, 0)}
        with closing(HTTPSConnection("127.0.0.1", self.port, context=self.trusting, **place)) as connection:
            connection.request("POST" if body else "GET", path, body, headers)
            yield connection.getresponse()

    def page(self, path, **said):
        """An answer and its text."""
        with self.answer(path, **said) as answer:
            return answer, answer.read().decode()

    @contextmanager
    def stream(self, **said):
        """An open page's stream; it is asked for again while the process only starts."""
        for _ in range(100):
            with self.answer("/live", **said, **self.cookie) as answer:
                if answer.status < 500:
                    yield answer
                    return
            sleep(0.05)


@pytest.fixture(params=["nginx.conf", "haproxy.cfg"])
def router(request, processes, settings, connections, tmp_path):
    router = Router(settings, tmp_path)
    program, *options = router.configure(request.param, processes, connections)
    found = shutil.which(program, path=WITH_DAEMONS)
    if found is None:
        pytest.skip(f"no {program} here: apt-get install {program}")
    with subprocess.Popen([found, *options]) as process:  # noqa: S603 -- Debian's
        try:
            wait_for(router.port)
            yield router
        finally:
            process.terminate()


@pytest.fixture
def talk(app, services, router):
    """A conversation of Alice, in whose browser the router is asked from now on."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        alice = User(email="alice@bakery.example", fs_uniquifier="alice", confirmed_at=now())
        member = Member(user=alice, workspace_id=line.workspace_id, role=Membership.OWNER)
        session.add(member)
        session.flush()
        grant(session, member, [line.id])
        talk = conversation_with(session, line, CALLER).id
    known = app.session_interface.get_signing_serializer(app).dumps(signed_in(services, "alice"))
    router.cookie = {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={known}"}
    return talk


def next_event(stream):
    """The name of the next event, and its data."""
    lines = [stream.readline().decode().strip() for _ in range(3)]
    return lines[0].removeprefix("event: "), lines[1].removeprefix("data:").strip()


def test_paths_lead_to_their_processes(router, seen):
    paths = {"/sign-in": "web", "/webhooks/nobody/calls": "callbacks", "/lively": "web"}
    for path in paths:
        router.page(path)
    assert seen == [(process, path) for path, process in paths.items()]


def test_a_person_is_known_by_their_own_address_whatever_is_claimed(router):
    came = []

    def note(_application, **_):
        came.append((asked.remote_addr, asked.scheme))

    with request_started.connected_to(note):
        router.page("/sign-in", host="127.0.0.2", **SPOOFED)
    assert came == [("127.0.0.2", "https")]


def test_each_request_has_an_id_that_the_router_made(router):
    came = []

    def note(_application, **_):
        came.append(asked.headers["X-Request-Id"])

    with request_started.connected_to(note):
        answer, _ = router.page("/sign-in", **{"X-Request-Id": "made-by-a-visitor"})
    assert came == [answer.getheader("X-Request-Id")]
    assert came != ["made-by-a-visitor"]


def test_a_form_is_taken_and_one_of_megabytes_comes_through(router, seen):
    answer, page = router.page("/sign-in")
    kept = {"Cookie": answer.getheader("Set-Cookie").partition(";")[0]}
    token = BeautifulSoup(page, "html.parser").find("input", {"name": "csrf_token"})["value"]
    form = {"csrf_token": token, "email": "alice@bakery.example"}
    kept |= {"Referer": f"https://127.0.0.1:{router.port}/sign-in", "Content-Type": "application/x-www-form-urlencoded"}
    answer, page = router.page("/sign-in", body=urlencode(form), **kept)
    assert (answer.status, answer.getheader("Location")) == (302, "/code"), page
    unnamed = {name: value for name, value in kept.items() if name != "Referer"}
    answer, page = router.page("/sign-in", body=urlencode(form), **unnamed)
    assert (answer.status, answer.getheader("Location")) == (302, "/code"), page
    seen.clear()
    router.page("/sign-in", body=urlencode(form | {"more": "a" * 3_000_000}), **kept)
    assert seen == [("web", "/sign-in")]


def test_a_change_is_heard_at_once_and_a_stream_outlives_the_patience_of_the_router(router, talk, services):
    with router.stream() as stream:
        assert next_event(stream) == ("beat", "")
        until = monotonic() + 2.5 * 60 / FASTER
        while monotonic() < until:
            assert next_event(stream)[0] in {"beat", "changed"}
        with services.sessions.begin() as session:
            session.get_one(Conversation, talk).touch()
        changed_at = monotonic()
        while next_event(stream) != ("changed", f"conversation {talk}"):
            pass
        assert monotonic() - changed_at < 1


def test_live_counts_the_pages_of_a_network_by_its_own_address(router, talk, monkeypatch):
    monkeypatch.setattr(streams, "MOST_OF_A_NETWORK", 1)
    with router.stream(**SPOOFED) as first, router.stream(**{"X-Forwarded-For": "198.51.100.9"}) as second:
        assert (first.status, second.status) == (200, 429)
        with router.stream(host="127.9.0.1", **SPOOFED) as elsewhere:
            assert elsewhere.status == 200


# Python's ssl drops the socket of a peer that has reset it before the handshake, without closing it
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
@pytest.mark.parametrize("connections", [2])
def test_an_address_gets_no_more_connections_than_it_may_have(router, talk):
    with router.stream(), router.stream():
        with pytest.raises((ConnectionError, AssertionError)), router.answer("/sign-in") as third:
            assert third.status == 200
        with router.answer("/sign-in", host="127.0.0.2") as other:
            assert other.status == 200


def test_browsers_are_led_to_https_and_speak_http_2(router):
    with closing(HTTPConnection("127.0.0.1", router.plain_port, timeout=LONG)) as connection:
        connection.request("GET", "/sign-in", headers={"Host": "portline.example"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Location")) == (301, "https://portline.example/sign-in")
    router.trusting.set_alpn_protocols(["h2", "http/1.1"])
    connection = socket.create_connection(("127.0.0.1", router.port))
    with router.trusting.wrap_socket(connection, server_hostname="127.0.0.1") as secured:
        assert secured.selected_alpn_protocol() == "h2"

"""The sandbox reaches us past proxies, and over https with a certificate of our own."""

import ssl
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from requests.exceptions import SSLError

from sandbox.outgoing import direct_session
from tests.certificate import certify


@pytest.fixture
def private(tmp_path):
    """A web server on this machine whose certificate nobody knows: its address, and the file of its certificate."""
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    certify(key, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    yield f"https://127.0.0.1:{server.server_port}", certificate
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_private_certificate_is_trusted_once_the_environment_names_it(private, monkeypatch):
    address, certificate = private
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with direct_session() as session, pytest.raises(SSLError):
        session.post(address, timeout=5)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with direct_session() as session:
        assert session.post(address, timeout=5).status_code == 501

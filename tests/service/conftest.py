"""An SMTP server on the loopback, for tests of mail."""

import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class MailServer:
    """A mail server that keeps what it takes, and answers as a test wants."""

    answer: str = "250 OK"
    recipient_answer: str = "250 OK"
    taken: list = field(default_factory=list)
    logins: list = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- the library's name
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the library's name
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"pa:ss", handled=False)


@pytest.fixture
def mail_server():
    return MailServer()


@pytest.fixture
def port(mail_server):
    """Where the mail server listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    listening = Controller(
        mail_server, hostname="127.0.0.1", port=port, authenticator=mail_server.authenticate, auth_require_tls=False
    )
    listening.start()
    yield port
    listening.stop()

"""The mailers: an SMTP server, or the terminal on a laptop."""

import smtplib
import ssl
import sys
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from service.notifications.mime import mime_message
from service.services import Mail, Mailer

TIMEOUT: Final = 20.0
"""Seconds that a mail server may take to answer."""

# "service not available" in SMTP's own numbers
_UNREACHABLE: Final = 421
# "mailbox name not allowed"
_NAME_NOT_ALLOWED: Final = 553


def mailer_for(mail_url: str, mail_from: str) -> Mailer:
    """The mailer of a MAIL_URL: `smtp://user:password@host:port` (STARTTLS where offered), `smtps://…`, `console:`."""
    if mail_url.startswith("console:"):
        return ConsoleMailer(mail_from)
    address = urlsplit(mail_url)
    secure = address.scheme == "smtps"
    return SmtpMailer(
        host=address.hostname or "localhost",
        port=address.port or (smtplib.SMTP_SSL_PORT if secure else smtplib.SMTP_PORT),
        sender=mail_from,
        secure=secure,
        user=unquote(address.username or ""),
        password=unquote(address.password or ""),
    )


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands each e-mail to an SMTP server on a connection of its own. `secure` means TLS from the first byte."""

    host: str
    port: int
    sender: str
    secure: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def send(self, mail: Mail) -> None:
        """Hand an e-mail over. Raises OSError: smtplib's errors, SMTPConnectError when the server was never reached."""
        with self._reached() as server:
            if not self.secure and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if self.user:
                self._log_in(server)
            server.send_message(mime_message(replace(mail, to=_in_ascii(mail.to, server)), self.sender))

    def _reached(self) -> smtplib.SMTP:
        try:
            server = self._connected()
            server.ehlo_or_helo_if_needed()
        except OSError as error:
            raise smtplib.SMTPConnectError(_UNREACHABLE, type(error).__name__) from error
        return server

    def _connected(self) -> smtplib.SMTP:
        if self.secure:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if not isinstance(server.sock, ssl.SSLSocket) and not _on_this_machine(self.host):
            raise smtplib.SMTPNotSupportedError("the mail server offers no TLS, and a password is never sent in clear")
        server.login(self.user, self.password)


@dataclass(frozen=True, slots=True)
class ConsoleMailer:
    """Prints e-mail to standard error, for a laptop without a mail server."""

    sender: str

    def send(self, mail: Mail) -> None:
        """Print the plain text of an e-mail."""
        shown = mime_message(mail, self.sender)
        sys.stderr.write(f"--- mail to {shown['To']}: {shown['Subject']}\n{mail.text}\n---\n")


def _in_ascii(address: str, server: smtplib.SMTP) -> str:
    """An address with its domain in Punycode.

    Raises:
        smtplib.SMTPRecipientsRefused: what stands before the @ is not ASCII, and the server does not take that.
    """
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError:
        return address
    if found.ascii_email is None and not server.has_extn("smtputf8"):
        raise smtplib.SMTPRecipientsRefused({address: (_NAME_NOT_ALLOWED, b"no SMTPUTF8")})
    return found.ascii_email or address


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

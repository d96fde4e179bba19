"""The SMTP server that receives e-mails."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.received_mail import ReceivedMail


def listen(received_mail: ReceivedMail, host: str, port: int) -> Controller:
    """Receive e-mails to any address on a port, in a thread of its own, until the controller is stopped."""
    controller = Controller(_Taker(received_mail), hostname=host, port=port)
    controller.start()
    return controller


class _Taker:
    def __init__(self, received_mail: ReceivedMail) -> None:
        self._received_mail = received_mail

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """Keep an e-mail that was received completely."""
        content = envelope.content or b""
        self._received_mail.take(content if isinstance(content, bytes) else content.encode(), envelope.rcpt_tos)
        return "250 Kept"

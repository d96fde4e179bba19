"""The mail server in front of the letterbox."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.letterbox import Letterbox


def listen(letterbox: Letterbox, host: str, port: int) -> Controller:
    """Take mail for anybody on a port, in a thread of its own, until the controller is stopped."""
    controller = Controller(_Taker(letterbox), hostname=host, port=port)
    controller.start()
    return controller


class _Taker:
    def __init__(self, letterbox: Letterbox) -> None:
        self._letterbox = letterbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """A whole letter is there."""
        content = envelope.content or b""
        self._letterbox.take(content if isinstance(content, bytes) else content.encode(), envelope.rcpt_tos)
        return "250 Kept"

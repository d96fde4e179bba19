"""What differs between carriers in texts: the parts of this folder ask the dialect of a text's account."""

from typing import Protocol

from sandbox.records import Message, Number, Service


class Dialect(Protocol):
    """How one carrier numbers its texts, which of them fail, and how it tells of them."""

    bad_media: int
    """The code of a text whose attachments could not be fetched."""

    largest_media: int
    """How many bytes all attachments of a text may have."""

    def new_id(self, *, media: bool) -> str:
        """The id of a new text, with or without attachments."""

    def outcome(self, message: Message) -> tuple[str, int | None]:
        """The status in which a text ends, and the code of its failure."""

    def tell_status(self, message: Message, status: str) -> None:
        """Call back about a status of a text."""

    def tell_received(self, received: Message, number: Number, service: Service | None, keyword: str | None) -> None:
        """Call back about a text that came in, with the keyword (`STOP`, `START`, `HELP`) that it was."""

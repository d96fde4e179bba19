"""The state that the chapters share, and how they wait for what a page, a phone or a mailbox shows."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from demo.browser import Browser, Page
from demo.outside import Outside
from demo.telling import Teller

Seen = TypeVar("Seen")

EMAIL = "owner@corner-bakery.example"
MOBILE = "+19175550142"
"""The customer's mobile, which gets notices: not the number that is being moved."""


class NothingHappened(Exception):
    """An expected result did not appear in time; the message names it."""


@dataclass
class Play:
    """One customer with one number to transfer, and everything outside the service."""

    customer: Browser
    outside: Outside
    teller: Teller
    number: str
    temporary: str = ""
    port: str = ""
    _seen: dict[str, int] = field(default_factory=dict)

    def say(self, sentence: str) -> None:
        """Print what happens."""
        self.teller.say(sentence)

    def until(self, look: Callable[[], Seen | None], what: str, patience: float = 60) -> Seen:
        """Call `look` until it returns something true. Raises `NothingHappened` after `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if seen := look():
                return seen
            time.sleep(0.1)
        raise NothingHappened(f"waited {patience:.0f} s in vain for {what}")

    def stands(self, *words: str) -> Page:
        """Wait until the transfer's page shows these words, and print the first."""
        page = self.until(lambda: self._port_page(words), f"“{words[0]}” on the page of the port")
        self.say(f"The page of the port: “{words[0]}”.")
        return page

    def moves(self, *words: str) -> Page:
        """Wait until the cutover's page shows these words."""
        return self.until(lambda: self._move_page(words), f"“{words[0]}” on the page of the move")

    def texted(self, *words: str) -> None:
        """Wait for texts with all these words on the customer's mobile; print new texts, and new e-mails' subjects."""
        self.until(lambda: self._are_texted(words), f"texts that say “{'” and “'.join(words)}”")
        for text in self._new_texts():
            self.teller.quote(f"A text from {spoken(text['from'])}:", text["body"])
        self._seen["texts"] = len(self.outside.texts_on(MOBILE))
        self.glance_at_mail()

    def mailed(self) -> Mapping[str, Any]:
        """Wait for the next e-mail and print it."""
        email = self.until(lambda: next(iter(self._new_emails()), None), "an email")
        self._seen["emails"] = self._seen.get("emails", 0) + 1
        self.teller.quote(f"An email, “{email['subject']}”:", email["text"])
        return email

    def glance_at_mail(self) -> None:
        """Print the subjects of new e-mails."""
        for email in self._new_emails():
            self.teller.quote("And an email:", f"“{email['subject']}”")
        self._seen["emails"] = len(self.outside.mail_to(EMAIL))

    def days_pass_until(self, moment: datetime) -> None:
        """Wind the clock to a moment, unless that is past."""
        self.outside.let_pass_until(moment)

    def hours_pass(self, hours: float) -> None:
        """Wind the clock forward."""
        self.outside.let_pass(timedelta(hours=hours))

    def committed(self) -> datetime:
        """The date that the old operator committed to, as the carrier shows it."""
        return self.outside.moves_at(self.number)

    def inbox(self, *words: str) -> Page:
        """Wait until a conversation of the inbox shows all these words, and open it."""
        return self.until(lambda: self._conversation(words), f"“{words[0]}” in the inbox")

    def _conversation(self, words: tuple[str, ...]) -> Page | None:
        for link in self.customer.open("/inbox/").soup.select(".conversation-list a"):
            page = self.customer.open(str(link["href"]))
            # the list beside it shows the last message of other conversations
            thread = " ".join(page.texts(".thread"))
            if all(word in thread for word in words):
                return page
        return None

    def _port_page(self, words: tuple[str, ...]) -> Page | None:
        page = self.customer.open(self.port)
        return page if all(word in page.text for word in words) else None

    def _move_page(self, words: tuple[str, ...]) -> Page | None:
        page = self.customer.open(f"{self.port}/move/")
        return page if all(word in page.text for word in words) else None

    def _are_texted(self, words: tuple[str, ...]) -> bool:
        texts = self._new_texts()
        return all(any(word in text["body"] for text in texts) for word in words)

    def _new_texts(self) -> list[Mapping[str, Any]]:
        return self.outside.texts_on(MOBILE)[self._seen.get("texts", 0) :]

    def _new_emails(self) -> list[Mapping[str, Any]]:
        return self.outside.mail_to(EMAIL)[self._seen.get("emails", 0) :]


def spoken(number: str) -> str:
    """A US number as people write it."""
    area, exchange, line = number[2:5], number[5:8], number[8:]
    return f"({area}) {exchange}-{line}"

"""Print the story: the time on the rehearsal's clock, a sentence, and quotes of what was read or heard."""

import sys
import textwrap
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
MARGIN = 18
WIDTH = 100


class Teller:
    """Prints the story's lines; `clock` returns the time in the story."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._day = ""

    def chapter(self, title: str) -> None:
        """Print a chapter's title."""
        self._line(f"\n{_bold(title)}\n")

    def say(self, sentence: str) -> None:
        """Print a sentence with the time, and with the day when that has changed."""
        now = self._clock().astimezone(ZONE)
        day = f"{now:%a} {now.day} {now:%b}"
        stamp = f"  {'' if day == self._day else day:<10}  {now:%H:%M}"
        self._day = day
        # a telephone number stays on one line
        first, *others = textwrap.wrap(sentence.replace(") ", ")\N{NO-BREAK SPACE}"), WIDTH - MARGIN - 4)
        self._line(f"{_dim(stamp)}   {first}")
        for other in others:
            self._line(" " * (MARGIN + 4) + other)

    def quote(self, who: str, words: str) -> None:
        """Print what `who` names, word for word."""
        self._line(" " * (MARGIN + 4) + _dim(who))
        for paragraph in words.strip().splitlines():
            for line in textwrap.wrap(paragraph, WIDTH - MARGIN - 8) or [""]:
                self._line(" " * (MARGIN + 4) + _dim("│ ") + line)

    def end(self, sentence: str) -> None:
        """Print the last line."""
        self._line(f"\n{_bold(sentence)}")

    @staticmethod
    def _line(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def _dim(text: str) -> str:
    return f"\033[2m{text}\033[0m" if sys.stdout.isatty() else text

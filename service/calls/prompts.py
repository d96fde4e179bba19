"""What menus and directories of a line read out."""

from collections.abc import Sequence
from typing import Final

from provisioning.contract.voice import Say
from service.calls.nodes import Announce, Directory, Forward, Goodbye, Menu, Node, RingPhones, Voicemail
from service.calls.queries import Answering, Rung
from service.calls.words import say

MORE: Final = "9"
LISTED: Final = 8
"""How many names of a directory are read out at once; `MORE` reads out the next ones."""

NAMES: Final = {
    RingPhones: "ring_name",
    Menu: "menu_name",
    Directory: "directory_name",
    Announce: "announce_name",
    Forward: "forward_name",
    Voicemail: "voicemail_name",
    Goodbye: "goodbye_name",
}
"""The sentence that names a node without a title."""


def choices(line: Answering, menu: Menu) -> Say:
    """The choices of a menu that has no greeting of its own."""
    language = line.language
    spoken = [
        say("choice", language, name=_called(line, line.plan.nodes.get(name)), key=key).text
        for key, name in menu.keys.items()
    ]
    welcome = say("welcome", language, business=line.business)
    return Say(" ".join([welcome.text, *spoken]), welcome.language)


def names(line: Answering, page: int) -> Say:
    """A page of a directory, which lists at least one phone."""
    language = line.language
    spoken = [
        say("choice", language, name=phone.name, key=str(key)) for key, phone in enumerate(listed(line, page), start=1)
    ]
    if listed(line, page + 1):
        spoken.append(say("more", language, key=MORE))
    return Say(" ".join(one.text for one in spoken), spoken[0].language)


def listed(line: Answering, page: int) -> Sequence[Rung]:
    """The phones on a page of the line's directory."""
    named = [phone for phone in line.phones if phone.is_listed]
    return named[page * LISTED : (page + 1) * LISTED]


def _called(line: Answering, node: Node | None) -> str:
    return (node and node.title) or say(NAMES[type(node)] if node else "voicemail_name", line.language).text

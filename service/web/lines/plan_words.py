"""A call plan in words: what each node does, where it leads, and how a trial call goes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from typing import Final

from babel.lists import format_list
from flask_babel import format_date, format_time, gettext, ngettext

from provisioning.contract.voice import AskForKey, Decline, HangUp, Play, Ring, Say, TakeMessage
from service.calls.nodes import (
    Announce,
    Directory,
    Forward,
    Forwarding,
    Goodbye,
    Greeting,
    Hours,
    Menu,
    Node,
    RingPhones,
    Span,
    Voicemail,
    When,
)
from service.calls.queries import Answering, Rung
from service.calls.simulation import Pressed, Rang, SimulatedStep
from service.calls.words import wording
from service.web.shell.languages import language
from service.web.shell.words import phone

KINDS: Final[dict[type, tuple[str, str]]] = {
    RingPhones: ("ring", "Ring phones"),
    Menu: ("menu", "Menu"),
    Directory: ("directory", "Directory"),
    Announce: ("announce", "Announcement"),
    Forward: ("forward", "Forward"),
    Voicemail: ("voicemail", "Voicemail"),
    Goodbye: ("goodbye", "Hang up"),
}
"""The word of each kind in addresses and forms, and the default title of its nodes."""

USUAL: Final[dict[type, str]] = {Announce: "welcome", Voicemail: "greeting", Goodbye: "goodbye"}
"""The default sentence of nodes without a greeting, by its name in `service.calls.words`."""

AFTER: Final[dict[type, str]] = {Announce: "", Voicemail: "Takes a message.", Goodbye: "Hangs up."}
"""What follows the greeting."""


def title(node: Node) -> str:
    """A node's title."""
    return node.title or str(gettext(KINDS[type(node)][1]))


def forwarding_words(forwarding: Forwarding) -> str:
    """Where calls are forwarded, and when."""
    if not forwarding.on:
        return gettext("Calls are not forwarded; %(number)s is kept for it.", number=phone(forwarding.number))
    match forwarding.when:
        case When.ALWAYS:
            return gettext("All calls are forwarded to %(number)s.", number=phone(forwarding.number))
        case When.OPEN:
            return gettext("While open, calls are forwarded to %(number)s.", number=phone(forwarding.number))
        case When.CLOSED:
            return gettext("While closed, calls are forwarded to %(number)s.", number=phone(forwarding.number))


def does(node: Node, line: Answering) -> str:
    """What happens at a node."""
    match node:
        case RingPhones():
            return _rings(node, line)
        case Directory():
            return _directory(line)
        case Forward(number=""):
            return gettext("Has no number to forward to yet, so calls go on at once.")
        case Forward(number=number, seconds=seconds):
            return gettext("Rings %(names)s for %(seconds)d seconds.", names=phone(number), seconds=seconds)
        case Menu(greeting=greeting):
            return _says(greeting, line, "") or gettext("Reads out its choices.")
        case Announce() | Voicemail() | Goodbye():
            after = AFTER[type(node)]
            says = _says(node.greeting, line, USUAL[type(node)])
            return f"{says} {gettext(after)}" if after else says  # a catalogue says of "" who made it


def branch_name(node: Node, name: str) -> str:
    """When a call takes a branch of a node."""
    if isinstance(node, Menu | Directory):
        return gettext("Otherwise") if name == "otherwise" else gettext("Key %(key)s", key=name)
    return gettext("Then") if isinstance(node, Announce) else gettext("If no one answers")


def opening(hours: Hours) -> str:
    """Opening hours in one line. Days with the same hours are named together."""
    days = [_spans(spans) for spans in hours.week]
    runs = list(_runs(days))
    return ", ".join(f"{_weekdays(first, last)} {spans}" for first, last, spans in runs if spans) or gettext("never")


def describe(step: SimulatedStep) -> str:
    """One event of a trial call."""
    match step:
        case Say(text=text):
            return gettext("The caller hears: “%(words)s”", words=text)
        case AskForKey(prompt=prompt):
            return describe(prompt)
        case Pressed(key=key):
            return gettext("They press %(key)s.", key=key) if key else gettext("They press nothing.")
        case Ring():
            return _ringing(step)
        case Rang(taken=taken):
            return gettext("Someone answers, and they talk.") if taken else gettext("No one answers.")
        case _:
            return gettext(_PLAIN[type(step)])


_PLAIN: Final[dict[type, str]] = {
    Play: "The caller hears your recording.",
    TakeMessage: (
        "After the tone they can leave a message. "
        "You find it in the inbox; what is said in English is also written down."
    ),
    HangUp: "The call ends.",
    Decline: "The caller hears that the line is busy.",
}


def who(rung: Rung) -> str:
    """The name of a phone's owner, or its number."""
    return rung.name or phone(rung.number)


def _rings(node: RingPhones, line: Answering) -> str:
    chosen = [one for one in line.phones if not node.phones or one.id in node.phones]
    ringing, off = ([who(one) for one in chosen if one.on_duty is on_duty] for on_duty in (True, False))
    if not chosen:
        return gettext("No phone rings yet, so the call goes on at once.")
    if not ringing:
        return gettext("Off duty now: %(names)s. No phones ring, so the call goes on right away.", names=_and(off))
    rings = _ring_words(ringing, node.seconds, in_turn=node.in_turn)
    return f"{rings} {gettext('Off duty now: %(names)s.', names=_and(off))}" if off else rings


def _ring_words(names: Sequence[str], seconds: int, *, in_turn: bool) -> str:
    values = {"names": _and(names), "seconds": seconds}
    if in_turn and len(names) > 1:
        return gettext("Rings %(names)s one after the other, %(seconds)d seconds each.", **values)
    return gettext("Rings %(names)s for %(seconds)d seconds.", **values)


def _and(names: Sequence[str]) -> str:
    return format_list(names, locale=language().value)


def _ringing(ring: Ring) -> str:
    return _ring_words([phone(number) for number in ring.numbers], ring.seconds, in_turn=False)


def _directory(line: Answering) -> str:
    named = sum(bool(one.name) for one in line.phones)
    return ngettext("Reads out %(num)d name and rings it.", "Reads out %(num)d names and rings the one chosen.", named)


def _says(greeting: Greeting, line: Answering, usual: str) -> str:
    if greeting.recording:
        return gettext("Plays your recording.")
    words = greeting.text or (wording(usual, line.language, business=line.business) if usual else "")
    return gettext("Says “%(words)s”", words=words) if words else ""


def _runs(days: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First and last day of each run of days with the same hours."""
    first = 0
    for day in range(1, len(days) + 1):
        if day == len(days) or days[day] != days[first]:
            yield first, day - 1, days[first]
            first = day


def _spans(spans: Iterable[Span]) -> str:
    return " & ".join(f"{_clock_time(span.opens)}–{_clock_time(span.closes)}" for span in spans)


def _clock_time(minute: int) -> str:
    """A minute of the day as people write it, such as 9:00 AM."""
    return str(format_time(time(minute // 60 % 24, minute % 60), "short"))


def _weekdays(first: int, last: int) -> str:
    return weekday(first, "EEE") if first == last else f"{weekday(first, 'EEE')}–{weekday(last, 'EEE')}"


def weekday(day: int, style: str = "EEEE") -> str:
    """A day of the week by its number, Monday first."""
    return str(format_date(date(2024, 1, 1 + day), style))  # 2024-01-01 was a Monday

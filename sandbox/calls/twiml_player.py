"""One call's player through our TwiML. https://www.twilio.com/docs/voice/twiml."""

from collections.abc import Callable, Mapping
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from sandbox.calls.switch import IN_PROGRESS, Caller, Goto, Switch, about_call, flag
from sandbox.calls.voices import fault_of
from sandbox.records import Call

MOST_DOCUMENTS = 40
APOLOGY = "says “We are sorry, an application error has occurred. Goodbye.”"


class HungUp(Exception):
    """The call is over; with the status it ends in."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class Left(Exception):
    """The caller leaves the queue he waits in."""


Verb = Callable[["TwimlPlayer", Element], Goto | None]


class TwimlPlayer:
    """Walks documents until one ends or somebody hangs up; every verb leaves its line in the transcript.

    `verbs` maps the name of a verb to what it does: it returns the next document, if it leads to one.
    """

    def __init__(self, switch: Switch, call: Call, caller: Caller, verbs: dict[str, Verb], depth: int = 0) -> None:
        self.switch = switch
        self.call = call
        self.caller = caller
        self.depth = depth
        self.url = ""
        self._verbs = verbs

    def follow(self, goto: Goto | None) -> None:
        """TwimlPlayer from this document on. HungUp ends it from within."""
        for _ in range(MOST_DOCUMENTS):
            if goto is None:
                return
            goto = self.perform(self._fetch(goto))
        self.note("goes in circles")
        raise HungUp

    def perform(self, document: Element) -> Goto | None:
        """Carry out the verbs of a document, until one leads elsewhere."""
        for verb in document:
            act = self._verbs.get(verb.tag)
            if act is None:
                self.note(f"error 12200: <{verb.tag}> is not known here")
                continue
            goto = act(self, verb)
            if goto is not None:
                return goto
        return None

    def spell_out(self, words: Element) -> None:
        """Carry out what is only heard: Say, Play and Pause inside a Gather."""
        for verb in words:
            self._verbs[verb.tag](self, verb)

    def goto(self, verb: Element, parameters: dict[str, str]) -> Goto | None:
        """Where a verb's `action` leads; None if it has none."""
        action = verb.get("action")
        return Goto(urljoin(self.url, action), verb.get("method", "POST"), parameters) if action else None

    def beside(self, call: Call, caller: Caller) -> "TwimlPlayer":
        """A player for another call that belongs to this one, from the same document."""
        player = TwimlPlayer(self.switch, call, caller, self._verbs, self.depth + 1)
        player.url = self.url
        return player

    def about(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """What a request of this call says."""
        return about_call(self.call) | dict(parameters)

    def absolute(self, url: str) -> str:
        """A URL of the document, which may be relative to it; empty stays empty."""
        return urljoin(self.url, url) if url else ""

    def note(self, words: str, seconds: int = 0) -> None:
        """Add a line to the transcript, and its length to the call."""
        with self.switch.exchange.changing():
            self.call.transcript.append(words)
            self.call.seconds += seconds

    def parse(self, text: str) -> Element:
        """A document from its text. Not one: the caller hears an apology, and HungUp."""
        try:
            document: Element = ElementTree.fromstring(text.strip())
        except ElementTree.ParseError:
            raise self._broken("12100: the document cannot be parsed") from None
        if document.tag != "Response":
            raise self._broken("12200: the document is not a <Response>")
        return document

    def _fetch(self, goto: Goto) -> Element:
        self.url = goto.url
        ask = self.switch.callbacks.ask
        reply = ask(self.call.account_sid, goto.url, goto.method, self.about(goto.parameters), goto.fallback_url)
        if not reply.good:
            raise self._broken(f"11200: {reply.status or reply.text} from the webhook")
        with self.switch.exchange.changing():
            self.call.status = IN_PROGRESS
        if not reply.text.strip():
            return ElementTree.fromstring("<Response/>")
        if "xml" not in reply.content_type:
            raise self._broken(f"12300: {reply.content_type or 'no content type'} is no TwiML")
        return self.parse(reply.text)

    def _broken(self, why: str) -> HungUp:
        self.note(f"error {why}")
        self.note(APOLOGY)
        return HungUp()


def say(player: TwimlPlayer, verb: Element) -> None:
    """Words to the caller, unless the voice does not speak the language: then the verb fails and the next one runs."""
    if fault := fault_of(verb.get("voice", "man"), verb.get("language", "")):
        player.note(f"error {fault}")
        return
    for _ in range(max(1, int(verb.get("loop", "1")))):
        player.note(f"says “{' '.join(''.join(verb.itertext()).split())}”", seconds=2)


def play(player: TwimlPlayer, verb: Element) -> None:
    """A sound, or keys."""
    player.note(f"plays {verb.get('digits') or player.absolute((verb.text or '').strip())}", seconds=2)


def pause(player: TwimlPlayer, verb: Element) -> None:
    """Nothing for a while."""
    seconds = int(verb.get("length", "1"))
    player.note(f"is silent for {seconds} s", seconds)


def hang_up(player: TwimlPlayer, verb: Element) -> None:
    """The end."""
    player.note("hangs up")
    raise HungUp


def reject(player: TwimlPlayer, verb: Element) -> None:
    """The call is not taken."""
    reason = verb.get("reason", "rejected")
    player.note(f"rejects the call ({reason})")
    raise HungUp("busy" if reason == "busy" else "no-answer")


def redirect(player: TwimlPlayer, verb: Element) -> Goto:
    """On to another document."""
    return Goto(player.absolute((verb.text or "").strip()) or player.url, verb.get("method", "POST"))


def gather(player: TwimlPlayer, verb: Element) -> Goto | None:
    """A menu: what is heard, then keys or words, then the action; without either the next verb."""
    player.spell_out(verb)
    kinds = verb.get("input", "dtmf").split()
    most = int(verb.get("numDigits", "0")) or None
    parameters: dict[str, str] = {}
    if "dtmf" in kinds and (pressed := player.caller.press(most, verb.get("finishOnKey", "#"))):
        player.note(f"keys {pressed}")
        parameters = {"Digits": pressed}
    elif kinds == ["speech"] and player.caller.says:
        player.note(f"answers “{player.caller.says}”")
        parameters = {"SpeechResult": player.caller.says, "Confidence": "0.9"}
        player.caller.says = ""
    else:
        player.note("keys nothing", int(verb.get("timeout", "5")))
        parameters = {"Digits": ""} if flag(verb, "actionOnEmptyResult") else {}
    return (
        (player.goto(verb, parameters) or Goto(player.url, verb.get("method", "POST"), parameters))
        if parameters
        else None
    )

"""Plays the account's TwiML documents in a call. https://www.twilio.com/docs/voice/twiml."""

from collections.abc import Callable, Collection, Iterable, Mapping
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from sandbox.calls.dialect import CallDialect
from sandbox.calls.records import Call, Caller, Place
from sandbox.calls.switch import Goto, Switch, flag

MOST_DOCUMENTS = 40
APOLOGY = "says “We are sorry, an application error has occurred. Goodbye.”"


class HungUp(Exception):
    """Raised where a call ends; carries its final status."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class Broken(HungUp):
    """Raised where a document cannot be fetched or played, so that the call ends with an apology."""


class Left(Exception):
    """Raised where a document leads the waiting caller out of the queue."""


class Stayed(Exception):
    """Raised by a verb at which the call stays, in a queue or a conference; `rest` is what follows in its document."""

    def __init__(self, place: Place, name: str, verb: Element, next_url: str | None = None) -> None:
        super().__init__(name)
        self.place = place
        self.name = name
        self.verb = verb
        self.next_url = next_url
        self.rest: list[Element] = []


Verb = Callable[["TwimlPlayer", Element], Goto | None]


class TwimlPlayer:
    """Plays documents until one ends or a side hangs up; every verb adds a line to the transcript.

    `verbs` maps the name of each verb to its function, which returns the next document if the verb leads to one. A
    player that `screens` plays to a called person before the call is put through.
    """

    def __init__(self, switch: Switch, call: Call, caller: Caller, verbs: dict[str, Verb], depth: int = 0) -> None:
        self.switch = switch
        self.call = call
        self.caller = caller
        self.depth = depth
        self.url = ""
        self.screens = False
        self._verbs = verbs

    @property
    def dialect(self) -> CallDialect:
        """The dialect of the call's carrier."""
        return self.switch.dialect(self.call.account_sid)

    def begin_as_ordered(self, orders: Mapping[str, str], parameters: Mapping[str, str]) -> None:
        """Play the document that a request named by its address or brought along, and those it leads to."""
        if orders.get("twiml"):
            self.url = orders.get("url", "")
            self.follow(self.perform(self.parse(orders["twiml"])))
        else:
            fallback = orders.get("fallback_url", "")
            self.follow(Goto(orders["url"], orders.get("method") or "POST", parameters, fallback))

    def follow(self, goto: Goto | None) -> None:
        """Play this document and those it leads to. Raises `HungUp` where the call ends."""
        for _ in range(MOST_DOCUMENTS):
            if goto is None:
                return
            goto = self.perform(self._fetch(goto))
        self.note("goes in circles")
        raise HungUp

    def hear(self, goto: Goto, allowed: Collection[str]) -> Goto | None:
        """Play one document that may have these verbs only, and return the next one. Raises `Broken`."""
        document = self._fetch(goto)
        if strange := {verb.tag for verb in document} - set(allowed):
            raise self._broken(f"13238: <{min(strange)}> is not allowed here")
        return self.perform(document)

    def perform(self, document: Iterable[Element]) -> Goto | None:
        """Run the verbs of a document in order; the next document, as soon as a verb leads to one.

        Raises `Stayed` where the call goes on later.
        """
        verbs = list(document)
        for place, verb in enumerate(verbs, start=1):
            try:
                goto = self._act(verb)
            except Stayed as stayed:
                stayed.rest = verbs[place:]
                raise
            if goto is not None:
                return goto
        return None

    def _act(self, verb: Element) -> Goto | None:
        allowed = self.dialect.while_screening if self.screens else None
        act = self._verbs.get(verb.tag) if allowed is None or verb.tag in allowed else None
        if act is None:
            self.note(f"error 12200: <{verb.tag}> is not known here")
            return None
        for name in sorted(self.dialect.ignored.get(verb.tag, frozenset()) & set(verb.keys())):
            self.note(f"ignores {name} of <{verb.tag}>")
            del verb.attrib[name]
        return act(self, verb)

    def spell_out(self, words: Element) -> None:
        """Run the verbs inside a Gather: Say, Play and Pause."""
        for verb in words:
            self._verbs[verb.tag](self, verb)

    def goto(self, verb: Element, parameters: dict[str, str]) -> Goto | None:
        """The document of a verb's `action`, or None without one."""
        action = verb.get("action")
        return Goto(urljoin(self.url, action), verb.get("method", "POST"), parameters) if action else None

    def ask(self, goto: Goto) -> None:
        """Ask for a document whose answer the call does not hear."""
        self.switch.callbacks.ask(self.call.account_sid, goto.url, goto.method, self.about(goto.parameters))

    def beside(self, call: Call, caller: Caller) -> "TwimlPlayer":
        """A player for another leg of this call, with addresses relative to the same document."""
        player = TwimlPlayer(self.switch, call, caller, self._verbs, self.depth + 1)
        player.url = self.url
        return player

    def about(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """The parameters of a request about this call."""
        return {**self.dialect.about(self.call), **parameters}

    def absolute(self, url: str) -> str:
        """Resolve a URL of the document; an empty one stays empty."""
        return urljoin(self.url, url) if url else ""

    def note(self, words: str, seconds: int = 0) -> None:
        """Add a line to the transcript, and its seconds to the length of the call."""
        with self.switch.exchange.changing():
            self.call.transcript.append(words)
            self.call.seconds += seconds

    def parse(self, text: str) -> Element:
        """Parse a document. Raises `HungUp` for what is no TwiML; the caller hears an apology."""
        try:
            document: Element = ElementTree.fromstring(self.dialect.prepared(text.strip()))
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
        self.switch.connect(self.call)
        if not reply.text.strip():
            return ElementTree.fromstring("<Response/>")
        if "xml" not in reply.content_type:
            raise self._broken(f"12300: {reply.content_type or 'no content type'} is no TwiML")
        return self.parse(reply.text)

    def _broken(self, why: str) -> Broken:
        self.note(f"error {why}")
        self.note(APOLOGY)
        return Broken()


def say(player: TwimlPlayer, verb: Element) -> None:
    """Speak to the caller. A voice that does not speak the language fails, and the next verb runs."""
    if fault := player.dialect.voice_fault(verb.get("voice", "man"), verb.get("language", "")):
        player.note(f"error {fault}")
        return
    for _ in range(max(1, int(verb.get("loop", "1")))):
        player.note(f"says “{' '.join(''.join(verb.itertext()).split())}”", seconds=2)


def play(player: TwimlPlayer, verb: Element) -> None:
    """Play a sound, or key tones."""
    player.note(f"plays {verb.get('digits') or player.absolute((verb.text or '').strip())}", seconds=2)


def pause(player: TwimlPlayer, verb: Element) -> None:
    """Wait in silence."""
    seconds = int(verb.get("length", "1"))
    player.note(f"is silent for {seconds} s", seconds)


def hang_up(player: TwimlPlayer, verb: Element) -> None:
    """Hang up."""
    player.note("hangs up")
    raise HungUp


def reject(player: TwimlPlayer, verb: Element) -> None:
    """Reject the call, before it is answered."""
    reason = verb.get("reason", "rejected")
    player.note(f"rejects the call ({reason})")
    raise HungUp("busy" if reason == "busy" else "no-answer")


def redirect(player: TwimlPlayer, verb: Element) -> Goto:
    """Go on with another document."""
    return Goto(player.absolute((verb.text or "").strip()) or player.url, verb.get("method", "POST"))


def gather(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Play a prompt, then take keys or speech to the action. Without either the next verb runs."""
    player.spell_out(verb)
    kinds = verb.get("input", "dtmf").split()
    most = int(verb.get("numDigits") or verb.get("maxDigits") or 0) or None
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

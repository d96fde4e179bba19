"""A call's walk through the call plan: the next steps for each event of a call. Reads and writes nothing.

    arrival ── blocked? hidden? open? ── ring ──┬─ a person picks up, presses 1 ── they talk ── hang up
                                                ├─ a phone picks up, no key ── ring the phones one by one
                                                └─ no phone does ── the next node ── … ── take a message ── hang up

`answer` is the only entry: carriers play its steps in calls, the page of the call plan simulates calls with them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from provisioning.contract.callbacks import CallArrived, CallOutcome, Event, KeyPressed, RingEnded
from provisioning.contract.voice import AskForKey, CallStep, Decline, HangUp, Play, Ring, Say, TakeMessage
from service.callback_addresses import Addresses, Carried, Step
from service.calls.consent import is_announced, why_announced
from service.calls.hours import open_at
from service.calls.nodes import (
    Announce,
    Directory,
    Forward,
    Goodbye,
    Greeting,
    Hidden,
    Menu,
    RingPhones,
    Voicemail,
    fallback,
)
from service.calls.prompts import MORE, choices, listed, names
from service.calls.queries import Answering
from service.calls.ringing import Progress, next_phones
from service.calls.words import digits_spoken, say, voice_tag
from service.phone_numbers import is_dialable, known_as, spellings

ACCEPT: Final = "1"
"""The key with which a person takes a call; a mobile's own voicemail presses none."""

FORWARD_SECONDS: Final = 30

TRIES: Final = 2
"""After this many wrong keys the call goes on."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One call on a line. `called` is our number (E.164), `caller` may be any text, `to` builds callback addresses."""

    line: Answering
    to: Addresses
    caller: str
    called: str
    forwarded_from: str = ""

    def arrive(self, at: datetime) -> list[CallStep]:
        """The first steps of a call that arrives at this moment (aware)."""
        plan = self.line.plan
        if not set(plan.blocked).isdisjoint(spellings(self.caller)):
            return [Decline()]
        if not self.line.rung_numbers().isdisjoint(spellings(self.forwarded_from)):
            # a phone of the line that forwards to the line would ring in circles
            return self._take_message(Greeting())
        if self.line.comes_back:
            return self._take_message(Greeting())
        if not is_dialable(self.caller) and plan.hidden is not Hidden.RING:
            return self._hidden(plan.hidden)
        is_open = open_at(plan.hours, at)
        first = self._forward(is_open=is_open) or self.go(plan.opening if is_open else plan.closed)
        return [*self._own_number_first(), *first]

    def go(self, name: str, *, announced: bool = False, seen: frozenset[str] = frozenset()) -> list[CallStep]:
        """The steps from a node on, until the call has to wait for an event or ends.

        A node that was removed since the call began, or was `seen` before, takes a voicemail. `announced`: the caller
        has already heard that the call is recorded.
        """
        node = self.line.plan.nodes.get(name)
        if node is None or name in seen:
            return self._take_message(Greeting())
        match node:
            case RingPhones() | Forward():
                ring = self._ring(name, node, Progress(), announced=announced)
                sorry = [say("not_put_through", self.line.language)] if self.line.holds_back(node) else []
                return ring or [*sorry, *self.go(node.then, announced=announced, seen=seen | {name})]
            case Menu() | Directory():
                otherwise = self.go(node.otherwise, announced=announced, seen=seen | {name})
                return [*self._ask(name, node), *otherwise]
            case Announce():
                return [
                    self.heard(node.greeting, "welcome"),
                    *self.go(node.then, announced=announced, seen=seen | {name}),
                ]
            case Voicemail():
                return self._take_message(node.greeting)
            case Goodbye():
                return [self.heard(node.greeting, "goodbye"), HangUp()]

    def rung(self, name: str, event: Event, progress: Progress, *, announced: bool) -> list[CallStep]:
        """The phones of a node have rung: the call ends if one answered; else other phones ring, or it goes on."""
        outcome = event.outcome if isinstance(event, RingEnded) else CallOutcome.FAILED
        if outcome is CallOutcome.ANSWERED:
            return [HangUp()]
        node, ring = self.line.plan.nodes.get(name), list[CallStep]()
        if isinstance(node, RingPhones):
            ring = self._ring(name, node, progress.onwards(outcome), announced=announced)
        return ring or self.go(fallback(node) if node else "", announced=announced)

    def chosen(self, name: str, key: str, tries: int) -> list[CallStep]:
        """A key of a menu was pressed, for the `tries`th time after a wrong one."""
        menu = self.line.plan.nodes.get(name)
        if not isinstance(menu, Menu) or key in menu.keys:
            return self.go(menu.keys[key] if isinstance(menu, Menu) else "")
        return self._wrong(name, menu, tries)

    def named(self, name: str, key: str, page: int, tries: int) -> list[CallStep]:
        """A key of a directory was pressed: ring the chosen phone, or read out the next page of names."""
        directory = self.line.plan.nodes.get(name)
        if not isinstance(directory, Directory):
            return self.go("")
        phones = listed(self.line, page)
        if key == MORE and listed(self.line, page + 1):
            return [*self._ask(name, directory, page=page + 1), *self.go(directory.otherwise)]
        if key.isdecimal() and 0 < int(key) <= len(phones):
            chosen = phones[int(key) - 1]
            ring = (
                self.dial((chosen.number,), directory.seconds, self._after(name, Progress())) if chosen.on_duty else []
            )
            return ring or self.go(directory.otherwise)
        return self._wrong(name, directory, tries)

    def screen(self) -> list[CallStep]:
        """What the person who picks up hears before the caller is put through."""
        sentence = "screen_recorded" if self.line.plan.recorded else "screen"
        prompt = say(sentence, self.line.language, business=self.line.business)
        return [AskForKey(prompt, self._address(Carried(Step.KEY))), HangUp()]

    def heard(self, greeting: Greeting, usual: str) -> Say | Play:
        """The step that plays a greeting: the line's recording, its own text, or the sentence `usual`."""
        if greeting.recording:
            return Play(self.to.greeting(greeting.recording))
        standard = say(usual, self.line.language, business=self.line.business)
        return Say(greeting.text, standard.language) if greeting.text else standard

    def dial(
        self, numbers: tuple[str, ...], seconds: int, then_url: str, *, screened: bool = True, announced: bool = False
    ) -> list[CallStep]:
        """Ring numbers. They show the caller's number; for a caller without one, the number that was dialed."""
        why = self._why_announced()
        ring = Ring(
            numbers=numbers,
            seconds=seconds,
            then_url=then_url,
            caller_id=self.caller if is_dialable(self.caller) else self.called,
            screen_url=self._screening(screened=screened),
            recording_url=self.to.recording(why) if why else "",
        )
        return [say("recorded", self.line.language), ring] if is_announced(why) and not announced else [ring]

    def _screening(self, *, screened: bool) -> str:
        """What a phone hears first. One to which calls are forwarded takes them unasked, and hears of a recording."""
        if screened:
            return self._address(Carried(Step.SCREEN))
        return self._address(Carried(Step.ANNOUNCED)) if self.line.plan.recorded else ""

    def _why_announced(self) -> str:
        """Why the caller hears that the call is recorded, by all phones that it may ring; "" if it is not recorded."""
        return why_announced(self.line.plan, (self.caller, self.called, *self.line.may_ring()))

    def _own_number_first(self) -> list[CallStep]:
        """The line's own number, said to callers who dialed a retiring number, but not to forwarded callers."""
        if not (self.line.plan.tells_number and self.line.moved_to) or self.forwarded_from:
            return []
        return [say("moved", self.line.language, number=digits_spoken(self.line.moved_to, self.line.country))]

    def _forward(self, *, is_open: bool) -> list[CallStep]:
        """Ring the number to which calls are forwarded now, before a voicemail; no step while there is none."""
        number = self.line.forwarded_to(is_open=is_open)
        return self.dial((number,), FORWARD_SECONDS, self._after("", Progress()), screened=False) if number else []

    def _hidden(self, policy: Hidden) -> list[CallStep]:
        if policy is Hidden.VOICEMAIL:
            return self._take_message(Greeting())
        return [say("hidden", self.line.language), HangUp()]

    def _wrong(self, name: str, node: Menu | Directory, tries: int) -> list[CallStep]:
        sorry, on = say("wrong_key", self.line.language), self.go(node.otherwise)
        return [sorry, *on] if tries + 1 >= TRIES else [sorry, *self._ask(name, node, tries=tries + 1), *on]

    def _ask(self, name: str, node: Menu | Directory, *, page: int = 0, tries: int = 0) -> list[CallStep]:
        if isinstance(node, Menu):
            has_greeting = node.greeting != Greeting()
            prompt = self.heard(node.greeting, "welcome") if has_greeting else choices(self.line, node)
            return [AskForKey(prompt, self._address(Carried(Step.CHOSEN, node=name, tries=tries)))]
        if not listed(self.line, page):
            return [say("nobody_listed", self.line.language)]
        return [
            AskForKey(names(self.line, page), self._address(Carried(Step.NAMED, node=name, page=page, tries=tries)))
        ]

    def _ring(self, name: str, node: RingPhones | Forward, progress: Progress, *, announced: bool) -> list[CallStep]:
        """Ring the next phones of a node; no step if none is left."""
        if isinstance(node, Forward):
            if not node.number:  # just made, and its page not filled in yet
                return []
            return self.dial(
                (node.number,), node.seconds, self._after(name, Progress()), screened=False, announced=announced
            )
        phones = next_phones(self.line.phones, node, progress)
        if not phones:
            return []
        then_url = self._after(name, progress.past(phones))
        return self.dial(tuple(phone.number for phone in phones), node.seconds, then_url, announced=announced)

    def _after(self, name: str, progress: Progress) -> str:
        """The address that the carrier asks after the phones of a node have rung."""
        why, alone = self._why_announced(), int(progress.alone)
        return self._address(Carried(Step.RUNG, node=name, after=progress.after, alone=alone, announced=why))

    def _address(self, carried: Carried) -> str:
        """The address of a step of a call on this line."""
        return self.to.voice(replace(carried, line=self.line.line_id))

    def _take_message(self, greeting: Greeting) -> list[CallStep]:
        then_url, spoken_in = self._address(Carried(Step.RECORDED)), voice_tag(self.line.language)
        message = TakeMessage(then_url, self.to.voicemail, self.to.transcript, spoken_in)
        return [self.heard(greeting, "greeting"), message, HangUp()]


def answer(line: Answering, to: Addresses, event: Event, carried: Carried, at: datetime) -> list[CallStep]:
    """The next steps of a call. `event` is what the carrier reports, `carried` what our callback address carried."""
    walk = _walk(line, to, event)
    if isinstance(event, KeyPressed):
        return _keyed(walk, event.key, carried)
    match carried.step:
        case None:
            return walk.arrive(at)
        case Step.SCREEN:
            return walk.screen()
        case Step.RUNG:
            progress = Progress(carried.after, alone=bool(carried.alone))
            return walk.rung(carried.node, event, progress, announced=is_announced(carried.announced))
        case Step.ANNOUNCED:
            return [say("recorded", line.language)]
        case _:
            return [HangUp()]


def _walk(line: Answering, to: Addresses, event: Event) -> Walk:
    match event:
        case CallArrived():
            sent_on = event.forwarded_from and known_as(event.forwarded_from, line.country)
            return Walk(line, to, known_as(event.caller, line.country), event.called, sent_on)
        case RingEnded() | KeyPressed():
            return Walk(line, to, known_as(event.caller, line.country), event.called)
        case _:
            return Walk(line, to, "", "")


def _keyed(walk: Walk, key: str, carried: Carried) -> list[CallStep]:
    match carried.step:
        case Step.KEY if key == ACCEPT:
            return []
        case Step.ANNOUNCED:  # nobody asked for a key: some carriers post one all the same
            return []
        case Step.CHOSEN:
            return walk.chosen(carried.node, key, carried.tries)
        case Step.NAMED:
            return walk.named(carried.node, key, carried.page, carried.tries)
        case _:
            return [HangUp()]

"""Phones in browsers: whose pages are open, as the gateway tells, and what their people do with their calls.

https://www.twilio.com/docs/voice/sdks/javascript · https://www.twilio.com/docs/iam/access-tokens
"""

from collections.abc import Collection
from typing import Final

import jwt

from sandbox.calls.outbound import OutboundCalls
from sandbox.calls.records import Call, Place
from sandbox.calls.switch import CLIENT, IN_PROGRESS, Switch
from sandbox.calls.under_way import UnderWay
from sandbox.errors import OutOfTurn, Unknown

ALGORITHM: Final = "HS256"
SHOWN: Final = {"ringing", IN_PROGRESS}


class Browsers:
    """Rings and connects pages."""

    def __init__(self, switch: Switch, outbound: OutboundCalls, under_way: UnderWay) -> None:
        self._switch = switch
        self._outbound = outbound
        self._under_way = under_way
        self._acts = {
            "pick_up": self._pick_up,
            "decline": lambda call: under_way.hang_up(call, "busy"),
            "hang_up": under_way.hang_up,
            "hear": self._hear,
        }

    def identity_of(self, token: str) -> str:
        """The identity of an access token that lets a page be called. Raises `ValueError` for any other token."""
        try:
            key = self._switch.exchange.state.keys[jwt.decode(token, options={"verify_signature": False})["iss"]]
            claims = jwt.decode(token, key.secret, algorithms=[ALGORITHM], options={"require": ["exp", "iss", "sub"]})
            grants = claims["grants"]
            if claims["sub"] == key.account_sid and grants["voice"]["incoming"]["allow"] is True:
                return str(grants["identity"])
        except (jwt.InvalidTokenError, KeyError, TypeError):
            pass
        raise ValueError("The access token is not valid.")

    def calls_of(self, identities: Collection[str]) -> list[Call]:
        """Note whose pages are open, and return their calls that ring or go on."""
        pages = {CLIENT + identity for identity in identities}
        self._switch.phones.pages = pages
        calls = list(self._switch.exchange.state.calls.values())
        return [call for call in calls if call.to in pages and call.status in SHOWN]

    def act(self, act: str, sid: str, keys: str = "") -> None:
        """Do what a person does: `pick_up`, `decline`, `hang_up`, `key`, or be heard (`hear`).

        Raises `Unknown` for a call that never was, `OutOfTurn` for one that is over or does not ring any more.
        """
        call = self._switch.exchange.state.calls.get(sid)
        if call is None or (act not in self._acts and act != "key"):
            raise Unknown(f"There is no call {sid}, or no act {act}.")
        if call.stay is None:
            raise OutOfTurn("The call is over.")
        if act == "key":
            self._under_way.player(call).note(f"keys {keys}")
        else:
            self._acts[act](call)

    def _pick_up(self, call: Call) -> None:
        if call.stay is None or call.stay.place is not Place.RINGING:
            raise OutOfTurn("The call does not ring any more.")
        self._outbound.pick_up(call, "answer")

    def _hear(self, call: Call) -> None:
        """Note at those with whom the page talks that they hear it."""
        stay = call.stay
        if stay is None or not stay.talks:
            raise OutOfTurn("Nobody is there who could hear it.")
        calls = self._switch.exchange.state.calls
        together = stay.place is Place.CONFERENCE
        there = self._switch.beside(call, stay.place, stay.name) if together else [calls[stay.name]]
        for other in there:
            if other is not call:
                self._under_way.player(other).note(f"hears {call.to}")

"""One page that is a phone: the frames between its SDK and us, and its calls.

A frame is JSON of `type`, `payload` and `version`. A page whose connection is lost keeps its calls for a while.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription

from sandbox.gateway.carrier import Carrier, PageCall
from sandbox.gateway.sound import Tone, listen

VERSION: Final = "1.6"
RECONNECT: Final = "reconnect"
"""The token with which a page comes back to its call; each call has its own sid beside it."""

Payload = dict[str, Any]


@dataclass(slots=True)
class PageLeg:
    """A call at one page: the connection that carries its sound, and what the page hears."""

    connection: RTCPeerConnection
    tone: Tone
    answered: bool = False
    listening: set[asyncio.Task[None]] = field(default_factory=set)


class Page:
    """A page of an identity. `socket` is None while its connection is lost."""

    def __init__(self, carrier: Carrier, identity: str, socket: web.WebSocketResponse) -> None:
        self.identity = identity
        self.socket: web.WebSocketResponse | None = socket
        self.registered = False
        self._carrier = carrier
        self._legs: dict[str, PageLeg] = {}
        self._lock = asyncio.Lock()

    async def follow(self, calls: list[PageCall]) -> None:
        """Ring, connect and end its calls as the carrier tells."""
        async with self._lock:
            for call in calls:
                if call.sid not in self._legs and not call.answered and self.registered and self.socket:
                    await self._ring(call)
                elif leg := self._legs.get(call.sid):
                    leg.tone.sounds = call.talks and leg.answered
            taken = {call.sid for call in calls if call.answered}
            for sid, leg in list(self._legs.items()):
                if sid not in {call.sid for call in calls} or (sid in taken and not leg.answered):
                    await self._end(sid, "hangup" if leg.answered else "cancel")

    async def hear(self, kind: str, payload: Payload) -> None:
        """Act on a frame of the page."""
        sid = str(payload.get("callsid") or "")
        if kind == "register":
            self.registered = True
            await self.send("ready", {})
        elif sid in self._legs:
            async with self._lock:
                await self._hear_of(sid, self._legs[sid], kind, payload)
        elif kind == "invite":  # its token has no application for calls out
            await self.send("hangup", {"callsid": sid, "error": {"code": 31201, "message": "AuthorizationError"}})

    async def send(self, kind: str, payload: Payload) -> None:
        """Send a frame, unless the connection is lost."""
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_str(json.dumps({"type": kind, "payload": payload, "version": VERSION}))

    async def close(self) -> None:
        """End all its calls."""
        async with self._lock:
            for sid, leg in list(self._legs.items()):
                if leg.answered:
                    await self._carrier.act("hang_up", sid)
                await self._end(sid, "hangup")

    async def _hear_of(self, sid: str, leg: PageLeg, kind: str, payload: Payload) -> None:
        match kind:
            case "answer":
                await leg.connection.setRemoteDescription(RTCSessionDescription(payload["sdp"], "answer"))
                leg.answered = await self._carrier.act("pick_up", sid)
            case "invite" if payload.get(RECONNECT):
                sdp = leg.connection.localDescription.sdp
                await self.send("answer", {"callsid": sid, "sdp": sdp, RECONNECT: RECONNECT})
            case "dtmf":
                await self._carrier.act("key", sid, keys=str(payload["dtmf"]))
            case "reject":
                await self._carrier.act("decline", sid)
                await self._end(sid, "")
            case "hangup":
                await self._carrier.act("hang_up", sid)
                await self._end(sid, "")

    async def _ring(self, call: PageCall) -> None:
        leg = self._legs[call.sid] = PageLeg(RTCPeerConnection(), Tone())

        @leg.connection.on("track")
        def receive(track: MediaStreamTrack) -> None:
            leg.listening.add(asyncio.ensure_future(listen(track, lambda: self._heard(call.sid))))

        leg.connection.addTrack(leg.tone)
        await leg.connection.setLocalDescription(await leg.connection.createOffer())
        parameters = {"From": call.from_, "To": call.to, "CallSid": call.sid, "Params": call.parameters}
        sdp = leg.connection.localDescription.sdp
        await self.send("invite", {"callsid": call.sid, "sdp": sdp, "parameters": parameters, RECONNECT: RECONNECT})

    async def _heard(self, sid: str) -> bool:
        return await self._carrier.act("hear", sid)

    async def _end(self, sid: str, how: str) -> None:
        leg = self._legs.pop(sid)
        if how:
            await self.send(how, {"callsid": sid})
        await leg.connection.close()


def refusal(why: str) -> Payload:
    """The frame for a token that is refused (https://www.twilio.com/docs/api/errors/20101)."""
    return {"error": {"code": 20101, "message": quote(why, safe=" .")}}

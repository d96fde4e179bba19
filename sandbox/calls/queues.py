"""Queues, in which callers wait until a document leads them out. https://www.twilio.com/docs/voice/twiml/enqueue.

The `waitUrl` is asked for again whenever its document has ended, and a queue has no time-out of its own.
"""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from sandbox.calls.records import Place, Stay
from sandbox.calls.switch import Goto
from sandbox.calls.twiml_player import Broken, HungUp, Left, Stayed, TwimlPlayer

LARGEST = 1000
IN_A_QUEUE = {"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"}
"""The verbs that a document may have which a waiting caller hears."""


def enqueue(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Have the caller wait in a queue. One who came by another call of the account hangs up."""
    name = (verb.text or "").strip()
    if player.depth:
        player.note(f"waits in the queue {name}")
        raise HungUp
    if len(player.switch.beside(player.call, Place.QUEUE, name)) >= LARGEST:
        player.note(f"error 14207: the queue {name} is full")
        return player.goto(
            verb, {"QueueResult": "queue-full", "QueueSid": player.dialect.queue_id(name), "QueueTime": "0"}
        )
    player.note(f"waits in the queue {name}")
    raise Stayed(Place.QUEUE, name, verb, player.absolute(verb.get("waitUrl", "")) or None)


def leave(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Leave the queue, for the action of Enqueue or the verb after it."""
    player.note("leaves the queue")
    raise Left


def hear_wait_document(player: TwimlPlayer, stay: Stay, verb: Element) -> str:
    """Play the next wait document; the QueueResult with which the caller leaves, or "" if they wait on."""
    try:
        goto = player.hear(
            Goto(stay.next_url or "", verb.get("waitUrlMethod", "POST"), _position(player, stay)), IN_A_QUEUE
        )
    except Left:
        return "leave"
    except Broken:
        return "error"
    stay.next_url = goto.url if goto else urljoin(stay.url, verb.get("waitUrl", ""))
    return ""


def result(player: TwimlPlayer, stay: Stay, how: str) -> dict[str, str]:
    """The parameters for the action of Enqueue."""
    queue = player.dialect.queue_id(stay.name)
    return {"QueueSid": queue, "QueueResult": how, "QueueTime": str(_waited(player, stay))}


def _position(player: TwimlPlayer, stay: Stay) -> dict[str, str]:
    there = player.switch.beside(player.call, Place.QUEUE, stay.name)
    return {
        "QueueSid": player.dialect.queue_id(stay.name),
        "QueueTime": str(_waited(player, stay)),
        "QueuePosition": str(there.index(player.call) + 1),
        "CurrentQueueSize": str(len(there)),
        "MaxQueueSize": str(LARGEST),
        "AvgQueueTime": str(_waited(player, stay)),
    }


def _waited(player: TwimlPlayer, stay: Stay) -> int:
    return int((player.switch.exchange.now() - stay.since).total_seconds())

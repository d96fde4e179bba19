"""Where calls wait or meet: Enqueue and Leave, and the Queue and Conference of a Dial.

Calls are played one after the other, so nobody else is on the line at the time; whether somebody takes a waiting caller
is among the call's `answers`, under `queue:<name>`, and whether somebody else is in a conference under
`conference:<name>`. https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/twiml/conference
"""

from hashlib import md5
from xml.etree.ElementTree import Element

from sandbox.calls.switch import Goto, flag
from sandbox.calls.twiml_player import HungUp, Left, TwimlPlayer

WAIT = 20
TALK = 30


def enqueue(player: TwimlPlayer, verb: Element) -> Goto | None:
    """The caller waits and hears what the `waitUrl` says; then somebody takes him, or he leaves, or he hangs up."""
    name = (verb.text or "").strip()
    player.note(f"waits in the queue {name}", WAIT)
    result = "leave" if _waited(player, verb) else "hangup"
    if result == "hangup" and player.caller.answers.get(f"queue:{name}", "") == "answer":
        player.note(f"is taken from the queue {name}", TALK)
        result = "bridged"
    parameters = {"QueueSid": room_sid("QU", name), "QueueResult": result, "QueueTime": str(WAIT)}
    goto = player.goto(verb, parameters)
    if result != "hangup":
        return goto
    player.note("the caller hangs up")
    if goto:
        player.switch.callbacks.ask(player.call.account_sid, goto.url, goto.method, player.about(goto.parameters))
    raise HungUp


def leave(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Out of the queue, on with what comes after it."""
    player.note("leaves the queue")
    raise Left


def dial_queue(player: TwimlPlayer, verb: Element, noun: Element) -> dict[str, str]:
    """Talk with the first who waits in a queue, if somebody does; what the Dial's action hears."""
    name = (noun.text or "").strip()
    if player.caller.answers.get(f"queue:{name}", "") != "answer":
        player.note(f"nobody waits in the queue {name}")
        return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "queue-empty"}
    player.note(f"talks with the first in the queue {name}", TALK)
    return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "bridged"}


def dial_conference(player: TwimlPlayer, verb: Element, noun: Element) -> dict[str, str]:
    """Meet whoever is there; what the Dial's action hears."""
    name = (noun.text or "").strip()
    player.note(f"joins the conference {name}")
    _notify(player, noun, "start", name)
    _notify(player, noun, "join", name)
    if player.caller.answers.get(f"conference:{name}", "") == "answer":
        player.note(f"talks in the conference {name}", TALK)
    else:
        player.note(f"waits alone in the conference {name}", WAIT)
    player.note("leaves the conference")
    _notify(player, noun, "leave", name)
    if flag(noun, "endConferenceOnExit"):
        _notify(player, noun, "end", name)
    return {"DialCallStatus": "completed", "ConferenceSid": room_sid("CF", name)}


def room_sid(prefix: str, name: str) -> str:
    """The identifier of a queue or conference, the same each time for the same name."""
    return prefix + md5(name.encode(), usedforsecurity=False).hexdigest()


def _waited(player: TwimlPlayer, verb: Element) -> bool:
    """Let the caller hear what there is while he waits; whether he was led out of the queue."""
    url = player.absolute(verb.get("waitUrl", ""))
    if not url:
        return False
    from_here = player.url
    try:
        player.follow(Goto(url, verb.get("waitUrlMethod", "POST"), {"QueuePosition": "1", "QueueTime": "0"}))
    except Left:
        return True
    finally:
        player.url = from_here
    return False


def _notify(player: TwimlPlayer, noun: Element, event: str, name: str) -> None:
    if event in noun.get("statusCallbackEvent", "").split():
        parameters = {
            "ConferenceSid": room_sid("CF", name),
            "FriendlyName": name,
            "StatusCallbackEvent": f"conference-{event}" if event in {"start", "end"} else f"participant-{event}",
        }
        url = player.absolute(noun.get("statusCallback", ""))
        player.switch.notify(player.call, url, noun.get("statusCallbackMethod", "POST"), parameters)

"""Queues and conferences: the verbs Enqueue and Leave, and Queue and Conference inside a Dial.

Calls are played one after the other, so no other call is in the queue or conference. The `answers` of the call decide
whether a waiting caller is taken (`queue:<name>`) and whether a conference has another participant
(`conference:<name>`). https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/twiml/conference
"""

from hashlib import md5
from xml.etree.ElementTree import Element

from sandbox.calls.switch import Goto, flag
from sandbox.calls.twiml_player import HungUp, Left, TwimlPlayer

WAIT = 20
TALK = 30


def enqueue(player: TwimlPlayer, verb: Element) -> Goto | None:
    """Play the `waitUrl` to the waiting caller, who is then taken, leaves the queue, or hangs up."""
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
    """Leave the queue and go on with the verb after Enqueue."""
    player.note("leaves the queue")
    raise Left


def dial_queue(player: TwimlPlayer, verb: Element, noun: Element) -> dict[str, str]:
    """Connect to the first caller in a queue, if there is one; the parameters for the Dial's action."""
    name = (noun.text or "").strip()
    if player.caller.answers.get(f"queue:{name}", "") != "answer":
        player.note(f"nobody waits in the queue {name}")
        return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "queue-empty"}
    player.note(f"talks with the first in the queue {name}", TALK)
    return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "bridged"}


def dial_conference(player: TwimlPlayer, verb: Element, noun: Element) -> dict[str, str]:
    """Join a conference; the parameters for the Dial's action."""
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
    """The sid of a queue or conference: always the same for the same name."""
    return prefix + md5(name.encode(), usedforsecurity=False).hexdigest()


def _waited(player: TwimlPlayer, verb: Element) -> bool:
    """Play the wait document; whether it led the caller out of the queue."""
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

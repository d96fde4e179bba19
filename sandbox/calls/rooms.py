"""Where calls wait or meet: Enqueue and Leave, and the Queue and Conference of a Dial.

Calls are played one after the other, so nobody else is on the line at the time; whether somebody takes a waiting caller
is among the call's `answers`, under `queue:<name>`, and whether somebody else is in a conference under
`conference:<name>`. https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/twiml/conference
"""

from hashlib import md5
from xml.etree.ElementTree import Element

from sandbox.calls.line import Goto, flag
from sandbox.calls.walk import HungUp, Left, Walk

WAIT = 20
TALK = 30


def enqueue(walk: Walk, verb: Element) -> Goto | None:
    """The caller waits and hears what the `waitUrl` says; then somebody takes him, or he leaves, or he hangs up."""
    name = (verb.text or "").strip()
    walk.note(f"waits in the queue {name}", WAIT)
    result = "leave" if _waited(walk, verb) else "hangup"
    if result == "hangup" and walk.caller.answers.get(f"queue:{name}", "") == "answer":
        walk.note(f"is taken from the queue {name}", TALK)
        result = "bridged"
    told = {"QueueSid": room_sid("QU", name), "QueueResult": result, "QueueTime": str(WAIT)}
    goto = walk.goto(verb, told)
    if result != "hangup":
        return goto
    walk.note("the caller hangs up")
    if goto:
        walk.line.postman.ask(walk.call.account_sid, goto.url, goto.method, walk.about(goto.told))
    raise HungUp


def leave(walk: Walk, verb: Element) -> Goto | None:
    """Out of the queue, on with what comes after it."""
    walk.note("leaves the queue")
    raise Left


def dial_queue(walk: Walk, verb: Element, noun: Element) -> dict[str, str]:
    """Talk with the first who waits in a queue, if somebody does; what the Dial's action hears."""
    name = (noun.text or "").strip()
    if walk.caller.answers.get(f"queue:{name}", "") != "answer":
        walk.note(f"nobody waits in the queue {name}")
        return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "queue-empty"}
    walk.note(f"talks with the first in the queue {name}", TALK)
    return {"DialCallStatus": "completed", "QueueSid": room_sid("QU", name), "QueueResult": "bridged"}


def dial_conference(walk: Walk, verb: Element, noun: Element) -> dict[str, str]:
    """Meet whoever is there; what the Dial's action hears."""
    name = (noun.text or "").strip()
    walk.note(f"joins the conference {name}")
    _tell(walk, noun, "start", name)
    _tell(walk, noun, "join", name)
    if walk.caller.answers.get(f"conference:{name}", "") == "answer":
        walk.note(f"talks in the conference {name}", TALK)
    else:
        walk.note(f"waits alone in the conference {name}", WAIT)
    walk.note("leaves the conference")
    _tell(walk, noun, "leave", name)
    if flag(noun, "endConferenceOnExit"):
        _tell(walk, noun, "end", name)
    return {"DialCallStatus": "completed", "ConferenceSid": room_sid("CF", name)}


def room_sid(prefix: str, name: str) -> str:
    """The identifier of a queue or conference, the same each time for the same name."""
    return prefix + md5(name.encode(), usedforsecurity=False).hexdigest()


def _waited(walk: Walk, verb: Element) -> bool:
    """Let the caller hear what there is while he waits; whether he was led out of the queue."""
    url = walk.absolute(verb.get("waitUrl", ""))
    if not url:
        return False
    from_here = walk.url
    try:
        walk.follow(Goto(url, verb.get("waitUrlMethod", "POST"), {"QueuePosition": "1", "QueueTime": "0"}))
    except Left:
        return True
    finally:
        walk.url = from_here
    return False


def _tell(walk: Walk, noun: Element, event: str, name: str) -> None:
    if event in noun.get("statusCallbackEvent", "").split():
        told = {
            "ConferenceSid": room_sid("CF", name),
            "FriendlyName": name,
            "StatusCallbackEvent": f"conference-{event}" if event in {"start", "end"} else f"participant-{event}",
        }
        url = walk.absolute(noun.get("statusCallback", ""))
        walk.line.tell(walk.call, url, noun.get("statusCallbackMethod", "POST"), told)

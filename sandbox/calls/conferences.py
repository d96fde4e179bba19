"""Conferences. https://www.twilio.com/docs/voice/twiml/conference.

One begins with two participants of whom one starts it. Its callbacks go where the first participant's document says.
"""

from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from sandbox.calls.records import Call, Conference, Place, Stay
from sandbox.calls.switch import Goto, Switch, flag, timestamp
from sandbox.calls.twiml_player import Broken, Stayed, TwimlPlayer

WHILE_ALONE = {"Play", "Say", "Pause", "Redirect"}
"""The verbs that a document may have which a participant hears before the conference begins; else error 13238."""

AFTER = {"DialCallStatus": "answered"}
"""What the action of a Dial is told after a conference."""


def dial_conference(player: TwimlPlayer, verb: Element, noun: Element) -> dict[str, str]:
    """Join a conference. One who came by another call of the account is in it for a moment."""
    name = (noun.text or "").strip()
    player.note(f"joins the conference {name}")
    if player.depth:
        return AFTER
    raise Stayed(Place.CONFERENCE, name, verb, player.absolute(noun.get("waitUrl", "")) or None)


def join(switch: Switch, call: Call, stay: Stay) -> list[Call]:
    """Enter the conference; the participants who may talk from now on, or none while they wait."""
    conference = _under_way(switch, call.account_sid, stay.name) or _open(switch, call, stay)
    _notify(switch, conference, call, stay, "participant-join")
    members = switch.beside(call, Place.CONFERENCE, stay.name)
    talking = [call] if conference.begun else members if _starts(members) else []
    begins = bool(talking) and not conference.begun
    with switch.exchange.changing():
        conference.begun = conference.begun or begins
        for member in talking:
            if member.stay:
                member.stay.talks = True
    if begins:
        _notify(switch, conference, call, stay, "conference-start")
    return talking


def _starts(members: list[Call]) -> bool:
    starters = (one.stay and flag(noun_of(one.stay), "startConferenceOnEnter", "true") for one in members)
    return len(members) > 1 and any(starters)


def hear_wait_document(player: TwimlPlayer, stay: Stay) -> bool:
    """Play what a participant hears before the conference begins; False if the document is none for that.

    After its end there is silence, unless it leads to another document.
    """
    try:
        goto = player.hear(Goto(stay.next_url or "", noun_of(stay).get("waitMethod", "POST")), WHILE_ALONE)
    except Broken:
        return False
    stay.next_url = goto.url if goto else None
    return True


def leave(switch: Switch, call: Call, stay: Stay) -> list[Call]:
    """Leave the conference, which may end it; the participants who have to leave with this call."""
    conference, others = (
        _under_way(switch, call.account_sid, stay.name),
        switch.beside(call, Place.CONFERENCE, stay.name),
    )
    if conference is None:
        return []
    _notify(switch, conference, call, stay, "participant-leave")
    if others and not flag(noun_of(stay), "endConferenceOnExit"):
        return []
    with switch.exchange.changing():
        conference.over = True
    _notify(switch, conference, call, stay, "conference-end")
    return others


def _under_way(switch: Switch, account_sid: str, name: str) -> Conference | None:
    rooms = list(switch.exchange.state.conferences.values())
    same = (room for room in rooms if (room.account_sid, room.name) == (account_sid, name))
    return next((room for room in same if not room.over), None)


def latest_room(switch: Switch, call: Call, name: str) -> str:
    """The sid of the last conference of this name in the account of a call, "" if there was none."""
    rooms = reversed(list(switch.exchange.state.conferences.values()))
    return next((room.sid for room in rooms if (room.account_sid, room.name) == (call.account_sid, name)), "")


def noun_of(stay: Stay) -> Element:
    """The Conference of the Dial at which a call stays."""
    return next(noun for noun in fromstring(stay.verb) if noun.tag == "Conference")


def _open(switch: Switch, call: Call, stay: Stay) -> Conference:
    noun = noun_of(stay)
    conference = Conference(
        switch.dialect(call.account_sid).new_id("CF"),
        call.account_sid,
        stay.name,
        switch.exchange.now(),
        urljoin(stay.url, noun.get("statusCallback", "")) if noun.get("statusCallback") else "",
        noun.get("statusCallbackMethod", "POST"),
        noun.get("statusCallbackEvent", ""),
    )
    with switch.exchange.changing() as state:
        state.conferences[conference.sid] = conference
    return conference


def _notify(switch: Switch, conference: Conference, call: Call, stay: Stay, event: str) -> None:
    """Tell of an event if the first participant asked for it: of `participant-join` as `join`."""
    with switch.exchange.changing():
        conference.sequence += 1
    if event.partition("-")[2] not in conference.events.split():
        return
    parameters = {
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(conference.sequence),
        "Timestamp": timestamp(switch.exchange.now()),
    }
    if event.startswith("participant-"):
        parameters |= {"Muted": "false", "Hold": "false", **_label(noun_of(stay))}
    switch.notify(call, conference.callback, conference.method, parameters)


def _label(noun: Element) -> dict[str, str]:
    label = noun.get("participantLabel", "")
    return {"ParticipantLabel": label} if label else {}

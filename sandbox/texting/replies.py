"""Replies to an inbound text, from the TwiML of the answer."""

from defusedxml import ElementTree

from sandbox.errors import Refusal
from sandbox.exchange import Exchange
from sandbox.records import Message
from sandbox.texting.outbound import Outbound, Text


def send_replies(exchange: Exchange, outbound: Outbound, received: Message, twiml: str) -> list[str]:
    """Send each `<Message>` of an answer; the errors that occurred."""
    try:
        root = ElementTree.fromstring(twiml)
    except ElementTree.ParseError:
        return ["12100 document parse failure"]
    errors = []
    for verb in root.findall("Message"):
        words = [verb.text or "", *(part.text or "" for part in verb.findall("Body"))]
        text = Text(
            account_sid=received.account_sid,
            to=verb.get("to", received.from_ or ""),
            from_=verb.get("from", received.to),
            body="".join(words).strip(),
            media=[part.text or "" for part in verb.findall("Media")],
            status_callback=verb.get("statusCallback", verb.get("action", "")),
            direction="outbound-reply",
        )
        try:
            with exchange.changing():
                outbound.send(text)
        except Refusal as refusal:
            errors.append(f"{refusal.code} {refusal.message}")
    return errors

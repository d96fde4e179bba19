"""Documents for calls in XML: elements, and the steps that carriers write alike.

The libraries for it take ten times as long, while a phone is ringing.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from provisioning.contract.voice import AskForKey, CallAnswer, Decline, HangUp, StopWaiting, Wait


def document(verbs: str) -> CallAnswer:
    """The answer with these verbs."""
    return CallAnswer("text/xml", f'<?xml version="1.0" encoding="UTF-8"?>{element("Response", verbs)}')


def element(name: str, content: str = "", **given: str | int | None) -> str:
    """One element around XML content. Attributes have the carrier's names; None is left out."""
    return f"<{name}{attributes(given)}>{content}</{name}>"


def attributes(given: Mapping[str, str | int | None]) -> str:
    """Attributes, each after a space."""
    return "".join([f" {name}={quoteattr(_value(value))}" for name, value in given.items() if value is not None])


def speakable(text: str) -> str:
    """Text as XML, without the control characters that it forbids; with one of them the carrier drops the call."""
    return escape("".join(character if character.isprintable() else " " for character in text))


def hang_up(_: HangUp) -> str:
    """End the call."""
    return element("Hangup")


def decline(_: Decline) -> str:
    """Turn the call away."""
    return element("Reject", reason="busy")


def stop_waiting(_: StopWaiting) -> str:
    """Lead the caller out of the queue."""
    return element("Leave")


def enqueue(step: Wait) -> str:
    """Put the caller into a queue."""
    asked = {"waitUrl": step.wait_url, "waitUrlMethod": "POST", "action": step.then_url, "method": "POST"}
    return element("Enqueue", escape(step.queue), **asked)


def gather(step: AskForKey, prompt: str) -> str:
    """Ask for one key, with the prompt as XML."""
    return element(
        "Gather", prompt, input="dtmf", numDigits=1, timeout=step.seconds, action=step.then_url, method="POST"
    )


def _value(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

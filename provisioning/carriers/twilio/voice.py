"""A call plan in TwiML (https://www.twilio.com/docs/voice/twiml)."""

from collections.abc import Sequence

from twilio.twiml.voice_response import VoiceResponse

from provisioning.contract.voice import AskForKey, CallAnswer, CallStep, Decline, HangUp, Ring, Say, TakeMessage

MOST_PHONES = 10  # a Dial with more is an error that the caller hears; https://www.twilio.com/docs/voice/twiml/dial


class TwilioVoice:
    """The voice facet: it runs while a phone is ringing, so it only writes."""

    def render(self, steps: Sequence[CallStep]) -> CallAnswer:
        """The steps as one TwiML document."""
        response = VoiceResponse()
        for step in steps:
            _write(step, response)
        return CallAnswer("text/xml", str(response))


def _write(step: CallStep, response: VoiceResponse) -> None:
    match step:
        case Say():
            _say(step, response)
        case Ring():
            _ring(step, response)
        case AskForKey():
            _ask_for_key(step, response)
        case TakeMessage():
            _take_message(step, response)
        case HangUp():
            response.hangup()
        case Decline():
            response.reject(reason="busy")


def _say(step: Say, response: VoiceResponse) -> None:
    response.say(_speakable(step.text), language=step.language)


def _ring(step: Ring, response: VoiceResponse) -> None:
    dial = response.dial(
        action=step.then_url,
        method="POST",
        timeout=step.seconds,
        caller_id=step.caller_id,
        answer_on_bridge=True,  # the caller hears ringing, not silence, until somebody talks
        sequential=step.in_turn or None,
    )
    screening = {"url": step.screen_url, "method": "POST"} if step.screen_url else {}
    for number in step.numbers[:MOST_PHONES]:
        dial.number(number, **screening)


def _ask_for_key(step: AskForKey, response: VoiceResponse) -> None:
    gather = response.gather(input="dtmf", num_digits=1, timeout=step.seconds, action=step.then_url, method="POST")
    gather.say(_speakable(step.prompt.text), language=step.prompt.language)


def _take_message(step: TakeMessage, response: VoiceResponse) -> None:
    # without an action the carrier would ask for the whole plan again after the message
    response.record(
        action=step.then_url,
        method="POST",
        max_length=step.longest,
        play_beep=True,
        recording_status_callback=step.recording_url,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed",  # a caller who says nothing is nobody's business
        transcribe=True,
        transcribe_callback=step.transcript_url,
    )


def _speakable(text: str) -> str:
    """Without the control characters that XML forbids: one of them would make the carrier drop the call."""
    return "".join(character if character.isprintable() else " " for character in text)

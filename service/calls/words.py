"""What our voice says to callers and to those who answer."""

from typing import Final

from provisioning.contract.voice import Say
from service.language import Language

_VOICES: Final = {Language.ENGLISH: "en-US", Language.SWEDISH: "sv-SE"}

_SENTENCES: Final = {
    "greeting": {
        Language.ENGLISH: "You have reached {business}. Nobody can take your call right now. "
        "Please leave a message after the tone.",
        Language.SWEDISH: "Du har kommit till {business}. Ingen kan svara just nu. "
        "Lämna gärna ett meddelande efter tonen.",
    },
    "screen": {
        Language.ENGLISH: "A call for {business}. Press 1 to take it.",
        Language.SWEDISH: "Samtal till {business}. Tryck 1 för att svara.",
    },
    "not_in_use": {
        Language.ENGLISH: "The number you have called is not in use. Goodbye.",
        Language.SWEDISH: "Numret du har ringt används inte. Hej då.",
    },
}


def said(sentence: str, language: Language, **facts: str) -> Say:
    """A sentence in a language, to be spoken."""
    return Say(_SENTENCES[sentence][language].format(**facts), _VOICES[language])

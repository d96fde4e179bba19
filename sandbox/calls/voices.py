"""Which voice speaks which language. https://www.twilio.com/docs/voice/twiml/say/text-speech."""

BASIC = frozenset({"en", "en-US", "en-GB", "es", "es-ES", "fr", "fr-FR", "de", "de-DE"})
LANGUAGES = {
    "man": BASIC,
    "woman": BASIC,
    "Polly.Joanna": frozenset({"en-US"}),
    "Polly.Matthew": frozenset({"en-US"}),
    "Polly.Amy": frozenset({"en-GB"}),
    "Polly.Astrid": frozenset({"sv-SE"}),
    "Polly.Lupe": frozenset({"es-US"}),
    "Polly.Mia": frozenset({"es-MX"}),
    "Polly.Conchita": frozenset({"es-ES"}),
    "Polly.Chantal": frozenset({"fr-CA"}),
    "Polly.Celine": frozenset({"fr-FR"}),
}
"""The default voice is `man`; of the others, those that are likely to be wanted here."""


def fault_of(voice: str, language: str) -> str:
    """Why a voice cannot speak a language, with Twilio's code; empty if it can. No language means the voice's own."""
    spoken = LANGUAGES.get(voice)
    if spoken is None:
        return f"13512: {voice} is no voice"
    return f"13511: {voice} does not speak {language}" if language and language not in spoken else ""

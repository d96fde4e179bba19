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
"""The languages of each voice. Without a `voice` attribute `man` speaks. Only some of Twilio's voices are listed."""


def fault_of(voice: str, language: str) -> str:
    """Twilio's error for a voice that does not speak a language; empty if it does, or if no language is named."""
    spoken = LANGUAGES.get(voice)
    if spoken is None:
        return f"13512: {voice} is no voice"
    return f"13511: {voice} does not speak {language}" if language and language not in spoken else ""

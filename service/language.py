"""The languages of pages and messages. A customer's language is not their number's country."""

from enum import StrEnum


class Language(StrEnum):
    """Languages of pages and messages, as BCP 47 tags; the first is spoken when nothing else is known."""

    ENGLISH = "en"
    SWEDISH = "sv"
    SPANISH = "es"
    FRENCH = "fr"

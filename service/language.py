"""The languages of pages, notices and voice. A customer's language does not depend on their number's country."""

from enum import StrEnum


class Language(StrEnum):
    """Our languages, as BCP 47 tags; the first is the default."""

    ENGLISH = "en"
    SWEDISH = "sv"
    SPANISH = "es"
    FRENCH = "fr"

"""What American carriers take no texts about, found by words in names and examples.

From the carriers' codes of conduct and CTIA's Messaging Principles (2023): https://www.ctia.org/the-wireless-industry/
industry-commitments/messaging-interoperability-sms-mms.
"""

import re
from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "Quick or third-party loans": r"payday|title loans?|student loans?|cash advance|debt (?:relief|consolidation)",
    "Collecting debts for others, or mending credit": r"debt collect\w*|collections? agency|credit repair",
    "Cryptocurrency": r"crypto\w*|bitcoin|ethereum|nft",
    "Selling leads or job offers of others": r"lead gen\w*|affiliate marketing",
    "Getting rich at home": r"work from home|get rich|passive income|pyramid|multi.level marketing",
    "Cannabis, CBD or kratom": r"cannabis|marijuana|weed|dispensary|cbd|thc|hemp|kratom|kava",
    "Prescription drugs": r"viagra|cialis|adderall|xanax|opioids?|oxycodone|semaglutide|ozempic",
    "Gambling": r"casino|gambling|sportsbook|betting|slots|poker|lottery",
    "Sex": r"escorts?|xxx+ ?(?:video|movie|show)s?|porn\w*|adult (?:video|toy|store)s?|strip club",
    "Firearms": r"firearms?|ammunition|ammo|handguns?|rifles?|gun (?:shop|store|range)",
    "Tobacco or vaping": r"vape\w*|vaping|e.?cig\w*|tobacco|cigars?|cigarettes?|hookah",
    "Alcohol without asking for the age": r"liquor|vodka|whiskey|brewery|winery|beer|cocktails?",
}

FORBIDDEN: Final[Mapping[str, re.Pattern[str]]] = {
    subject: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for subject, words in _WORDS.items()
}
"""The pattern of each subject."""

"""The sentences that carriers and the law want word for word, in each language of a business's page.

Express consent: 47 CFR 64.1200(f)(9); what stands at the box and in the privacy statement: CTIA's Messaging Principles
(2023) and the carriers' codes 30896, 30908, 30923 to 30934. A test keeps each.
"""

from collections.abc import Mapping
from typing import Final

from service.language import Language
from service.notifications.gsm import spelled_plainly
from service.registration.models import Business, Purpose

_KINDS: Final[Mapping[Language, Mapping[Purpose, str]]] = {
    Language.ENGLISH: {
        Purpose.ANSWERS: "customer service",
        Purpose.APPOINTMENTS: "appointment",
        Purpose.DELIVERIES: "order and delivery",
        Purpose.ACCOUNT: "account",
        Purpose.OFFERS: "promotional",
        Purpose.MIXED: "customer service and promotional",
    },
    Language.SWEDISH: {
        Purpose.ANSWERS: "kundservice",
        Purpose.APPOINTMENTS: "bokade tider",
        Purpose.DELIVERIES: "beställningar och leveranser",
        Purpose.ACCOUNT: "mitt konto",
        Purpose.OFFERS: "erbjudanden",
        Purpose.MIXED: "kundservice och erbjudanden",
    },
    Language.SPANISH: {
        Purpose.ANSWERS: "atención al cliente",
        Purpose.APPOINTMENTS: "citas",
        Purpose.DELIVERIES: "pedidos y entregas",
        Purpose.ACCOUNT: "mi cuenta",
        Purpose.OFFERS: "promociones",
        Purpose.MIXED: "atención al cliente y promociones",
    },
    Language.FRENCH: {
        Purpose.ANSWERS: "le service à la clientèle",
        Purpose.APPOINTMENTS: "les rendez-vous",
        Purpose.DELIVERIES: "les commandes et les livraisons",
        Purpose.ACCOUNT: "mon compte",
        Purpose.OFFERS: "les promotions",
        Purpose.MIXED: "le service à la clientèle et les promotions",
    },
}

_CONSENT: Final = {
    Language.ENGLISH: "I agree to receive {kind} text messages from {name} at this number. Consent is not a condition "
    "of purchase. Message frequency varies. Message and data rates may apply. Reply STOP to opt out, HELP for help.",
    Language.SWEDISH: "Jag samtycker till att få sms från {name} om {kind} till det här numret. Samtycket är inget "
    "villkor för köp. Antalet sms varierar. Avgifter för sms och data kan tillkomma. Svara STOP för att slippa fler, "
    "HELP för hjälp.",
    Language.SPANISH: "Acepto recibir mensajes de texto de {name} sobre {kind} en este número. El consentimiento no es "
    "condición de compra. La frecuencia de los mensajes varía. Pueden aplicarse tarifas de mensajes y datos. Responda "
    "STOP para no recibir más, HELP para obtener ayuda.",
    Language.FRENCH: "J’accepte de recevoir à ce numéro des textos de {name} concernant {kind}. Le consentement n’est "
    "pas une condition d’achat. La fréquence des messages varie. Des frais de messagerie et de données peuvent "
    "s’appliquer. Répondez STOP pour ne plus en recevoir, HELP pour obtenir de l’aide.",
}

PRIVACY: Final = {
    Language.ENGLISH: "No mobile information is shared with third parties or affiliates for marketing or promotional "
    "purposes. Opt-in data and consent are shared with no one.",
    Language.SWEDISH: "Inga mobiluppgifter delas med tredje part eller närstående företag för marknadsföring eller "
    "reklam. Uppgifter om samtycke delas inte med någon.",
    Language.SPANISH: "Ningún dato del teléfono móvil se comparte con terceros ni con empresas afiliadas con fines de "
    "mercadotecnia o promoción. Los datos del consentimiento no se comparten con nadie.",
    Language.FRENCH: "Aucun renseignement sur le téléphone mobile n’est communiqué à des tiers ni à des sociétés "
    "affiliées à des fins de marketing ou de promotion. Les données du consentement ne sont communiquées à personne.",
}
"""That no mobile data is shared."""

_CONFIRMATION: Final = {
    Language.ENGLISH: "{name}: you agreed to texts about {kind}. Message frequency varies. Msg & data rates may apply. "
    "Reply HELP for help, STOP to opt out.",
    Language.SWEDISH: "{name}: du har godkänt sms om {kind}. Antalet varierar. Avgifter kan tillkomma. Svara HELP för "
    "hjälp, STOP för att slippa fler.",
    Language.SPANISH: "{name}: usted aceptó mensajes sobre {kind}. La frecuencia varía. Pueden aplicarse tarifas. "
    "Responda HELP para ayuda, STOP para terminar.",
    Language.FRENCH: "{name}: vous avez accepté des textos concernant {kind}. La fréquence varie. Des frais peuvent "
    "s'appliquer. Répondez HELP pour de l'aide, STOP pour arrêter.",
}


def name_of(business: Business) -> str:
    """The name that customers know."""
    return business.trade_name or business.legal_name


def consent(business: Business, language: Language) -> str:
    """The words beside the box, to which people agree."""
    return _said(_CONSENT, business, language)


def confirmation(business: Business, language: Language) -> str:
    """The first text to a person who has ticked the box."""
    return spelled_plainly(_said(_CONFIRMATION, business, language))


def _said(sentences: Mapping[Language, str], business: Business, language: Language) -> str:
    kind = _KINDS[language][business.purpose or Purpose.ANSWERS]
    return sentences[language].format(name=name_of(business), kind=kind)

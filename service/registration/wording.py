"""What reviewers read of a business, worded from its answers. Reviewers read English."""

from collections.abc import Mapping
from typing import Final

from service.language import Language
from service.optins import Way
from service.registration.legal import consent, name_of
from service.registration.models import Business, Purpose

_ABOUT: Final[Mapping[Purpose, str]] = {
    Purpose.ANSWERS: "answers to their questions and orders",
    Purpose.APPOINTMENTS: "confirmations and reminders of their appointments",
    Purpose.DELIVERIES: "news of their orders and deliveries",
    Purpose.ACCOUNT: "news of their account",
    Purpose.OFFERS: "offers that they asked for",
    Purpose.MIXED: "answers, news of their orders and appointments, and offers that they asked for",
}

_FLOW: Final[Mapping[Way, str]] = {
    Way.WROTE_FIRST: "Customers text or call the number of {name} first and are answered in that conversation.",
    Way.OUR_PAGE: "At {page}, which is open to everybody without signing in, visitors enter their mobile number and "
    "tick a box that is empty at first, beside these words: “{consent}” Terms ({terms}) and privacy policy ({privacy}) "
    "are linked there. Number, words, page and time are recorded. A text confirms it and says how to stop.",
    Way.OWN_WEBSITE: "The form at {website} has the same empty box and the same words.",
    Way.ON_PAPER: "At the counter customers write their mobile number on a form with the same words, and sign it.",
    Way.ON_THE_PHONE: "On the phone the team asks: “May {name} send you texts? Message frequency varies, message and "
    "data rates may apply, and you can reply STOP at any time.” The answer is noted with its time.",
}

_HELP: Final = "{name}: for help write to {email}. Msg & data rates may apply. Reply STOP to opt out."
_STOPPED: Final = "{name}: you are unsubscribed and will get no more texts. Reply START to get them again."


def word_for_reviewers(business: Business, page: str) -> None:
    """Write description, flow, answers and addresses. `page` is the business's public page (an absolute URL)."""
    business.privacy_url, business.terms_url = f"{page}/privacy", f"{page}/terms"
    business.website = business.website or page
    facts = {
        "name": name_of(business),
        "page": page,
        "website": business.website,
        "terms": business.terms_url,
        "privacy": business.privacy_url,
        "email": business.email,
        "consent": consent(business, Language.ENGLISH),
    }
    ways = [way for way in Way if way is Way.OUR_PAGE or way in business.ways]
    business.flow = " ".join(_FLOW[way].format(**facts) for way in ways)
    about = _ABOUT[business.purpose or Purpose.ANSWERS]
    business.description = (
        f"{business.legal_name}, known as {name_of(business)}, texts its own customers who agreed to it: {about}. "
        "Texts are written by the team of the business and answered by them; no list is bought or shared."
    )
    business.help_text, business.stop_text = _HELP.format(**facts), _STOPPED.format(**facts)

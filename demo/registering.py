"""The chapters about texts to the United States: refused, registered, delivered; a docstring is the chapter's title."""

from datetime import timedelta
from typing import Final

from demo.beginning import NEIGHBOUR
from demo.browser import Page
from demo.play import MOBILE, Play, spoken

ANSWERS: Final = {
    "legal_name": "Corner Bakery LLC",
    "legal_form": "llc",
    "tax_id": "12-3456789",
    "industry": "food",
    "street": "11 Wall Street",
    "city": "New York",
    "region": "NY",
    "postal_code": "10005",
    "website": "corner-bakery.example",
    "first_name": "Alice",
    "last_name": "Baker",
    "phone": MOBILE,
    "purpose": "answers",
    "way_wrote_first": "true",
    "agreed": "true",
}
REVIEW: Final = timedelta(days=15)
AND_OURS: Final = 2
"""The campaign of the bakery, and that of Portline's own texts."""


def texts_wait(play: Play) -> None:
    """Texts to the United States wait."""
    page = play.inbox("Are you open on Sunday?")
    play.teller.quote("Where the answer would be written:", page.texts(".composer-refusal")[0])
    play.say(
        "Why: American operators deliver texts of registered businesses only. We try it past Portline, at the carrier."
    )
    sid = play.outside.text_past_us(play.temporary, NEIGHBOUR, "We are, from eight to noon.")
    text = play.until(lambda: play.outside.failed_text(sid), "the carrier to say what became of the text")
    play.say(
        f"It takes the text, and minutes later says: {text['status']}, error {text['error_code']}. No phone shows it."
    )
    if play.outside.texts_on(NEIGHBOUR):
        raise AssertionError("a text without a registration should not be delivered")


def register(play: Play) -> None:
    """The business registers."""
    page = play.customer.open("/texting")
    play.say(
        "One page asks for what the tax letter says and what is texted. It says what that costs before it is sent:"
    )
    play.teller.quote("The page:", "\n".join(page.texts('[aria-labelledby="fees"] .facts div')))
    play.customer.send(page, ANSWERS)
    _stands(play, "Your business is being checked")
    play.hours_pass(0.2)
    _stands(play, "In carrier review")
    play.until(lambda: len(play.outside.campaigns()) == AND_OURS, "what the bakery texts to be at the carrier")
    play.glance_at_mail()


def texting_is_on(play: Play) -> None:
    """Two weeks later: texting is on."""
    play.days_pass_until(play.outside.now() + REVIEW)
    _stands(play, "Texting is on")
    play.glance_at_mail()
    play.hours_pass(0.5)
    page = play.until(lambda: _writable(play), "the field for an answer")
    play.customer.send(page, {"text": "We are, from eight to noon."})
    answer = play.until(lambda: play.outside.texts_on(NEIGHBOUR), "the answer on the neighbour's phone")[0]
    play.teller.quote(f"The neighbour's phone, a text from {spoken(answer['from'])}:", answer["body"])


def _stands(play: Play, words: str) -> None:
    page = f"“{words}” on the page of the registration"
    play.until(lambda: words in play.customer.open("/texting").text, page)
    play.say(f"The page of the registration: “{words}”.")


def _writable(play: Play) -> Page | None:
    page = play.inbox("Are you open on Sunday?")
    return None if page.texts(".composer-refusal") else page

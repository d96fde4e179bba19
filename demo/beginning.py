"""The first chapters: signing up and using the first number; a docstring is the chapter's title."""

import re
import time

from demo.play import EMAIL, Play, spoken

NEIGHBOUR = "+12125550117"
SUPPLIER = "+12015550188"
WELCOME_SECONDS = 30


def sign_up(play: Play) -> None:
    """A customer signs up."""
    page = play.customer.open("/sign-up")
    entered = {"email": EMAIL, "business": "Corner Bakery", "near": play.number, "zone": "America/New_York"}
    play.say(f"Corner Bakery signs up, and names the number it has today: {spoken(play.number)}.")
    page = play.customer.send(page, entered)
    code = re.search(r"\d{6}", play.mailed()["text"])
    if code is None:
        raise LookupError("no code in the email")
    entered_at = time.monotonic()
    play.customer.send(page, {"code": code[0]})
    play.temporary = play.until(lambda: _number_shown(play), "the first number", WELCOME_SECONDS)
    seconds = time.monotonic() - entered_at
    play.say(f"The code is entered, and {seconds:.1f} seconds later the page shows a number: {spoken(play.temporary)}.")


def first_visitors(play: Play) -> None:
    """The number works."""
    play.say(f"A neighbour texts {spoken(play.temporary)}.")
    play.outside.text(NEIGHBOUR, play.temporary, "Are you open on Sunday?")
    play.inbox("Are you open on Sunday?")
    play.say("The text is in the inbox.")
    play.say("A supplier calls it. No one picks up.")
    heard = play.outside.call(SUPPLIER, play.temporary, says="The flour comes on Thursday.")
    play.teller.quote("The supplier hears and does:", "\n".join(heard))
    play.inbox("Voicemail", "The flour comes on Thursday.")
    play.say("The voicemail is in the inbox, written out.")


def _number_shown(play: Play) -> str:
    links = play.customer.open("/welcome").soup.select(".number-display a")
    return str(links[0]["href"]).removeprefix("tel:") if links else ""

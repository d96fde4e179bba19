"""The chapters from the form to the morning of the move; a docstring is the chapter's title."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfWriter

from demo.play import MOBILE, Play, spoken

SIGNER = "owner@corner-bakery.example"
GOOD_ACCOUNT = "1000200030"
"""The account number that the sandbox's old operator knows."""

CANADIAN = "+14165552671"
_AMERICAN = {"street": "11 Wall Street", "city": "New York", "region": "NY", "postal_code": "10005"}
_CANADIAN = {"street": "255 Front Street West", "city": "Toronto", "region": "ON", "postal_code": "M5V 2W6"}


def bring_number(play: Play) -> None:
    """The customer's own number."""
    page = play.customer.send(play.customer.open("/bring"), {"number": spoken(play.number)})
    play.port = page.url.removesuffix("/number")
    answer = play.until(lambda: play.customer.open(f"{play.port}/number").texts("h2.good"), "the answer if it can come")
    play.say(f"Can {spoken(play.number)} transfer? {answer[0]}")
    play.say(
        "Five short steps: who holds it, the address on the bill, the account, the bill itself, how to be reached."
    )
    _answer_steps(play, account="1000200031" if play.number.endswith("3156") else GOOD_ACCOUNT)
    _show_that_it_is_theirs(play)
    _show_that_the_mobile_is_theirs(play)
    agreed = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
    play.customer.send(play.customer.open(f"{play.port}/review"), agreed)
    play.say("Everything is looked over, four statements are ticked, and it is sent.")
    play.texted("Keep your old service")


def sign(play: Play) -> None:
    """The signature."""
    play.until(lambda: _awaits_signature(play), "the letter to be signed", 30)
    play.stands("Needs your signature")
    play.texted("we need a signature")
    letter = play.customer.open(play.outside.signature_emails()[-1]["url"])
    play.customer.send(letter, {"name": "The owner"})
    play.say("The letter of authorization is read and signed on the carrier's page.")
    play.hours_pass(0.01)
    play.stands("With your provider")


def sign_our_letter(play: Play) -> None:
    """The signature, on our own page."""
    play.stands("Needs your signature")
    link = play.until(lambda: _link_to_sign(play), "the mail with the letter")
    play.customer.send(play.customer.open(link), {"signer": "The owner", "agreed": "y"})
    play.say("This carrier takes our letter of authorization: it is read and signed on a page of ours, and sent along.")
    play.until(lambda: play.outside.is_filed(play.number), "the order at the carrier")
    play.hours_pass(0.2)
    play.stands("With your provider")


def _link_to_sign(play: Play) -> str | None:
    words = [word for mail in play.outside.mail_to(SIGNER) for word in mail["text"].split()]
    return next((word for word in reversed(words) if "/sign/" in word), None)


def _awaits_signature(play: Play) -> bool:
    return any(order["status"] == "waiting_for_signature" for order in play.outside.orders()[-1:])


def old_operator_agrees(play: Play) -> None:
    """The old operator agrees."""
    play.hours_pass(4.5)
    play.stands("Date set")
    play.texted(" moves ", "Change or follow it")


def old_operator_refuses(play: Play) -> None:
    """The old operator refuses."""
    play.hours_pass(4.5)
    page = play.stands("We need one thing from you")
    play.teller.quote("The page:", page.texts("section.panel p")[0])
    play.texted("can't transfer")
    play.say("The customer follows the link. It asks for one thing, the account number, and nothing else.")
    play.customer.send(play.customer.open(f"{play.port}/fix"), {"account_number": GOOD_ACCOUNT})
    play.say("It is sent again. The carrier makes a new order of it, so the letter is signed anew.")


def wait_for_the_day(play: Play) -> None:
    """Two days before, and the morning."""
    day = play.committed()
    play.days_pass_until(day - timedelta(days=2))
    play.say("Two days before the move.")
    play.texted("Check who answers calls")
    play.days_pass_until(day - timedelta(minutes=90))
    play.say("The morning of the move.")
    play.texted("moves today")


def _answer_steps(play: Play, account: str) -> None:
    holder = {"subscriber_kind": "business", "subscriber_name": "Corner Bakery LLC", "authorized_person": "The owner"}
    address = _CANADIAN if play.number == CANADIAN else _AMERICAN
    _answer(play, "holder", {**holder, "authorized_email": SIGNER})
    _answer(play, "address", address)
    _answer(play, "account", {"account_number": account})
    step = play.customer.open(f"{play.port}/steps/bill")
    play.customer.send(step, {}, files={"bill": ("bill.pdf", _bill(), "application/pdf")})
    _answer(play, "contact", {"contact_number": MOBILE})


def _show_that_it_is_theirs(play: Play) -> None:
    """A code goes to the number itself, which still is at the old operator."""
    play.customer.send(play.customer.open(f"{play.port}/review"), {"way": "text"})
    text = _enter_code_on(play, play.number)
    play.teller.quote(f"A text to {spoken(play.number)}, which still is at the old operator:", text)


def _show_that_the_mobile_is_theirs(play: Play) -> None:
    """No text goes to the mobile before a code to it was entered."""
    play.customer.send(play.customer.open(f"{play.port}/review"), {"way": "text"})
    _enter_code_on(play, MOBILE)


def _enter_code_on(play: Play, phone: str) -> str:
    """Enter the code that was texted to a phone; the text."""
    text = play.until(lambda: next(iter(play.outside.texts_on(phone)), None), "the code on the phone")
    play.customer.send(play.customer.open(f"{play.port}/review"), {"code": text["body"][:6]})
    return str(text["body"])


def _answer(play: Play, step: str, answers: dict[str, str]) -> None:
    play.customer.send(play.customer.open(f"{play.port}/steps/{step}"), answers)


def _bill() -> bytes:
    """A bill: a PDF with one empty page."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(file)
    return file.getvalue()

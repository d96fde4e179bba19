"""The chapters from the day of the move to the end of the temporary number; a docstring is the chapter's title."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from demo.beginning import NEIGHBOUR, SUPPLIER
from demo.browser import Page
from demo.play import Play, spoken

GRACE = timedelta(days=31)


def number_arrives(play: Play) -> None:
    """The number arrives."""
    play.days_pass_until(play.committed() + timedelta(minutes=2))
    _set_up(play)


def number_arrives_early(play: Play) -> None:
    """The number arrives a day early."""
    play.days_pass_until(play.committed() - timedelta(days=1) + timedelta(minutes=2))
    play.say("No one announced it: the carrier completes the port a day before its date.")
    _set_up(play)


def texts_follow(play: Play) -> None:
    """Texts follow the calls."""
    play.say("This carrier moves the texts of a number by themselves, some minutes after its calls.")
    play.hours_pass(0.2)


def prove(play: Play) -> None:
    """Each channel is proven by itself."""
    play.say(f"The supplier calls {spoken(play.number)}.")
    heard = play.outside.call(SUPPLIER, play.number, says="Two sacks of rye as well.")
    play.teller.quote("The supplier hears and does:", "\n".join(heard))
    play.inbox("The flour comes on Thursday.", "Two sacks of rye as well.")
    play.say("Same inbox, same conversation: the voicemail stands below the first one.")
    play.say(f"The neighbour texts {spoken(play.number)}.")
    play.outside.text(NEIGHBOUR, play.number, "A dozen rolls for Sunday, please.")
    page = play.inbox("Are you open on Sunday?", "A dozen rolls for Sunday, please.")
    play.texted("yours come from it")
    answer = _answered(play, page, "With pleasure.")
    play.teller.quote(f"The neighbour's phone, a text from {spoken(answer['from'])}:", answer["body"])
    if answer["from"] != play.number:
        raise AssertionError("the answer should leave from the number that moved")
    play.say("No one has sent a picture yet, so ten minutes later Portline sends one itself.")
    play.hours_pass(0.2)
    play.texted("You can cancel your old service")
    _show_proofs(play)
    play.stands("Done")


def calls_arrive(play: Play) -> None:
    """Calls come in, and texts wait."""
    play.say(f"The supplier calls {spoken(play.number)}.")
    heard = play.outside.call(SUPPLIER, play.number, says="Two sacks of rye as well.")
    play.teller.quote("The supplier hears and does:", "\n".join(heard))
    play.inbox("The flour comes on Thursday.", "Two sacks of rye as well.")
    page = play.until(lambda: _with_calls(play), "calls to be proven on the page of the move")
    play.teller.quote("The page of the move:", "\n".join(page.texts(".channels li")))
    play.say("Texts from a toll-free number wait until operators have verified its business. Nothing is called done.")


def take_back(play: Play) -> None:
    """The transfer is undone."""
    play.say("One button on the page of moving day undoes everything of ours.")
    play.customer.press(play.moves("Undo the transfer"), "Undo the transfer")
    play.texted("we undid the transfer")
    play.moves("Not yet. Keep your old service.")
    play.say("Can I cancel my old service? “Not yet. Keep your old service.”")
    play.outside.text(NEIGHBOUR, play.number, "Make it two dozen!")
    page = play.inbox("Make it two dozen!")
    if _answered(play, page, "Two dozen it is.")["from"] != play.temporary:
        raise AssertionError("the answer should leave from the temporary number")
    play.say(f"A text to {spoken(play.number)} is not lost; the answer leaves from {spoken(play.temporary)}.")


def move_again(play: Play) -> None:
    """The move is made again."""
    play.customer.press(play.moves("Resume transfer"), "Resume transfer")
    play.moves("Undo the transfer")
    play.say("The same steps, the same rows, and proof anew.")
    play.outside.call(SUPPLIER, play.number, says="See you on Thursday.")
    play.outside.text(NEIGHBOUR, play.number, "This is the tin I mean.", "image/jpeg")
    _show_proofs(play)
    play.stands("Done")
    if play.temporary not in play.outside.numbers():
        raise AssertionError("the temporary number should still be here")


def temporary_still_answers(play: Play) -> None:
    """The temporary number still answers."""
    stranger = "+16505550163"
    play.say(f"Somebody has the old card and texts {spoken(play.temporary)}.")
    play.outside.text(stranger, play.temporary, "Is the cake ready?")
    play.inbox("Is the cake ready?")
    notice = play.until(lambda: play.outside.texts_on(stranger), "a polite answer")[0]
    play.teller.quote(f"It is in the inbox, and they get one answer, from {spoken(notice['from'])}:", notice["body"])


def temporary_goes(play: Play) -> None:
    """The temporary number is given back."""
    play.days_pass_until(play.outside.now() + GRACE - timedelta(days=6))
    play.say("Weeks later. No one has used the temporary number for a while.")
    play.texted("stops working")
    play.days_pass_until(play.outside.now() + timedelta(days=7))
    play.until(lambda: play.temporary not in play.outside.numbers(), "the temporary number to be given back")
    play.say(f"{spoken(play.temporary)} is given back. {spoken(play.number)} stays.")
    if play.number not in play.outside.numbers():
        raise AssertionError("the number that moved should be here")


def _answered(play: Play, page: Page, words: str) -> Mapping[str, Any]:
    """Answer the neighbour in an open conversation; the text as it came to their phone."""
    play.customer.send(page, {"text": words})

    def answers() -> list[Mapping[str, Any]]:
        return [text for text in play.outside.texts_on(NEIGHBOUR) if text["body"] == words]

    return play.until(answers, "the answer on the neighbour's phone")[0]


def _with_calls(play: Play) -> Page | None:
    page = play.customer.open(f"{play.port}/move/")
    return page if any(line.startswith("Incoming calls Works") for line in page.texts(".channels li")) else None


def _show_proofs(play: Play) -> None:
    page = play.moves("Yes. Everything works here.")
    play.teller.quote("The page of the move:", "\n".join(page.texts(".channels li")))


def _set_up(play: Play) -> None:
    play.until(lambda: play.outside.has_moved(play.number), "the carrier to complete the port")
    play.hours_pass(0.02)
    play.stands("Arrived, testing")
    play.texted("arrive here")

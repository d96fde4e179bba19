"""Whether an automatic answer may go out."""

from datetime import date, timedelta

import pytest

from service.inbox import receiving
from service.inbox.automatic import Occasion, answer
from service.time import now
from tests.service.inbox.lines import a_standing_line, a_text

MONDAY = date(2026, 3, 2)


@pytest.fixture
def answers(session, line):
    """Whether a text is answered."""

    def answers(text="Hello", *, occasion=Occasion.AFTER_HOURS, day=MONDAY, **more):
        answers.count += 1
        message = receiving.receive(session, a_text(text, reference=f"SM{answers.count}", **more))
        return answer(session, message, occasion, "We are closed.", day) is not None

    answers.count = 0
    return answers


def test_a_contact_is_answered_once_for_each_occasion_and_day(answers):
    assert answers()
    assert not answers()
    assert answers(occasion=Occasion.RETIRING)
    assert answers(day=MONDAY + timedelta(days=1))
    assert answers(sender="+14155550199")


@pytest.mark.parametrize("sender", ["72345", "MY BANK", ""])
def test_a_machine_is_not_answered(answers, sender):
    assert not answers(sender=sender)


def test_a_number_of_our_own_is_not_answered(answers, session):
    a_standing_line(session, number="+14155550177")
    assert not answers(sender="+14155550177")


@pytest.mark.parametrize(
    "text",
    [
        "Automatic reply: I am away",
        "Auto-reply from Bob",
        "Autosvar: vi har stängt",
        "I'm out of office until Monday",
        "Your code is 1234. Do not reply.",
        "I'm driving with Focus on and will see this later",
    ],
)
def test_an_automatic_answer_is_not_answered(answers, text):
    assert not answers(text)


@pytest.mark.parametrize("text", ["STOP", "help", "Hjälp"])
def test_a_keyword_is_not_answered(answers, text):
    assert not answers(text)


def test_nobody_is_answered_after_stop(answers):
    answers("STOP")
    assert not answers("Hello again")


def test_a_text_that_was_found_late_is_not_answered(answers):
    assert not answers(at=now() - timedelta(hours=1))


@pytest.mark.parametrize("text", ["Opt-out.", "“STOPP”", "Please stop texting me", "Sluta skicka sms"])
def test_a_sender_who_wants_no_texts_is_not_answered_with_one(answers, text):
    assert not answers(text)

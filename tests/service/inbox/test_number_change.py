"""A contact who texts a retiring number is told the new one once."""

import pytest
from sqlalchemy import select

from service.inbox import receiving
from service.inbox.models import Direction, Message
from service.language import Language
from tests.service.inbox.lines import REAL, a_standing_line, a_text, retire


@pytest.fixture
def answers(session):
    def texts():
        automatic = select(Message).where(Message.direction == Direction.OUT, Message.automatic)
        return [(answer.number, answer.text) for answer in session.scalars(automatic)]

    return texts


def test_a_text_to_a_retiring_number_is_answered_with_the_real_one(session, line, answers):
    retire(session, line)
    receiving.receive(session, a_text())
    [(number, text)] = answers()
    assert number == REAL
    assert "Our number is now (415) 555-2671, please" in text
    assert "Alice's Bakery" in text


def test_the_answer_is_in_the_language_of_the_line(session, clock, answers):
    retire(session, a_standing_line(session, language=Language.SWEDISH))
    receiving.receive(session, a_text())
    assert "Vårt nummer är nu" in answers()[0][1]


def test_each_contact_is_answered_once(session, line, answers):
    retire(session, line)
    for reference in ("SM1", "SM2", "SM3"):
        receiving.receive(session, a_text(reference=reference))
    receiving.receive(session, a_text(sender="+14155550124", reference="SM4"))
    assert len(answers()) == 2


def test_a_text_to_the_real_number_is_not_answered(session, line, answers):
    retire(session, line)
    receiving.receive(session, a_text(to=REAL))
    assert answers() == []


def test_a_temporary_number_in_service_does_not_answer(session, line, answers):
    receiving.receive(session, a_text())
    assert answers() == []


@pytest.mark.parametrize("sender", ["72345", "MY BANK", ""])
def test_a_machine_is_not_answered(session, line, answers, sender):
    retire(session, line)
    receiving.receive(session, a_text(sender=sender))
    assert answers() == []


def test_one_of_our_own_numbers_is_not_answered_since_it_might_answer_back(session, line, answers):
    retire(session, line)
    other = a_standing_line(session, number="+14155550177")
    retire(session, other, real="+14155550178")
    receiving.receive(session, a_text(sender="+14155550177"))
    assert answers() == []


@pytest.mark.parametrize("word", ["STOP", "HELP"])
def test_a_keyword_is_not_answered_since_the_carrier_does(session, line, answers, word):
    retire(session, line)
    receiving.receive(session, a_text(word))
    assert answers() == []


def test_nothing_is_answered_after_stop(session, line, answers):
    receiving.receive(session, a_text("STOP"))
    retire(session, line)
    receiving.receive(session, a_text("Hello again", reference="SM2"))
    assert answers() == []


def test_the_retiring_number_itself_is_never_recommended(session, line, answers):
    real = retire(session, line)
    real.texts_since = None
    receiving.receive(session, a_text())
    assert answers() == []

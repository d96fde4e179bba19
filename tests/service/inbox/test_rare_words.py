"""A search uses the index by its rarest word, however common the others are."""

import pytest
from sqlalchemy import text

from service.inbox import receiving
from service.inbox.models import Message
from service.inbox.rare_words import holds_a_rare_word
from tests.service.inbox.lines import a_text


@pytest.fixture
def rare(session, line):
    """Texts of thirty customers about rye bread, with fresh statistics in the database."""
    for turn in range(30):
        receiving.receive(session, a_text("Is my rye bread ready?", reference=f"SM{turn}"))
    session.flush()
    session.execute(text("ANALYZE messages"))
    return lambda wanted: holds_a_rare_word(session, Message.__tablename__, wanted)


@pytest.mark.parametrize("wanted", ["zebra", "bread 200201", '"rye bread" 200201', "rye zeb"])
def test_a_word_that_is_not_known_as_common_is_rare(rare, wanted):
    assert rare(wanted)


@pytest.mark.parametrize("wanted", ["bread", "rye bread", '"rye bread"', "Ready BREAD"])
def test_words_that_many_said_are_common(rare, wanted):
    assert not rare(wanted)


def test_a_word_in_the_making_is_as_common_as_what_it_may_become(rare):
    assert not rare("rye bre")


def test_one_of_two_words_is_as_common_as_the_commoner(rare):
    assert not rare("bread or zebra")

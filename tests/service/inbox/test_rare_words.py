"""A search uses the index by its rarest word, however common the others are."""

import pytest
from sqlalchemy import event, text

from service.inbox import receiving
from service.inbox.models import Message
from service.inbox.rare_words import holds_a_rare_word
from service.inbox.search import quoted, search
from tests.service.inbox.lines import a_member, a_text


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


@pytest.fixture
def plans(session, line, rare):
    """The plans by which a search is run, where the database uses the index of words wherever it can."""
    alice = a_member(session, line, "Alice")
    experiment = session.begin_nested()
    session.execute(text("SET LOCAL enable_seqscan = off; DROP INDEX ix_messages_thread"))

    def run(look):
        asked = []

        def note(_connection, _cursor, statement, given, *_):
            asked.append((statement, given))

        event.listen(session.connection(), "before_cursor_execute", note)
        look(session, alice, line)
        event.remove(session.connection(), "before_cursor_execute", note)
        texts = [one for one in asked if "FROM messages" in one[0] and ".words @@" in one[0]]
        explained = [session.connection().exec_driver_sql(f"EXPLAIN {said}", given) for said, given in texts]
        return ["\n".join(row[0] for row in plan) for plan in explained]

    yield run
    experiment.rollback()


def searching(words):
    return lambda session, alice, line: search(session, alice, [line], words)


def test_common_words_are_looked_for_among_ones_own_texts_and_rare_ones_in_the_index_of_all(plans):
    own, of_all = plans(searching("rye bread"))[0], plans(searching("rye zebra"))[0]
    assert "ix_messages_words" not in own
    assert "ix_messages_words" in of_all


def test_what_is_quoted_of_a_conversation_is_sought_in_it_alone(plans):
    [plan] = plans(lambda session, _alice, line: quoted(session, [line.id], "zebra"))
    assert "ix_messages_words" not in plan

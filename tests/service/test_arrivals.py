"""What follows from an incoming text: a notice to the team, and an answer after hours."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.arrivals import text_arrived
from service.calls.document import written
from service.calls.models import CallPlan
from service.calls.nodes import Hours, Span
from service.calls.queries import plan_of
from service.inbox.handling import settings_of
from service.inbox.models import Direction, Message
from service.team_notices.models import TeamNotice
from tests.service.inbox.lines import a_member, a_standing_line, a_text


@pytest.fixture
def line(session, clock):
    return a_standing_line(session)


@pytest.fixture
def closed(session, line):
    """It is Monday, and the line opens on Sundays."""
    sunday = (Span(540, 1020),)
    week = ((), (), (), (), (), (), sunday)
    plan = replace(plan_of(session, line.id), hours=Hours("America/New_York", week))
    session.add(CallPlan(line_id=line.id, document=written(plan)))
    session.flush()


@pytest.fixture
def answers(session, services):
    def answers(*texts):
        for turn, text in enumerate(texts):
            text_arrived(session, services, a_text(text, reference=f"SM{turn}"))
        ours = select(Message.text).where(Message.direction == Direction.OUT, Message.automatic)
        return session.scalars(ours).all()

    return answers


def test_a_text_while_the_line_is_closed_is_answered_once(answers, closed):
    [answer] = answers("Are you open?", "Hello?")
    assert answer.startswith("Automatic reply from Alice's Bakery: we are closed")


def test_the_line_may_say_it_in_its_own_words(answers, closed, session, line):
    settings_of(session, line.id).after_hours_text = "We bake at night."
    assert answers("Are you open?") == ["We bake at night."]


def test_a_line_that_does_not_want_it_answers_nothing(answers, closed, session, line):
    settings_of(session, line.id).after_hours = False
    assert answers("Are you open?") == []


def test_a_line_that_is_open_answers_nothing_by_itself(answers, line):
    assert answers("Are you open?") == []


def test_the_team_is_told_of_a_text_once(session, services, line):
    a_member(session, line, "Anna")
    for _ in range(2):
        text_arrived(session, services, a_text())
    assert [notice.event for notice in session.scalars(select(TeamNotice))] == ["text"]

"""Undoing what was just done with conversations."""

from datetime import timedelta

import pytest

from service.inbox import handling
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation, Handling
from service.inbox.tags import add_tag, tags_of
from service.time import now
from service.web.inbox.undo import MOST

ANN, BEN, EVE = "+14155550111", "+14155550122", "+14155550133"


@pytest.fixture
def talks(services, line):
    """Ids of three conversations: one is open, one assigned to Bob and snoozed, one done."""
    with services.sessions.begin() as session:
        here = session.merge(line)
        ann, ben, eve = (conversation_with(session, here, number) for number in (ANN, BEN, EVE))
        handling.snooze(ben, now() + timedelta(days=2))
        handling.finish(eve)
        return [ann.id, ben.id, eve.id]


class Acting:
    """Presses buttons of the inbox, and looks at how the conversations stand."""

    def __init__(self, services, talks):
        self._services, self._talks = services, talks

    def press(self, reader, endpoint, data, **values):
        """Press a button of the list or of a conversation; the page that follows."""
        token = reader.get("inbox.show", view="all").select_one("#bulk [name=csrf_token]")["value"]
        sent = {"csrf_token": token, "new_tag": "", **data}
        answer = reader.client.post(reader.address(endpoint, **values), data=sent, follow_redirects=True)
        return reader._read(answer, 200)

    def undo(self, reader, page):
        """Press Undo on a page; the page that follows."""
        return self.press(reader, "undo.act", {"undo": page.select_one("[name=undo]")["value"]})

    def stand(self):
        """How each conversation is handled, until when it is snoozed, and to whom it is assigned."""
        with self._services.sessions() as session:
            rows = [session.get_one(Conversation, one) for one in self._talks]
            return [(row.handling, row.snoozed_until, row.assignee_id) for row in rows]


@pytest.fixture
def act(services, talks):
    return Acting(services, talks)


@pytest.mark.parametrize(
    ("endpoint", "data", "words"),
    [
        ("finish", {}, "Marked as done. It reopens when they write or call."),
        ("snooze", {"until": "2126-01-01T09:00"}, "Snoozed. It comes back on its own."),
        ("assign", {"assignee": "1"}, "Assigned to"),
    ],
)
def test_what_is_done_with_one_conversation_can_be_undone(alice, talks, act, endpoint, data, words):
    before = act.stand()
    page = act.press(alice, f"handling.{endpoint}", data, conversation_id=talks[0])
    assert page.says(words)
    assert act.stand() != before
    assert act.undo(alice, page).says("Undone.")
    assert act.stand() == before


@pytest.mark.parametrize("pressed", [{"done": "y"}, {"open": "y"}, {"until": "2126-01-01T09:00"}, {"assignee": "1"}])
def test_each_of_several_conversations_gets_back_what_it_had(alice, talks, act, pressed):
    before = act.stand()
    page = act.press(alice, "bulk.act", {"conversation": talks, **pressed})
    assert act.stand() != before
    act.undo(alice, page)
    assert act.stand() == before


def test_a_tag_is_taken_off_where_it_was_not_before(alice, talks, act, services, line):
    def have_it():
        with services.sessions() as session:
            return {*tags_of(session, [session.get_one(Conversation, one) for one in talks])}

    with services.sessions.begin() as session:
        add_tag(session, [session.get_one(Conversation, talks[0])], line.workspace_id, "Cakes")
    page = act.press(alice, "bulk.act", {"conversation": talks, "new_tag": "cakes"})
    assert have_it() == {*talks}
    act.undo(alice, page)
    assert have_it() == {talks[0]}


def test_nothing_is_undone_that_somebody_has_changed_since(alice, talks, act, services):
    page = act.press(alice, "handling.finish", {}, conversation_id=talks[1])
    with services.sessions.begin() as session:
        handling.note_incoming(session, session.get_one(Conversation, talks[1]))
    since = act.stand()
    assert act.undo(alice, page).says("That can’t be undone anymore, because something else has happened since.")
    assert act.stand() == since, "the text that came in is not put out of sight"


def test_a_snooze_that_is_over_by_then_is_not_begun_again(alice, talks, act, clock):
    page = act.press(alice, "handling.finish", {}, conversation_id=talks[1])
    clock.jump(timedelta(days=3))
    act.undo(alice, page)
    assert act.stand()[1][:2] == (Handling.OPEN, None)


def test_the_button_is_of_use_to_nobody_else_and_only_as_it_was_made(alice, bob, charlie, talks, act):
    token = act.press(alice, "handling.finish", {}, conversation_id=talks[0]).select_one("[name=undo]")["value"]
    since = act.stand()
    for who, sent in ((bob, token), (charlie, token), (alice, f"{token}x"), (alice, "")):
        assert act.press(who, "undo.act", {"undo": sent}).says("That can’t be undone anymore")
    assert act.stand() == since


def test_what_undoes_very_many_is_not_offered(alice, act, services, line):
    with services.sessions.begin() as session:
        here = session.merge(line)
        many = [conversation_with(session, here, f"+1415555{place:04}").id for place in range(2000, 2000 + MOST)]
    page = act.press(alice, "bulk.act", {"conversation": many, "done": "yes"})
    assert page.select("[name=undo]"), "what undoes a hundred has room in the cookie"
    one_more = act.press(alice, "bulk.act", {"conversation": [*many, 10_000_000], "open": "yes"})
    assert one_more.select("[name=undo]"), "only those of the person count"

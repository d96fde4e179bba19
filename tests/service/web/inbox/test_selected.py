"""Acting on selected conversations at once, and tags."""

import pytest
from sqlalchemy import select

from service.accounts.access import grant
from service.accounts.models import Member
from service.inbox.contacts import conversation_with
from service.inbox.models import Conversation, Handling
from service.inbox.shared import Tag
from service.inbox.tags import MOST
from service.lines.models import Line

ANN, BEN, EVE = "+14155550111", "+14155550122", "+14155550133"


@pytest.fixture
def talks(services, line):
    """Ids of three conversations of Alice's line."""
    with services.sessions.begin() as session:
        here = session.merge(line)
        return [conversation_with(session, here, number).id for number in (ANN, BEN, EVE)]


@pytest.fixture
def act(services):
    """Press a button for selected conversations; the page that follows."""

    def act(reader, selected, **pressed):
        token = reader.get("inbox.show", view="all").select_one("#bulk [name=csrf_token]")["value"]
        data = {"csrf_token": token, "conversation": selected, "new_tag": "", **pressed}
        answer = reader.client.post(reader.address("bulk.act"), data=data, follow_redirects=True)
        return reader._read(answer, 200)

    return act


@pytest.fixture
def tag(talks):
    """Tag the first conversation on its page; the page that follows."""

    def tag(reader, name):
        token = reader.get("inbox.read", conversation_id=talks[0]).select_one("[name=csrf_token]")["value"]
        sent = {"csrf_token": token, "new_tag": name}
        adding = reader.address("tags.add", conversation_id=talks[0])
        return reader._read(reader.client.post(adding, data=sent, follow_redirects=True), 200)

    return tag


def read(services, ids):
    with services.sessions() as session:
        return [session.get_one(Conversation, one) for one in ids]


def test_each_row_can_be_selected_and_the_buttons_stand_below(alice, talks):
    page = alice.get("inbox.show")
    boxes = page.select(".conversation-list input[name=conversation]")
    assert {int(box["value"]) for box in boxes} == set(talks)
    assert {box["form"] for box in boxes} == {page.select_one(".bulk-bar")["id"]}


def test_selected_conversations_are_done_and_reopened(alice, talks, services, act):
    assert act(alice, talks[:2], done="yes").says("2 conversations changed.")
    assert [one.handling for one in read(services, talks)] == [Handling.DONE, Handling.DONE, Handling.OPEN]
    act(alice, talks[:1], open="yes")
    assert [one.handling for one in read(services, talks)] == [Handling.OPEN, Handling.DONE, Handling.OPEN]


def test_selected_conversations_are_assigned_and_unassigned(alice, bob, talks, services, act):
    act(alice, talks[:2], assignee="2")
    assert [one.assignee_id for one in read(services, talks)] == [2, 2, None]
    act(alice, talks, assignee="")
    assert [one.assignee_id for one in read(services, talks)] == [None, None, None]


def test_nothing_is_assigned_if_the_colleague_does_not_see_one_of_the_lines(alice, bob, talks, services, act, line):
    with services.sessions.begin() as session:
        other = Line(workspace_id=line.workspace_id, name="Wholesale")
        session.add(other)
        session.flush()
        hidden = conversation_with(session, other, ANN).id
        grant(session, session.get_one(Member, 2), [line.id])
    assert act(alice, [talks[0], hidden], assignee="2").says("Choose a member who sees this line.")
    assert [one.assignee_id for one in read(services, [talks[0], hidden])] == [None, None]


def test_selected_conversations_are_snoozed(alice, talks, services, act):
    act(alice, talks[:2], until="2026-03-04T09:00")
    assert [one.handling for one in read(services, talks)] == [Handling.SNOOZED, Handling.SNOOZED, Handling.OPEN]
    assert act(alice, talks, until="2020-01-01T09:00").says("Choose a time that is still to come.")


@pytest.mark.parametrize("selected", [[], ["nonsense"], ["9" * 30]])
def test_a_button_without_a_selection_says_so(alice, talks, act, selected):
    assert act(alice, selected, done="yes").says("Select conversations first.")


def test_conversations_of_others_are_left_alone(alice, charlie, talks, services, act):
    assert act(charlie, talks, done="yes").says("Select conversations first.")
    assert {one.handling for one in read(services, talks)} == {Handling.OPEN}


def test_a_tag_is_one_in_every_spelling_and_filters_the_list(alice, talks, services, act):
    act(alice, talks[:2], new_tag=" Wedding  cakes ")
    act(alice, talks[:1], known_tag="wedding CAKES")
    with services.sessions() as session:
        assert session.scalars(select(Tag.name)).all() == ["Wedding cakes"]
    page = alice.get("inbox.show", view="all", tag=1)
    assert len(page.select(".conversation-list li")) == 2
    assert {tag.text for tag in page.select(".row-tag")} == {"Wedding cakes"}
    refreshed = alice.open(page.select_one(".conversation-list")["data-refresh"])
    assert len(refreshed.select("li")) == 2
    assert len(alice.get("inbox.show", view="all", tag=99).select(".conversation-list li")) == 0


def test_a_tag_is_added_and_taken_off_beside_the_conversation(alice, tag, services):
    assert tag(alice, "Urgent").select_one(".about-tags a").text == "Urgent"
    assert not alice.submit(button="×").select(".about-tags a")
    with services.sessions() as session:
        assert session.scalars(select(Tag)).all() == [], "a tag that nothing has is gone"


def test_an_empty_tag_and_one_too_many_are_refused(alice, tag, services, line):
    assert tag(alice, " ").says("Write the tag first.")
    assert tag(alice, "x" * 41).select(".notice-bad")
    with services.sessions.begin() as session:
        session.add_all(Tag(workspace_id=line.workspace_id, name=f"Tag {place}") for place in range(MOST))
    assert tag(alice, "One more").says("There are 100 tags, the most that you may have.")


def test_a_tag_of_others_is_not_shown(alice, charlie, tag):
    tag(alice, "Urgent")
    assert "Urgent" not in charlie.get("inbox.show", view="all").text

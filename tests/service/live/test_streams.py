"""What waits for an open page, and which pages a change concerns."""

import pytest

from service.live.changes import MOST_KEPT, Change, Journal, change_of, snapshot_of
from service.live.listeners import Listener
from service.live.streams import AGAIN, MOST_OF_A_NETWORK, MOST_OF_A_PERSON, MOST_WAITING, Stream, Streams, TooMany
from tests.event_loop import run

LINE, OFFICE, BAKERY, FLORIST = 1, 2, 10, 20
OWNER, MEMBER, OTHER = 100, 200, 300


def listener(user_id, lines):
    return Listener(user_id, sign_in_id=user_id + 1, lines=lines, seen=snapshot_of("1:1:"))


def changed(*, line=LINE, workspace=BAKERY, user=0, topic="conversation", row=7, transaction=1):
    return Change(transaction, topic, row, workspace, line, user)


def waiting(stream):
    return run(stream.hints(0.01))


@pytest.fixture
def streams():
    return Streams()


@pytest.fixture
def opened(streams):
    def opened(user_id, lines, network="192.0.2.0/24"):
        stream = Stream(listener(user_id, lines), network)
        streams.add(stream)
        return stream

    return opened


def test_a_change_is_said_to_those_who_see_its_line(streams, opened):
    owner, member = opened(OWNER, {BAKERY: None}), opened(MEMBER, {BAKERY: frozenset({LINE})})
    other, florist = opened(OTHER, {BAKERY: frozenset({OFFICE})}), opened(OTHER, {FLORIST: None})
    streams.spread(changed())
    assert [waiting(one) for one in (owner, member, other, florist)] == [["conversation 7"], ["conversation 7"], [], []]


def test_what_concerns_one_person_is_said_to_them_alone(streams, opened):
    owner, member = opened(OWNER, {BAKERY: None}), opened(MEMBER, {BAKERY: None})
    streams.spread(changed(user=MEMBER, workspace=0, line=0, topic="read"))
    assert (waiting(owner), waiting(member)) == ([], ["read 7"])


def test_a_hint_waits_once_and_a_crowd_of_them_becomes_one(opened):
    stream = opened(OWNER, {BAKERY: None})
    for _ in range(3):
        stream.say("conversation 1")
    assert waiting(stream) == ["conversation 1"]
    for place in range(10 * MOST_WAITING):
        stream.say(f"conversation {place}")
    assert waiting(stream) == [AGAIN]
    stream.say("conversation 1")
    assert waiting(stream) == ["conversation 1"]


@pytest.mark.parametrize(("sign_in", "ends"), [(0, True), (OWNER + 1, True), (999, False)])
def test_a_stream_ends_with_what_its_person_may_see(streams, opened, sign_in, ends):
    stream = opened(OWNER, {BAKERY: None})
    streams.spread(changed(user=OWNER, workspace=0, line=0, topic="access", row=sign_in))
    assert stream.ended is ends
    assert waiting(stream) == []


def test_a_person_and_a_network_have_so_many_and_no_more(streams, opened):
    kept = [opened(OWNER, {BAKERY: None}) for _ in range(MOST_OF_A_PERSON)]
    with pytest.raises(TooMany):
        opened(OWNER, {BAKERY: None}, "198.51.100.0/24")
    streams.remove(kept[0])
    opened(OWNER, {BAKERY: None})
    for place in range(MOST_OF_A_NETWORK - MOST_OF_A_PERSON):
        opened(1000 + place, {BAKERY: None})
    with pytest.raises(TooMany):
        opened(OTHER, {BAKERY: None})
    opened(OTHER, {BAKERY: None}, "198.51.100.0/24")


def test_nothing_is_kept_of_streams_that_have_ended(streams, opened):
    for stream in [opened(OWNER, {BAKERY: None}), opened(MEMBER, {BAKERY: None, FLORIST: None})]:
        streams.remove(stream)
    assert not any(vars(streams).values())


def test_the_journal_has_what_a_page_does_not_show_and_says_when_it_does_not_know():
    journal = Journal(50)
    late, early = changed(transaction=60), changed(transaction=55)
    journal.keep(late)
    journal.keep(early)  # a longer transaction, which began before
    assert journal.after_page("50:50:") == [late, early]
    assert journal.after_page("55:61:55,58") == [early], "the page was read between the two"
    assert journal.after_page("61:61:") == []
    assert journal.after_page("49:61:49") is None


@pytest.mark.parametrize("since", ["", "50", "50:60", "50:60:a", "a:b:"])
def test_a_page_that_does_not_say_when_it_was_read_may_have_missed_anything(since):
    assert Journal(1).after_page(since) is None


def test_the_journal_forgets_the_oldest():
    journal = Journal(1)
    for transaction in range(1, MOST_KEPT + 2):
        journal.keep(changed(transaction=transaction))
    assert journal.after_page("1:1:") is None
    assert len(journal.after_page("2:2:")) == MOST_KEPT


@pytest.mark.parametrize(
    "payload", ["", "1", "1 conversation 2 3 4", "1 conversation 2 3 4 5 6", "1 conversation a 3 4 5"]
)
def test_a_notification_of_another_kind_is_refused(payload):
    with pytest.raises(ValueError):  # noqa: PT011 -- of any kind
        change_of(payload)

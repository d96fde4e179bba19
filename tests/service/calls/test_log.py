"""The list of calls: whose, which, in what order, and which voicemails are new."""

from datetime import timedelta

import pytest

from service.accounts.models import Membership
from service.calls.log import PAGE, CallView, call_log, new_voicemails
from service.inbox.contacts import conversation_with
from service.inbox.models import Call, Direction, Outcome
from service.inbox.reading import mark_read
from service.lines.models import Line
from service.time import now
from tests.service.inbox.lines import CALLER, OURS, a_member, a_standing_line, wear


@pytest.fixture
def called(session, line):
    """Add calls, each a minute before the one before it."""

    def called(*outcomes, of=CALLER, on=line, number=OURS, **more):
        talk = conversation_with(session, on, of)
        minutes = [timedelta(minutes=place) for place in range(len(outcomes))]
        calls = [
            Call(conversation=talk, number=number, outcome=outcome, at=now() - ago, **more)
            for outcome, ago in zip(outcomes, minutes, strict=True)
        ]
        session.add_all(calls)
        session.flush()
        return calls

    return called


@pytest.fixture
def listed(session, line):
    alice = a_member(session, line, "Alice", Membership.OWNER)

    def listed(view=CallView.ALL, *, lines=(line,), **more):
        return [row.call for row in call_log(session, alice, lines, view, **more).rows]

    return listed


def test_the_latest_call_comes_first(called, listed):
    calls = called(Outcome.ANSWERED, Outcome.MISSED, Outcome.VOICEMAIL, Outcome.BLOCKED, Outcome.RINGING)
    assert listed() == calls


def test_missed_calls_and_voicemails_have_lists_of_their_own(called, listed):
    _, missed, voicemail = called(Outcome.ANSWERED, Outcome.MISSED, Outcome.VOICEMAIL)
    called(Outcome.MISSED, direction=Direction.OUT)
    assert listed(CallView.MISSED) == [missed]
    assert listed(CallView.VOICEMAIL) == [voicemail]


def test_a_page_goes_on_where_the_one_before_ended(session, line, called):
    reader = a_member(session, line, "Alice")
    calls = called(*[Outcome.MISSED] * (PAGE + 2))
    first = call_log(session, reader, [line], CallView.ALL)
    rest = call_log(session, reader, [line], CallView.ALL, first.older)
    assert [row.call for row in [*first.rows, *rest.rows]] == calls
    assert rest.older == ""


@pytest.mark.parametrize("cursor", ["x", "2026-11-29_1", "2026-11-29T00:00:00+00:00_99999999999999999999", "_"])
def test_an_invalid_place_is_the_first_page(called, listed, cursor):
    calls = called(Outcome.MISSED)
    assert listed(before=cursor) == calls


def test_calls_of_other_lines_and_workspaces_are_left_out(session, line, called, listed):
    shop = Line(workspace_id=line.workspace_id, name="Shop")
    session.add(shop)
    session.flush()
    wear(session, shop, "+14155550189")
    stranger = a_standing_line(session, number="+14155550190")
    ours = called(Outcome.MISSED)
    theirs = called(Outcome.MISSED, on=shop, number="+14155550189")
    called(Outcome.MISSED, on=stranger, number="+14155550190")
    assert listed() == ours
    assert set(listed(lines=(line, shop))) == {*ours, *theirs}
    assert listed(lines=()) == []


def test_a_call_stays_on_the_line_that_took_it_when_its_number_moves_to_another(session, line, called, listed):
    shop = Line(workspace_id=line.workspace_id, name="Shop")
    session.add(shop)
    session.flush()
    calls = called(Outcome.MISSED)
    line.numbers[0].line_id = shop.id
    session.flush()
    assert listed() == calls
    assert listed(lines=(shop,)) == []


@pytest.mark.parametrize("wanted", ["rachel", "Rac", "0123", "(415) 555-0123", "wedding cake", "wedd"])
def test_a_call_is_found_by_name_number_and_words(session, called, listed, wanted):
    [call] = called(Outcome.VOICEMAIL, transcript="It is about a wedding cake")
    called(Outcome.MISSED, of="+14155550177")
    call.conversation.contact.name = "Rachel Green"
    session.flush()
    assert listed(wanted=wanted) == [call]


@pytest.mark.parametrize("wanted", ["!!!", "rye"])
def test_what_no_call_has_finds_none(called, listed, wanted):
    called(Outcome.VOICEMAIL, transcript="It is about a wedding cake")
    assert listed(wanted=wanted) == []


def test_a_voicemail_is_new_until_one_of_the_team_has_opened_its_conversation(session, line, called):
    reader = a_member(session, line, "Alice")
    voicemail, _ = called(Outcome.VOICEMAIL, Outcome.MISSED)
    voicemail.conversation.heard = 2
    session.flush()
    assert new_voicemails(session, [line]) == 1
    assert [row.new for row in call_log(session, reader, [line], CallView.ALL).rows] == [True, False]
    mark_read(session, voicemail.conversation, reader.user_id)
    session.expire_all()
    assert new_voicemails(session, [line]) == 0
    assert [row.new for row in call_log(session, reader, [line], CallView.ALL).rows] == [False, False]

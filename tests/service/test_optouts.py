from datetime import timedelta

import pytest

from provisioning.contract.callbacks import MessageArrived
from service.accounts.models import Workspace
from service.alerts import Alert
from service.notifications.optouts import receive
from service.optouts import note_stop, start, stop, stop_at_carrier, stopped, take_back_stop
from service.time import now

ALICE, BOB = "+14155550123", "+14155550124"


def test_stop_holds_for_one_person_at_one_workspace(session):
    workspace = Workspace(name="Bright Dental")
    session.add(workspace)
    session.flush()
    stop(session, ALICE, workspace.id)

    assert stopped(session, ALICE, workspace.id)
    assert not stopped(session, BOB, workspace.id)
    assert not stopped(session, ALICE)


def test_stop_to_us_twice_is_one_and_start_ends_it(session):
    stop(session, ALICE)
    stop(session, ALICE)
    assert stopped(session, ALICE)

    start(session, ALICE)
    assert not stopped(session, ALICE)


def test_stop_holds_in_both_spellings_of_a_mobile(session):
    stop(session, "+5491123456789")
    assert stopped(session, "+541123456789")
    assert stopped(session, "+5491123456789")
    start(session, "+541123456789")
    assert not stopped(session, "+5491123456789")


def test_the_last_word_counts_although_an_earlier_one_is_found_later(session):
    then = now()
    receive(session, text_to_us("STOP", at=then))
    receive(session, text_to_us("START", at=then - timedelta(hours=1)))
    assert stopped(session, ALICE)

    receive(session, text_to_us("START", at=then + timedelta(hours=1)))
    receive(session, text_to_us("STOP", at=then + timedelta(minutes=30)))
    assert not stopped(session, ALICE)


@pytest.fixture
def dental(session):
    workspace = Workspace(name="Bright Dental")
    session.add(workspace)
    session.flush()
    return workspace.id


def test_what_the_team_noted_the_team_can_take_back(session, dental):
    note_stop(session, ALICE, dental)
    assert stopped(session, ALICE, dental)

    take_back_stop(session, ALICE, dental)
    assert not stopped(session, ALICE, dental)


@pytest.mark.parametrize("order", [(note_stop, stop), (stop, note_stop)])
def test_a_stop_of_their_own_is_not_the_teams_to_take_back(session, dental, order):
    for keep in order:
        keep(session, ALICE, dental)

    take_back_stop(session, ALICE, dental)
    assert stopped(session, ALICE, dental)


def test_a_stop_that_is_found_late_stands_beside_what_the_team_noted_since(session, dental):
    note_stop(session, ALICE, dental)
    stop(session, ALICE, dental, at=now() - timedelta(hours=1))

    take_back_stop(session, ALICE, dental)
    assert stopped(session, ALICE, dental)


def test_start_ends_what_the_team_noted(session, dental):
    note_stop(session, ALICE, dental)
    start(session, ALICE, dental)
    assert not stopped(session, ALICE, dental)


def test_noting_the_same_for_somebody_who_said_start_holds_again(session, dental):
    start(session, ALICE, dental)
    note_stop(session, ALICE, dental)
    assert stopped(session, ALICE, dental)


def text_to_us(words, at=None):
    return MessageArrived(reference="SM1", sender=ALICE, recipient="+12025550100", text=words, at=at)


def test_help_changes_nothing_and_troubles_nobody(session):
    receive(session, text_to_us("HELP"))

    assert not stopped(session, ALICE)
    assert session.query(Alert).count() == 0


def test_an_answer_in_words_is_shown_to_an_operator_without_its_words(session):
    receive(session, text_to_us("My PIN is 0713"))

    [shown] = session.query(Alert)
    assert (shown.kind, shown.about) == ("text_to_platform", "message:SM1")
    assert "0713" not in str(shown.details)


@pytest.mark.parametrize(
    ("common", "heard_elsewhere", "counts"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, True)],
)
def test_a_stop_that_only_the_carrier_received_counts_unless_it_was_meant_for_another_one(
    session, common, heard_elsewhere, counts
):
    bakery, plumber = Workspace(name="Alice's Bakery"), Workspace(name="Bob's Plumbing")
    session.add_all([bakery, plumber])
    session.flush()
    if heard_elsewhere:
        stop(session, ALICE, bakery.id)
    stop_at_carrier(session, ALICE, plumber.id, shared=common)
    assert stopped(session, ALICE, plumber.id) is counts

from datetime import timedelta

import pytest

from provisioning.contract.callbacks import MessageArrived
from service.accounts.models import Workspace
from service.alerts import Alert
from service.notifications.optouts import heard
from service.optouts import Wish, start, stop, stopped, wish_in
from service.time import now

ALICE, BOB = "+14155550123", "+14155550124"


@pytest.mark.parametrize("text", ["STOP", " stop ", "Stop.", "STOPP", "unsubscribe", "Avsluta"])
def test_a_word_that_asks_for_silence(text):
    assert wish_in(text) is Wish.STOP


@pytest.mark.parametrize(("text", "wish"), [("start", Wish.START), ("UNSTOP", Wish.START), ("Hjälp!", Wish.HELP)])
def test_the_other_keywords(text, wish):
    assert wish_in(text) is wish


@pytest.mark.parametrize("text", ["", "please stop by at noon", "Stop calling it that", "starting when?", "!"])
def test_a_sentence_is_no_keyword(text):
    assert wish_in(text) is None


def test_the_carriers_own_reading_goes_first():
    assert wish_in("Arrêt", "stop") is Wish.STOP


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


def test_the_last_word_counts_although_an_earlier_one_is_found_later(session):
    then = now()
    heard(session, text_to_us("STOP", at=then))
    heard(session, text_to_us("START", at=then - timedelta(hours=1)))
    assert stopped(session, ALICE)

    heard(session, text_to_us("START", at=then + timedelta(hours=1)))
    heard(session, text_to_us("STOP", at=then + timedelta(minutes=30)))
    assert not stopped(session, ALICE)


def text_to_us(words, at=None):
    return MessageArrived(reference="SM1", sender=ALICE, recipient="+12025550100", text=words, at=at)


def test_help_changes_nothing_and_troubles_nobody(session):
    heard(session, text_to_us("HELP"))

    assert not stopped(session, ALICE)
    assert session.query(Alert).count() == 0


def test_an_answer_in_words_is_shown_to_an_operator_without_its_words(session):
    heard(session, text_to_us("My PIN is 0713"))

    [shown] = session.query(Alert)
    assert (shown.kind, shown.about) == ("text_to_platform", "message:SM1")
    assert "0713" not in str(shown.details)

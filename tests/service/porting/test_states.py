"""Every answer of the state table."""

from itertools import product

import pytest

from service.porting.rollup import ProjectState, order_state, project_state
from service.porting.states import (
    ANSWERS,
    CALLED_OFF,
    FINAL,
    LABELS,
    PUZZLING,
    STAY,
    Command,
    Effect,
    Fact,
    State,
    answer,
)


@pytest.mark.parametrize(("state", "fact"), list(product(State, Fact)))
def test_every_state_answers_every_fact(state, fact):
    assert answer(state, fact) is not None


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_label(state):
    assert LABELS[state]


def test_every_state_can_be_reached_from_a_draft():
    reached, new = set(), {State.DRAFT}
    while new:
        reached |= new
        new = {row.to for state in new for row in ANSWERS[state].values() if row.to} - reached
    assert reached == set(State)


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_a_state_that_is_not_final_leads_somewhere_else(state):
    assert any(row.to not in {None, state} for row in ANSWERS[state].values())


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_state_takes_no_command_but_to_take_a_finished_move_back(state):
    taken = [command for command in Command if answer(state, command)]
    assert taken == ([Command.TAKE_BACK] if state is State.LIVE else [])


@pytest.mark.parametrize("state", sorted(CALLED_OFF))
def test_a_number_that_comes_after_all_is_set_up_even_when_its_port_was_called_off(state):
    found = answer(state, Fact.PORTED)
    assert found.to is State.PORTED
    assert Effect.CUT_OVER in found.effects
    assert Effect.ALERT_STAFF in found.effects


@pytest.mark.parametrize("state", State)
def test_a_word_nobody_knows_moves_nothing_and_is_shown_to_an_operator(state):
    assert answer(state, Fact.UNKNOWN) == PUZZLING


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        (State.IN_REVIEW, Fact.TAKEN_ON),
        (State.AWAITING_SIGNATURE, Fact.SIGNATURE_WANTED),
        (State.WITH_LOSING_CARRIER, Fact.SENT_ON),
        (State.PORTED, Fact.PORTED),
        (State.LIVE, Fact.PORTED),
        (State.RETURNED, Fact.PORTED),
        (State.CANCELED, Fact.CANCELED),
        (State.SUBMITTING, Fact.CANCEL_STARTED),
    ],
)
def test_what_is_known_already_changes_nothing(state, fact):
    assert answer(state, fact) == STAY


def test_scheduled_again_is_a_new_date_and_is_told():
    found = answer(State.SCHEDULED, Fact.DATE_COMMITTED)
    assert (found.to, found.effects) == (State.SCHEDULED, (Effect.KEEP_SET_UP, Effect.NOTIFY_DATE))


def test_a_withdrawn_date_leads_back_and_is_told():
    found = answer(State.SCHEDULED, Fact.SENT_ON)
    assert (found.to, found.effects) == (State.WITH_LOSING_CARRIER, (Effect.NOTIFY_DATE_WITHDRAWN,))


def test_nothing_is_canceled_while_the_number_is_moving():
    assert answer(State.ACTIVATING, Command.CANCEL) is None


def test_an_order_is_where_its_weakest_number_is():
    assert order_state([State.LIVE, State.SCHEDULED, State.IN_REVIEW]) is State.IN_REVIEW


def test_one_canceled_number_does_not_cancel_its_order():
    assert order_state([State.CANCELED, State.SCHEDULED]) is State.SCHEDULED


@pytest.mark.parametrize(
    ("numbers", "project"),
    [
        ([], ProjectState.DRAFT),
        ([State.DRAFT, State.DRAFT], ProjectState.DRAFT),
        ([State.LIVE, State.ACTION_REQUIRED], ProjectState.ACTION_REQUIRED),
        ([State.LIVE, State.PORTED], ProjectState.UNDERWAY),
        ([State.LIVE, State.LIVE], ProjectState.DONE),
        ([State.LIVE, State.CANCELED, State.EXPIRED], ProjectState.PARTLY_DONE),
        ([State.CANCELED, State.NOT_PORTABLE], ProjectState.ENDED),
    ],
)
def test_a_project_is_what_its_numbers_make_it(numbers, project):
    assert project_state(numbers) is project

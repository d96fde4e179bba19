"""Before a transfer is sent it is told what its old operator is strict about: by hints of the desk, and by its past."""

import pytest

from service.language import Language
from service.porting.cautions import OftenRejected, OperatorHint, hints_for, often_rejected
from tests.factories import OWN, a_draft, a_line, a_week


@pytest.fixture
def project(session, services):
    """A draft of a number at Verizon, with dashes in its account number."""
    project = a_draft(session, a_line(session, services), OWN)
    project.operator, project.account_number = "Cellco Partnership", "12-34"
    return project


@pytest.fixture
def hint(session):
    def add(words="Leave the dashes out.", **values):
        session.add(OperatorHint(words={"en": words}, **{"provider": "Verizon", "field": "", "signs": "", **values}))
        session.flush()

    return add


def told(session, project):
    return [hint.said_in(Language.ENGLISH) for hint in hints_for(session, project)]


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"provider": "AT&T"}, False),
        ({"provider": ""}, False),
        ({"field": "account_number", "signs": "-/"}, True),
        ({"field": "account_number", "signs": "/"}, False),
        ({"field": "pin", "signs": "-"}, False),
    ],
)
def test_a_hint_is_told_where_its_provider_and_its_characters_are(session, project, hint, values, holds):
    hint(**values)
    assert told(session, project) == (["Leave the dashes out."] if holds else [])


def test_a_project_whose_operator_is_unknown_has_no_hints(session, project, hint):
    hint(provider="")
    project.operator = ""
    assert told(session, project) == []


def test_a_hint_is_told_in_the_customers_language_or_in_english():
    hint = OperatorHint(words={"en": "Leave it out.", "sv": "Ta bort det."})
    assert (hint.said_in(Language.SWEDISH), hint.said_in(Language.FRENCH)) == ("Ta bort det.", "Leave it out.")


@pytest.mark.parametrize(
    ("weeks", "warned"),
    [
        ([(20, 2)], [OftenRejected("account_number", 2, 20)]),
        ([(12, 1), (8, 1)], [OftenRejected("account_number", 2, 20)]),
        ([(20, 1)], []),
        ([(19, 9)], []),
    ],
)
def test_a_field_is_warned_of_when_enough_transfers_were_rejected_for_it(session, project, weeks, warned):
    for ago, (arrived, rejected) in enumerate(weeks):
        session.add(a_week(ago, "Verizon", arrived=arrived, rejected=rejected))
    session.add(a_week(0, "AT&T", arrived=90, rejected=90))
    session.flush()
    assert often_rejected(session, project) == warned


def test_what_was_long_ago_is_not_held_against_it(session, project):
    session.add(a_week(30, "Verizon", arrived=50, rejected=50))
    session.flush()
    assert often_rejected(session, project) == []

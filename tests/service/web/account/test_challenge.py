"""While many sign up, each browser has to compute first: a flood costs its author, and keeps nobody else out."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from altcha import Challenge, solve_challenge
from sqlalchemy import select, update

from service.accounts.models import Workspace
from service.accounts.sign_up_challenges import LOUD, new_challenge
from service.alerts import Alert
from service.signing_up import SignUpChallenge
from service.spending.models import Allowance
from service.time import now, real_time
from tests.service.web.account.test_signing_up import code_for

DORA = {"email": "dora@flowers.example", "business": "Dora's Flowers", "near": "415"}
AGAIN = "Press the button once more."


@pytest.fixture
def loud(services):
    """Ten businesses have signed up within the hour."""
    with services.sessions.begin() as session:
        session.add_all(Workspace(name=f"Number {count}") for count in range(LOUD))


@pytest.fixture
def newcomer(reader):
    reader.get("signup.ask")
    return reader


def solved(challenge, **changes):
    """What a browser makes of a challenge (JSON)."""
    asked = json.loads(challenge)
    asked["parameters"] |= changes
    solution = solve_challenge(Challenge.from_dict(asked))
    return b64encode(json.dumps({"challenge": asked, "solution": solution.to_dict()}).encode()).decode()


def challenge_on(page):
    return page.select_one("[data-challenge]")["data-challenge"]


def signed_up(services):
    with services.sessions() as session:
        return session.scalar(select(Workspace.id).where(Workspace.name == DORA["business"])) is not None


def is_paused(services):
    with services.sessions() as session:
        paused = select(Allowance.paused_at).join(Workspace, Workspace.id == Allowance.workspace_id)
        return session.scalars(paused.where(Workspace.name == DORA["business"])).one() is not None


def test_nobody_is_asked_to_compute_while_few_sign_up(newcomer, services):
    assert not newcomer.page.select("[data-challenge], [name=solution], script[src$='challenge.js']")
    newcomer.submit(**DORA)
    assert not is_paused(services)


def test_who_has_solved_it_signs_up_as_always(loud, newcomer, services):
    newcomer.submit(**DORA, solution=solved(challenge_on(newcomer.page)))
    assert newcomer.page.heading() == "Check your email"
    assert not is_paused(services)


def test_a_solution_is_taken_once(loud, newcomer, services):
    solution = solved(challenge_on(newcomer.page))
    newcomer.submit(**DORA | {"email": "eve@flood.example", "business": "Flood"}, solution=solution)
    newcomer.get("signup.ask")
    page = newcomer.submit(**DORA, solution=solution, status=422)
    assert page.says(AGAIN)
    assert not signed_up(services)
    newcomer.submit(solution=solved(challenge_on(page)))
    assert signed_up(services), "and what was typed is still there"


@pytest.mark.parametrize("change", [{"cost": 1, "keyPrefix": "00"}, {"expiresAt": 4_000_000_000}])
def test_an_easier_challenge_of_ones_own_is_refused(loud, newcomer, services, change):
    newcomer.submit(**DORA, solution=solved(challenge_on(newcomer.page), **change), status=422)
    assert not signed_up(services)


def test_a_solution_that_comes_too_late_is_refused(loud, newcomer, services):
    late = new_challenge(services.settings.secret_keys, real_time() - timedelta(seconds=1))
    newcomer.submit(**DORA, solution=solved(late), status=422)
    assert not signed_up(services)


@pytest.mark.parametrize("solution", ["x", "e30=", "bnVsbA==", "W10=", "/", "a" * 5000])
def test_what_is_no_solution_is_refused_and_no_error_of_ours(loud, newcomer, services, solution):
    newcomer.submit(**DORA, solution=solution, status=422)
    assert not signed_up(services)


def test_without_scripts_one_signs_up_and_an_operator_looks_first(loud, newcomer, services, mailbox, work):
    newcomer.submit(**DORA)
    work()
    newcomer.submit(code=code_for(mailbox, DORA["email"]))
    assert newcomer.page.says("We check each new business first.")
    assert is_paused(services)
    with services.sessions() as session:
        assert "newcomer_waits" in session.scalars(select(Alert.kind)).all()


def test_a_page_that_was_opened_before_it_got_loud_is_shown_once_more(newcomer, services, request):
    request.getfixturevalue("loud")
    assert challenge_on(newcomer.submit(**DORA, status=422))
    assert newcomer.page.says(AGAIN)
    assert newcomer.page.kept("business") == DORA["business"]


def test_after_an_hour_it_is_quiet_again(loud, newcomer, services):
    with services.sessions.begin() as session:
        session.execute(update(Workspace).values(made_at=now() - timedelta(hours=1)))
    assert not newcomer.get("signup.ask").select("[data-challenge]")


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        ({"sign_up_challenge": SignUpChallenge.NEVER}, False),
        ({"sign_up_challenge": SignUpChallenge.LOUD}, True),
    ],
)
def test_an_operator_can_have_nobody_asked(loud, newcomer, asked):
    assert bool(newcomer.page.select("[data-challenge]")) is asked


@pytest.mark.parametrize("limits", [{"sign_up_challenge": SignUpChallenge.ALWAYS}])
def test_or_everybody(newcomer):
    assert newcomer.page.select("[data-challenge]")

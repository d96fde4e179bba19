"""What operators do by command: pause a workspace, release a number, file a transfer again."""

import pytest
from sqlalchemy import select, update

from service.lines.models import NumberRole, PhoneNumber, Standing
from service.porting.models import Cause, PortHistory, PortNumber
from service.porting.states import Command, State
from tests.factories import OWN


@pytest.fixture
def run(app):
    def run(*words):
        return app.test_cli_runner().invoke(args=list(words))

    return run


def test_a_workspace_is_paused_and_goes_on(run, alice, line):
    assert run("pause", str(line.workspace_id)).exit_code == 0
    assert alice.get("home.show").says("Your workspace is paused.")
    assert run("pause", str(line.workspace_id), "--lift").exit_code == 0
    assert not alice.get("home.show").says("Your workspace is paused.")
    assert "There is no such workspace." in run("pause", "99").output


@pytest.mark.parametrize("role", [NumberRole.ADDITIONAL, NumberRole.PRIMARY])
def test_a_customers_number_is_released_and_it_is_in_their_log(run, alice, line, services, work, role):
    with services.sessions.begin() as session:
        number = session.scalars(select(PhoneNumber)).one()
        number.role = role
        typed = number.number
    assert run("release-number", typed).exit_code == 0
    work()
    with services.sessions() as session:
        assert session.scalars(select(PhoneNumber.standing)).one() is Standing.RELEASED
    assert alice.get("changes.listing").says("Released (415)")
    assert "We can’t find that number." in run("release-number", typed).output


def test_a_number_that_a_transfer_needs_is_not_released(run, filed, services):
    filed()
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber.number)).one()
    assert "A transfer to this line is under way." in run("release-number", number).output


def test_a_rejected_transfer_is_filed_again_as_it_is(run, filed, services):
    port = filed()
    assert "There’s nothing to fix." in run("file-again", port).output
    with services.sessions.begin() as session:
        session.execute(update(PortNumber).values(state=State.ACTION_REQUIRED))
    assert run("file-again", port).exit_code == 0
    with services.sessions() as session:
        number = session.scalars(select(PortNumber)).one()
        again = select(PortHistory.cause).where(PortHistory.event == Command.CORRECT)
        assert (number.number, number.state) == (OWN, State.SUBMITTING)
        assert session.scalars(again).one() is Cause.STAFF
    assert "We can’t find that transfer." in run("file-again", "x").output

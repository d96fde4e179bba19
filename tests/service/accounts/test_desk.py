"""Giving one of us the porting desk."""

import pytest

from service.accounts.members import find
from service.accounts.models import DESK
from service.accounts.signin import confirm
from service.accounts.signup import sign_up
from tests.service.accounts.test_signing_up import DORA


@pytest.fixture
def command(app):
    return lambda *words: app.test_cli_runner().invoke(args=["porting-desk", DORA["email"], *words])


def is_at_the_desk(services):
    with services.sessions.begin() as session:
        return find(session, DORA["email"]).has_role(DESK)


def test_who_has_signed_in_is_given_the_desk_once_and_loses_it_again(services, command):
    with services.sessions.begin() as session:
        confirm(session, services, sign_up(session, services, **DORA))
    assert [command().exit_code, command().exit_code] == [0, 0]
    assert is_at_the_desk(services)
    assert command("--leave").exit_code == 0
    assert not is_at_the_desk(services)


def test_an_address_that_nobody_has_proven_gets_no_desk(services, command):
    assert "Nobody has signed in with this address yet." in command().output
    with services.sessions.begin() as session:
        sign_up(session, services, **DORA)
    assert command().exit_code == 1
    assert not is_at_the_desk(services)

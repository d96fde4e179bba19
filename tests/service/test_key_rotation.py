"""Keys are changed while people are signed in, links are out, and secrets are sealed."""

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet, InvalidToken

from service import sealing
from service.accounts.models import Invitation
from service.accounts.tokens import read, token_of
from service.app import create_app
from service.db import Base, use_sealing_keys
from service.porting.models import PortProject
from service.porting.signed_links import read_token, token_for
from service.sealing import seal_again, sealed_columns
from tests.factories import a_draft, a_line

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def rotated(services):
    """The services after another secret key was put first."""
    keys = ("n" * 40, *services.settings.secret_keys)
    return replace(services, settings=replace(services.settings, secret_keys=keys))


@pytest.fixture
def sealed(services):
    """What stands sealed with the old key, by its column."""
    use_sealing_keys([OLD])
    with services.sessions.begin() as session:
        project = a_draft(session, a_line(session, services), pin="734912")
        project_id = project.id
    yield project_id
    use_sealing_keys(services.settings.sealing_keys)


def test_a_cookie_that_was_signed_with_the_old_key_is_read(services, rotated):
    client = create_app(services).test_client()
    with client.session_transaction() as cookie:
        cookie["language"] = "sv"
    after = create_app(rotated).test_client()
    after.set_cookie("session", client.get_cookie("session").value)
    with after.session_transaction() as cookie:
        assert cookie["language"] == "sv"


def test_links_that_are_out_stay_good(services, rotated):
    invitation = Invitation(id=7, nonce="once")
    assert read(token_of(invitation, services.settings.secret_keys), rotated.settings.secret_keys) == (7, "once")
    assert read_token(rotated, "status", token_for(services, "status", [1, 2])) == [1, 2]


def test_links_are_signed_with_the_newest_key(services, rotated):
    invitation = Invitation(id=7, nonce="once")
    assert read(token_of(invitation, rotated.settings.secret_keys), services.settings.secret_keys) == (0, "")


def pin_of(services, project_id):
    with services.sessions() as session:
        return session.get_one(PortProject, project_id).pin


def test_all_that_is_sealed_is_readable_with_the_newest_key_alone(services, sealed, monkeypatch):
    monkeypatch.setattr(sealing, "AT_ONCE", 1)
    assert seal_again(services.sessions, (NEW, OLD)) > 0
    use_sealing_keys([NEW])
    assert pin_of(services, sealed) == "734912"
    assert seal_again(services.sessions, (NEW,)) == 0


def test_a_value_that_no_key_opens_is_told_and_nothing_is_lost(services, sealed):
    with pytest.raises(InvalidToken):
        seal_again(services.sessions, (NEW, Fernet.generate_key().decode()))
    assert pin_of(services, sealed) == "734912"


def test_every_column_that_is_sealed_is_known_and_has_an_id():
    names = {f"{column.table.name}.{column.name}" for column in sealed_columns()}
    assert {"port_projects.pin", "port_projects.account_number", "team_channels.url"} <= names
    assert all("id" in Base.metadata.tables[name.partition(".")[0]].c for name in names)

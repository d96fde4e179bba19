"""Erasing a workspace."""

import pytest
from sqlalchemy import select, text, update

from service.accounts.models import User, Workspace
from service.history.models import HistoryImport
from service.lines.models import Line, PhoneNumber, Standing
from service.models import Base
from service.porting.kept_letters import KEPT, KeptLetter, forget_kept_letters
from service.porting.letters import Letter
from service.porting.models import Attempt, PortNumber
from service.porting.states import State
from service.time import now
from tests.factories import OWN

OF_THE_INSTALLATION = {
    *("cursors", "ledger_entries", "processed_texts", "received", "restorations", "roles", "tries", "kept_letters"),
    *("alerts", "carrier_calls", "node_clocks", "carrier_errors", "unannounced", "call_paces"),
}


def erase(app, *words):
    return app.test_cli_runner().invoke(args=["erase-workspace", *words])


def give_all_back(services, state=State.CANCELED):
    """All that the workspace has at a carrier, as if it had been given back and called off."""
    with services.sessions.begin() as session:
        session.execute(update(PhoneNumber).values(standing=Standing.RELEASED))
        session.execute(update(PortNumber).values(state=state))


def sign(services):
    """The letter of the port, which is ours and signed."""
    signed = {"signer": "Alice Baker", "signed_at": now(), "pdf": b"%PDF signed"}
    with services.sessions.begin() as session:
        attempt = session.scalars(select(Attempt)).one()
        session.add(Letter(attempt=attempt, project=attempt.project, fingerprint="f", **signed))


def rows_left(services):
    with services.sessions() as session:
        tables = [name for name in Base.metadata.tables if name not in OF_THE_INSTALLATION]
        counts = {name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables}  # noqa: S608
    return {name: count for name, count in counts.items() if count}


def test_everything_of_it_goes_but_signed_letters(app, alice, bob, filed, services, media, work):
    filed()
    sign(services)
    give_all_back(services)
    with services.sessions.begin() as session:
        here = session.scalars(select(Line)).one()
        file = services.media.put(b"all they wrote", "text/csv")
        session.add(HistoryImport(workspace_id=here.workspace_id, line_id=here.id, media=file))
    said = erase(app, "1", "Alice's Bakery")
    assert said.output == "Erased. 1 signed letters are kept for two years from their signature.\n"
    assert rows_left(services) == {}
    with services.sessions() as session:
        kept = session.scalars(select(KeptLetter)).one()
        assert (kept.numbers, kept.signer, kept.pdf) == ([OWN], "Alice Baker", b"%PDF signed")
    work()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_kept_letter_goes_after_two_years(app, alice, filed, services, clock):
    filed()
    sign(services)
    give_all_back(services)
    erase(app, "1", "Alice's Bakery")
    clock.jump(KEPT)
    with services.sessions.begin() as session:
        forget_kept_letters(session)
        assert session.scalars(select(KeptLetter)).all() == []


def test_other_workspaces_and_whoever_is_in_one_stay(app, alice, charlie, operator, line, services):
    give_all_back(services)
    erase(app, "1", "Alice's Bakery")
    with services.sessions() as session:
        assert set(session.scalars(select(Workspace.name))) == {"charlie's", "operator's"}
        assert set(session.scalars(select(User.name))) == {"Charlie", "Operator"}
    assert charlie.get("home.show").says("charlie's")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("1", "Bob's Bakery"), "No workspace has this id and this name."),
        (("99", "Alice's Bakery"), "No workspace has this id and this name."),
        (("1", "Alice's Bakery"), "give them back, or let them be transferred out"),
    ],
)
def test_a_wrong_one_and_one_with_a_number_are_refused(app, alice, line, services, words, told):
    before = rows_left(services)
    refused = erase(app, *words)
    assert refused.exit_code == 1
    assert told in refused.output
    assert rows_left(services) == before


def test_a_number_that_has_left_is_named(app, alice, line, services):
    with services.sessions() as session:
        number = session.scalars(select(PhoneNumber.number)).one()
    assert erase(app, "1", "Alice's Bakery", "--gone", number).exit_code == 0
    assert rows_left(services) == {}


def test_one_with_a_transfer_under_way_is_refused(app, alice, filed, services):
    filed()
    give_all_back(services, State.SCHEDULED)
    assert f"Transfers are under way: {OWN}." in erase(app, "1", "Alice's Bakery").output

"""Secrets are wiped once they are not needed any more, whatever other rows hold."""

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import select, text

from service.porting.models import PortProject
from service.porting.states import State
from service.schedule.prune import wipe_secrets
from tests.factories import a_draft, a_line

NUMBERS = ("+14155552000", "+14155552001")


def test_a_row_that_cannot_be_read_keeps_no_other_secret(services):
    with services.sessions.begin() as session:
        line = a_line(session, services)
        for number in NUMBERS:
            a_draft(session, line, number, pin="424242").numbers[0].state = State.CANCELED
    with services.sessions.begin() as session:
        session.execute(text("UPDATE port_projects SET pin = 'unsealed' WHERE id = 1"))
    with pytest.RaisesGroup(InvalidToken):
        wipe_secrets(services)
    with services.sessions() as session:
        assert session.scalars(select(PortProject.pin).where(PortProject.id != 1)).all() == [None]


@pytest.mark.parametrize(
    ("states", "kept"), [((State.LIVE, State.IN_REVIEW), True), ((State.LIVE, State.CANCELED), False)]
)
def test_secrets_are_kept_while_a_number_is_under_way_and_wiped_when_all_have_ended(services, states, kept):
    with services.sessions.begin() as session:
        project = a_draft(session, a_line(session, services), *NUMBERS, pin="424242")
        for number, state in zip(project.numbers, states, strict=True):
            number.state = state
    wipe_secrets(services)
    with services.sessions() as session:
        assert (session.scalar(select(PortProject.pin)) == "424242") == kept

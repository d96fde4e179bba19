"""The digest is sent once each morning, in the workspace's zone, to the members who chose it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service.accounts.access import grant
from service.accounts.models import Member, Membership, User
from service.inbox.models import Call, Contact, Conversation, Direction, Message, Outcome
from service.schedule.digest import send_digests
from service.team_notices.channels import choose
from service.team_notices.models import EMAIL, TeamEvent
from service.time import now
from tests.factories import a_line


@pytest.fixture
def busy(services, clock):
    """A line in New York with a missed call and a text, whose owner wants the digest."""
    with services.sessions.begin() as session:
        line = a_line(session, services)
        alice = Member(
            workspace_id=line.workspace_id,
            user=User(email="alice@bakery.example", fs_uniquifier="alice"),
            role=Membership.OWNER,
        )
        session.add(alice)
        contact = Contact(workspace_id=line.workspace_id, number="+14155550123")
        talk = Conversation(line_id=line.id, contact=contact, heard=1)
        session.add_all(
            [
                Call(conversation=talk, number="+14155550100", reference="CA1", outcome=Outcome.MISSED, at=now()),
                Message(conversation=talk, number="+14155550100", direction=Direction.IN, text="Hi", at=now()),
            ]
        )
        session.flush()
        grant(session, alice, [])
        choose(session, alice, line, {TeamEvent.DIGEST: [EMAIL]})
    return line


def test_it_leaves_at_eight_and_once(services, work, busy, clock, mailbox):
    clock.jump_to(datetime(2026, 3, 3, 12, 55, tzinfo=UTC))  # five to eight in New York
    send_digests(services)
    work()
    assert mailbox.mails == []
    clock.jump_to(datetime(2026, 3, 3, 13, 5, tzinfo=UTC))
    for _ in range(2):
        send_digests(services)
    work()
    [letter] = mailbox.mails
    assert "calls 1, missed 1, texts 1. Unread conversations: 1." in letter.text


def test_a_call_of_our_own_that_nobody_took_is_no_missed_one(services, work, busy, clock, mailbox):
    with services.sessions.begin() as session:
        talk = session.scalars(select(Conversation)).one()
        ours = Call(conversation=talk, number="+14155550100", direction=Direction.OUT, outcome=Outcome.MISSED, at=now())
        session.add(ours)
    clock.jump_to(datetime(2026, 3, 3, 13, 5, tzinfo=UTC))
    send_digests(services)
    work()
    assert "calls 1, missed 1," in mailbox.mails[0].text


def test_it_does_not_come_in_the_evening(services, work, busy, clock, mailbox):
    clock.jump_to(datetime(2026, 3, 3, 23, tzinfo=UTC))
    send_digests(services)
    work()
    assert mailbox.mails == []

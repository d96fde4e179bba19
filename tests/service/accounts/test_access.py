"""Which lines each person of a workspace sees."""

import pytest

from service.accounts.access import grant, line_for, lines_for, lines_read_by, members_on
from service.accounts.models import Member, Membership, User
from service.errors import NotFound
from service.lines.models import Line
from service.time import now
from tests.factories import a_line


@pytest.fixture
def lines(session, services):
    first = a_line(session, services)
    second = Line(workspace_id=first.workspace_id, name="Second")
    session.add(second)
    session.flush()
    return [first, second]


@pytest.fixture
def belonging(session, lines):
    def make(name, role):
        member = Member(
            workspace_id=lines[0].workspace_id,
            user=User(email=f"{name}@bakery.example", fs_uniquifier=name),
            role=role,
        )
        session.add(member)
        session.flush()
        return member

    return make


@pytest.mark.parametrize("role", [Membership.OWNER, Membership.ADMIN])
def test_owners_and_admins_see_every_line(session, lines, belonging, role):
    assert lines_for(session, belonging("alice", role)) == lines


def test_a_member_sees_the_lines_they_were_given(session, lines, belonging):
    bob = belonging("bob", Membership.MEMBER)
    assert lines_for(session, bob) == []
    grant(session, bob, [lines[1].id])
    assert lines_for(session, bob) == [lines[1]]
    with pytest.raises(NotFound):
        line_for(session, bob, lines[0].id)


def test_other_lines_replace_those_given_before(session, lines, belonging):
    bob = belonging("bob", Membership.MEMBER)
    grant(session, bob, [lines[1].id])
    grant(session, bob, [lines[0].id])
    assert lines_for(session, bob) == [lines[0]]


def test_a_removed_line_is_read_on_by_the_members_who_were_given_it(session, lines, belonging):
    bob, carl = belonging("bob", Membership.MEMBER), belonging("carl", Membership.MEMBER)
    grant(session, bob, [lines[1].id])
    lines[1].removed_at = now()
    for member in (bob, carl):
        grant(session, member, [line.id for line in lines])
    assert (lines_read_by(session, bob), lines_read_by(session, carl)) == (lines, [lines[0]])


def test_a_line_of_another_workspace_cannot_be_given(session, services, lines, belonging):
    bob = belonging("bob", Membership.MEMBER)
    grant(session, bob, [a_line(session, services).id])
    assert lines_for(session, bob) == []


def test_everybody_who_sees_a_line_is_on_it(session, lines, belonging):
    alice, bob, _ = (belonging("alice", Membership.OWNER), belonging("bob", "member"), belonging("carl", "member"))
    grant(session, bob, [lines[1].id])
    assert members_on(session, lines[0]) == [alice]
    assert members_on(session, lines[1]) == [alice, bob]

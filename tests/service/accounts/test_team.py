"""Changes of a team that two people make at the same moment."""

import pytest

from service.accounts.models import Member, Membership, User
from service.accounts.team import hand_over, remove
from service.errors import Conflict, Forbidden
from tests.factories import a_line


@pytest.fixture
def team(services):
    """Ids of Alice, who owns the workspace, Bob and Carol."""
    with services.sessions.begin() as session:
        here = a_line(session, services).workspace_id
        roles = {"alice": Membership.OWNER, "bob": Membership.MEMBER, "carol": Membership.ADMIN}
        people = [
            Member(workspace_id=here, user=User(email=f"{name}@bakery.example", fs_uniquifier=name), role=role)
            for name, role in roles.items()
        ]
        session.add_all(people)
        session.flush()
        return [member.id for member in people]


@pytest.fixture
def overtaken(services, team):
    """A session that has read the team before Alice handed the workspace over to Bob."""
    with services.sessions() as session:
        people = [session.get_one(Member, member_id) for member_id in team]
        with services.sessions.begin() as elsewhere:
            alice, bob, _ = [elsewhere.get_one(Member, member_id) for member_id in team]
            hand_over(elsewhere, alice, bob)
        yield session, *people


def test_a_workspace_that_is_handed_over_twice_at_once_has_one_owner(overtaken):
    session, alice, _, carol = overtaken
    with pytest.raises(Forbidden):
        hand_over(session, alice, carol)


def test_who_has_just_become_the_owner_cannot_leave(overtaken):
    session, _, bob, _ = overtaken
    with pytest.raises(Conflict):
        remove(session, bob, bob)


def test_who_has_just_become_the_owner_cannot_be_taken_out(overtaken):
    session, _, bob, carol = overtaken
    with pytest.raises(Conflict):
        remove(session, carol, bob)

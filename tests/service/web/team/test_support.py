"""The owner lets support look: staff read pages and change nothing, and the owner reads which."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.accounts.models import Grant, Member, SignIn
from service.accounts.support import KEPT, forget_support
from service.accounts.support_models import SupportAccess, SupportView
from service.inbox.models import Call, Contact, Conversation
from service.inbox.shared import Presence, ReadMark
from service.web.shell.public import PUBLIC
from service.web.shell.support import LEAVING, READABLE
from service.web.shell.words import phone
from tests.factories import CALLER
from tests.service.web.shell.test_access import VALUES


@pytest.fixture
def conversation(services, line, alice):
    """Somebody has called, and left a voicemail that nobody has heard."""
    with services.sessions.begin() as session:
        talk = Conversation(line_id=line.id, contact=Contact(workspace_id=line.workspace_id, number=CALLER), heard=1)
        session.add(talk)
        session.flush()
        session.add(Call(conversation_id=talk.id, number=CALLER, outcome="voicemail"))
    return talk


@pytest.fixture
def granted(alice):
    alice.get("support.show")
    return alice.submit(button="Let support look", hours="8")


@pytest.fixture
def support(operator, granted):
    """One of our staff looks into the bakery."""
    operator.get("support_desk.show")
    operator.submit(button="Look Alice's Bakery")
    return operator


def rows(services, *tables):
    with services.sessions() as session:
        return [len(session.scalars(select(table)).all()) for table in tables]


def test_support_reads_pages_and_leaves_no_trace_among_the_rows(alice, bob, support, conversation, services):
    assert support.page.says("You’re looking into Alice's Bakery until Monday, March 2 at 3:00 PM")
    assert support.get("inbox.show").says(phone(CALLER).replace("\u00a0", " "))
    assert support.get("inbox.read", conversation_id=conversation.id).says("Voicemail")
    assert rows(services, ReadMark, Presence) == [0, 0]
    with services.sessions() as session:
        assert session.scalars(select(Call.seen_at)).one() is None
        assert len(session.scalars(select(Member)).all()) == 3
    assert bob.get("inbox.show").says("Support can look into this workspace until Monday, March 2 at 3:00 PM")
    assert not bob.page.select("main .notice a")


def test_the_owner_reads_which_pages_support_saw(alice, support, conversation):
    for _ in range(2):
        support.get("inbox.read", conversation_id=conversation.id)
    page = alice.get("support.show")
    assert [link["href"] for link in page.select("main .people a")] == [f"/inbox/{conversation.id}", "/home"]
    assert page.says("Operator")
    assert alice.get("changes.listing").says("Let support look into the workspace (hours: 8)")


def test_no_form_works_with_it(app, support, conversation, services):
    token = support.get("home.show").select_one("[name=csrf_token]")["value"]
    before = rows(services, Member, SignIn, Grant, Conversation)
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint not in PUBLIC | LEAVING and not rule.rule.startswith("/api/"):
            address = support.address(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
            assert support.client.post(address, data={"csrf_token": token}).status_code == 403, rule
            tried += 1
    assert tried > 100
    assert rows(services, Member, SignIn, Grant, Conversation) == before


def test_only_pages_to_read_open_and_none_tries_to_write(app, support, conversation):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint not in PUBLIC and not rule.rule.startswith("/api/"):
            address = support.address(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
            status = support.client.get(address).status_code
            assert (status in {200, 302, 404}) if rule.endpoint in READABLE else status == 403, rule


def test_it_ends_when_the_owner_says_so(alice, support):
    alice.get("support.show")
    alice.submit(button="End now")
    assert support.get("home.show").heading() == "Support access"
    assert support.page.says("None right now.")
    assert support.get("home.show").says("operator's")
    assert not alice.get("home.show").says("Support can look")


def test_it_ends_by_itself_and_is_forgotten_later(alice, support, clock, services):
    clock.jump(timedelta(hours=8))
    assert support.get("inbox.show").heading() == "Support access"
    with services.sessions.begin() as session:
        session.execute(update(SupportAccess).values(ends_at=SupportAccess.made_at))
    clock.jump(KEPT)
    with services.sessions.begin() as session:
        forget_support(session)
    assert rows(services, SupportAccess, SupportView) == [0, 0]


def test_support_leaves_and_is_where_they_belong_again(support):
    support.get("inbox.show")
    assert support.submit(button="Leave").heading() == "Support access"
    assert support.get("home.show").says("operator's")


def test_nobody_else_looks_and_nobody_else_lets_them(alice, bob, charlie, operator, services):
    bob.get("support.show", status=403)
    alice.get("support_desk.show", status=404)
    operator.get("support_desk.show")
    token = operator.page.select_one("[name=csrf_token]")["value"]
    assert operator.client.post("/desk/support/1", data={"csrf_token": token}).status_code == 404


def test_for_other_hours_than_are_offered_it_is_not_granted(alice, services):
    alice.get("support.show")
    alice.submit(button="Let support look", hours="5000", status=422)
    assert rows(services, SupportAccess) == [0]

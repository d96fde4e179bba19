"""Two people change the same thing: what the first has saved is not overwritten by a page that was older."""

import pytest
from sqlalchemy import select

from service.accounts.models import Member, Membership
from service.inbox.models import Contact, Conversation
from service.inbox.shared import SavedReply
from service.lines.models import Phone
from tests.factories import a_draft
from tests.service.web.conftest import Reader

CHANGED = "Someone else changed this while you had it open."
# the page, what Alice and her colleague change there, and the text that the page says stands there now
PAGES = {
    "a phone": ("phones.show", {"name": "Al"}, {"name": "Dora"}, "Dora"),
    "the name of a line": ("line.show", {"name": "Shop"}, {"name": "Bakery"}, "Bakery"),
    "hours": ("plan.hours", {"always": "", "day-0": "8–12"}, {"always": "", "day-0": "9–13"}, "9:00–13:00"),
    "the first step": ("plan.hours", {"opening": "message"}, {"opening": "new:menu"}, ""),
    "a step": ("plan.step", {"seconds": "30"}, {"seconds": "40"}, ""),
    "callers": ("callers.show", {"hidden": "voicemail"}, {"hidden": "turn_away"}, ""),
    "recording": ("callers.show", {"hidden": "voicemail"}, {"recorded": "true"}, ""),
    "a role": ("team.settings", {"role": "member"}, {"role": "admin"}, ""),
    "automatic answers": ("inbox_settings.show", {"after_hours_text": "No."}, {"after_hours_text": "Soon."}, "Soon."),
    "a saved reply": ("replies.show", {"text": "Hello!"}, {"text": "Good day!"}, "Good day!"),
    "a contact": ("contacts.show", {"notes": "Pays late"}, {"notes": "Never call"}, "Never call"),
    "a number": ("number.show", {"name": "Flyer"}, {"name": "Van"}, "Van"),
    "forwarding": ("forwarding.show", {"number-1": "4155552671"}, {"number-1": "4155552672"}, "(415) 555-2672"),
    "the old operator": ("steps.show", {"subscriber_name": "Alice's"}, {"subscriber_name": "Dora's"}, ""),
}


@pytest.fixture
def dora(app, known, bakery, alice):
    """An admin of the bakery."""
    return Reader(app, known("dora", bakery, Membership.ADMIN))


@pytest.fixture
def values(services, line, bob):
    """The ids in the addresses of the pages."""
    with services.sessions.begin() as session:
        contact = Contact(workspace_id=line.workspace_id, number="+14155550123")
        reply = SavedReply(workspace_id=line.workspace_id, title="hours", text="We open at 8.")
        phone = Phone(line_id=line.id, number="+14155552672", name="Kitchen")
        session.add_all([Conversation(line_id=line.id, contact=contact), reply, phone])
        session.flush()
        draft = a_draft(session, session.merge(line), "+14155552000").public_id
        helper = session.scalars(select(Member.id).where(Member.role == Membership.MEMBER)).one()
        ids = {"contact_id": contact.id, "reply_id": reply.id, "member_id": helper, "line_id": line.id, "number_id": 1}
        return {**ids, "public_id": draft, "phone_id": phone.id}


def opened(reader, endpoint, values):
    needed = {
        "line.show": ["line_id"],
        "phones.show": ["line_id", "phone_id"],
        "forwarding.show": [],
        "number.show": ["number_id"],
        "plan.hours": ["line_id"],
        "callers.show": ["line_id"],
        "plan.step": ["line_id"],
        "inbox_settings.show": ["line_id"],
        "team.settings": ["member_id"],
        "replies.show": ["reply_id"],
        "contacts.show": ["contact_id"],
        "steps.show": ["public_id"],
    }[endpoint]
    names = {"plan.step": {"name": "ring"}, "steps.show": {"name": "holder"}}
    return reader.get(endpoint, **{name: values[name] for name in needed}, **names.get(endpoint, {}))


@pytest.mark.parametrize("what", PAGES)
def test_what_a_colleague_saved_meanwhile_is_shown_and_replaced_by_a_yes_alone(alice, dora, values, what):
    endpoint, mine, theirs, told = PAGES[what]
    opened(alice, endpoint, values)
    opened(dora, endpoint, values)
    dora.submit(**theirs)
    page = alice.submit(**mine, status=422)
    assert page.says(CHANGED)
    assert page.says(f"Now it says: {told}") if told else not page.says("Now it says")
    alice.submit(**mine)
    stored = opened(dora, endpoint, values).select_one("[name=basis]")["value"]
    assert stored == opened(alice, endpoint, values).select_one("[name=basis]")["value"]


def test_nothing_of_a_refused_change_is_kept(alice, dora, values):
    opened(alice, "phones.show", values)
    opened(dora, "phones.show", values)
    dora.submit(name="Dora")
    alice.submit(name="Alice", status=422)
    assert opened(dora, "phones.show", values).kept("name") == "Dora"


def test_the_same_change_twice_is_no_quarrel_of_two(alice, dora, values):
    opened(alice, "line.show", values)
    alice.submit(name="Shop")
    alice.submit(name="Shop at the corner")
    assert opened(dora, "line.show", values).kept("name") == "Shop at the corner"


def test_the_mark_of_a_form_does_not_tell_what_is_stored(alice, values, services):
    marks = {opened(alice, "contacts.show", values).select_one("[name=basis]")["value"] for _ in range(2)}
    assert len(marks) == 1
    assert all(len(mark) == 32 for mark in marks)

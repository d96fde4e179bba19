"""Whatever a signed-in person can store without end has a quota, and a clear sentence at it."""

from dataclasses import replace
from io import BytesIO

import pytest
from bs4 import BeautifulSoup

from service.db import Base
from service.inbox.contacts import conversation_with
from service.quotas import Quota
from service.web.shell.security import limiter
from tests.factories import CALLER, a_bill
from tests.service.web.lines.test_line import a_sound

BOUNDS = {
    "a quota": "contacts messages notes mentions saved_replies port_projects documents document_pages pictures "
    "recorded_greetings members invitations",
    "a number of its own for each member": "team_channels notice_choices sign_ins sign_in_codes line_grants "
    "roles_of_users authenticator_apps recovery_codes contact_imports",
    "one row for each row of another table": "conversations call_plans businesses inbox_settings read_marks "
    "presences browser_phones browsers_off opt_outs unsent_words allowances closings daily_costs destinations "
    "desk_cases desk_platforms desk_seats port_cases",
    "a hundred for each workspace": "tags conversation_tags",
    "twenty for each workspace": "api_keys",
    "twenty files in an hour, and fifty thousand rows of each": "history_imports imported_names imported_rows",
    "one at a time, kept for 90 days": "support_accesses support_views",
    "ten for each workspace": "webhook_endpoints",
    "twenty for each person at the desk": "desk_views",
    "sixty of a person at the desk in an hour": "desk_comments desk_mentions desk_log desk_questions",
    "sixty of a member in a day, and of the carrier's staff": "transfer_messages order_comments",
    "a thousand numbers for each transfer": "port_numbers port_history cutovers cutover_steps attempts carrier_orders "
    "letters details_requests desk_orders desk_numbers snapback_checks caller_networks notifications",
    "the cap on purchases": "phone_numbers lines phones registrations",
    "tries in an hour or a day": "passkeys number_searches number_codes proven_numbers own_numbers users "
    "workspaces calls recorded_pieces ringings call_legs changes tries api_answers submissions opt_ins",
    "what comes in, and what follows from the rows above": "received processed_texts automatic_answers team_notices "
    "carrier_calls ledger_entries expenses call_expenses unannounced alerts webhook_deliveries",
    "one row for each week, old operator, country, kind and carrier": "port_weeks",
    "eight for each desk": "desk_targets",
    "the operator": "desk_notes operator_hints platforms platform_workspaces port_outs "
    "kept_letters roles call_paces node_clocks cursors restorations carrier_errors audits",
}
"""What bounds the rows of each table. One that is new has to be bounded too."""


@pytest.fixture
def full(app, alice, line, monkeypatch, services):
    """Alice's workspace, which may store only so much."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    with services.sessions.begin() as session:
        conversation_with(session, session.merge(line), CALLER)
    alice.client.post(alice.address("bring.begin"), data={"number": "(212) 736-8000"})

    def at(**quotas):
        limited = replace(services.settings, quotas=tuple((Quota(name), most) for name, most in quotas.items()))
        app.extensions["services"] = replace(services, settings=limited)

    return at


def posts(line):
    """What stores something: the quota, the endpoint, what is sent, and beside which field it is refused."""
    later = "2026-12-24T09:00"
    return {
        "contacts": ("contacts.begin", {}, {"number": "(415) 555-0199"}, "number"),
        "scheduled_texts": ("answers.reply", {"conversation_id": 1}, {"text": "Hi", "leaves_at": later}, "leaves_at"),
        "notes": ("answers.note", {"conversation_id": 1}, {"note": "Remember"}, "note"),
        "saved_replies": ("replies.add", {}, {"title": "Hours", "text": "We open at 7"}, "title"),
        "drafts": ("bring.begin", {}, {"number": "(212) 736-8001"}, "number"),
        "greetings": ("plan.change_step", {"line_id": line.id, "name": "message"}, {"sound": a_sound}, "sound"),
        "members": ("invitations.send", {}, {"email": "bob@example.com", "role": "member"}, "email"),
        "files_mb": ("plan.change_step", {"line_id": line.id, "name": "message"}, {"sound": a_sound}, "sound"),
    }


@pytest.mark.parametrize("quota", Quota)
def test_a_full_workspace_is_told_beside_the_field(full, alice, line, quota):
    full(**{quota: 0})
    endpoint, values, data, field = posts(line)[quota]
    sent = {name: (BytesIO(value()), "hello.wav") if callable(value) else value for name, value in data.items()}
    answer = alice.client.post(alice.address(endpoint, **values), data=sent)
    assert answer.status_code == 422
    beside = BeautifulSoup(answer.text, "html.parser").select_one(f"#{field}-error")
    assert "reached the limit of" in beside.text, answer.text


@pytest.mark.parametrize(
    ("endpoint", "values", "file"),
    [("answers.reply", {"conversation_id": 1}, "pictures"), ("steps.answer", {"name": "bill"}, "bill")],
)
def test_pictures_and_bills_take_up_room_too(full, alice, endpoint, values, file):
    full(files_mb=0)
    if endpoint == "steps.answer":
        values |= {"public_id": alice.get("ports.listing").select_one("main a[href*='/ports/']")["href"].split("/")[2]}
    answer = alice.client.post(alice.address(endpoint, **values), data={file: (BytesIO(a_bill()), "bill.png")})
    assert (answer.status_code, "reached the limit of" in answer.text) == (422, True)


def test_what_is_there_is_counted_and_the_last_one_fits(full, alice, bob):
    full(saved_replies=1, notes=1)
    for reader, status in ((alice, 302), (bob, 422)):
        data = {"title": "Hours", "text": "We open at 7"}
        assert reader.client.post(reader.address("replies.add"), data=data).status_code == status
    for status in (302, 422):
        note = {"note": "Remember"}
        assert alice.client.post(alice.address("answers.note", conversation_id=1), data=note).status_code == status


def test_a_contact_there_is_already_is_written_to_as_before(full, alice):
    full(contacts=0)
    assert alice.client.post(alice.address("contacts.begin"), data={"number": CALLER}).status_code == 302


def test_another_workspace_has_room_of_its_own(full, alice, charlie):
    full(saved_replies=1)
    data = {"title": "Hours", "text": "We open at 7"}
    for reader in (alice, charlie):
        assert reader.client.post(reader.address("replies.add"), data=data).status_code == 302


def test_every_table_is_bounded_by_something():
    listed = [table for tables in BOUNDS.values() for table in tables.split()]
    assert sorted(listed) == sorted(Base.metadata.tables)

"""Access: public pages for everyone, all others after signing in, and only one's own workspace."""

import pytest
from sqlalchemy import delete, select, update

from service.accounts.models import Grant, Member, Membership, Workspace
from service.inbox.models import Contact, Conversation, Message, Picture
from service.language import Language
from service.lines.models import Line
from service.notifications.models import Channel, NoticeKind
from service.porting.models import PortNumber
from service.web.shell.public import PUBLIC
from tests.factories import a_draft

HANDLING = ("allow_texts", "assign", "block", "finish", "reopen", "snooze", "stop_texts", "unblock", "unread")
IDS = (
    "conversation_id",
    "picture_id",
    "piece_id",
    "view_id",
    "call_id",
    "line_id",
    "alert_id",
    "key_id",
    "member_id",
    "number_id",
    "invitation_id",
    "message_id",
    "contact_id",
    "reply_id",
    "sign_in_id",
    "channel_id",
    "search_id",
    "request_id",
    "tag_id",
    "passkey_id",
    "phone_id",
    "port_out_id",
    "leg_id",
    "order_id",
    "note_id",
    "hint_id",
    "import_id",
    "received_id",
    "workspace_id",
    "access_id",
    "endpoint_id",
    "delivery_id",
)
VALUES = {
    **dict.fromkeys(IDS, 1),
    "public_id": "x",
    "way": "up",
    "start": "ring",
    "name": "holder",
    "number": "x",
    "position": 1,
    "reference": "x",
    "paper": "letter",
    "country": "SE",
    "slug": "x",
    "token": "x",
    "version": "x",
}
ROUTES = {
    "accounts.place",
    "accounts.show",
    "agreements.ask",
    "agreements.export",
    "agreements.keep",
    "answers.back",
    "answers.keep",
    "answers.note",
    "answers.reply",
    "api_keys.make",
    "api_keys.revoke",
    "api_keys.show",
    "api_reference.about",
    "api_reference.show",
    "archive.download",
    "archive.show",
    "assets.serve",
    "attachments.file",
    "attachments.for_carrier",
    "attachments.picture",
    "attachments.piece",
    "attachments.recording",
    "attachments.thumbnail",
    "attachments.voicemail",
    "bring.ask",
    "bring.begin",
    "bring.check",
    "bring.name_operator",
    "bring.verdict",
    "bulk_transfer.ask",
    "bulk_transfer.begin",
    "bulk_transfer.check",
    "bulk_transfer.take_out",
    "bulk_transfer.verdicts",
    "bulk.act",
    "call_log.latest",
    "call_log.show",
    "call_report.download",
    "call_report.show",
    "business_page.privacy",
    "business_page.show",
    "business_page.sign_up",
    "business_page.terms",
    "caller_name.send",
    "caller_name.show",
    "calls.begin",
    "closing.begin",
    "closing.show",
    "closing.stay",
    "claims.answer",
    "claims.bill",
    "claims.show",
    "contacts.ask",
    "contacts.begin",
    "contact_import.ask",
    "contact_import.drop",
    "contact_import.read",
    "contact_import.take",
    "contacts.add",
    "contacts.blank",
    "contacts.change",
    "contacts.erase",
    "contacts.listing",
    "contacts.show",
    "cutover.again",
    "cutover.announce_number",
    "cutover.back",
    "cutover.cancellation",
    "cutover.confirm_return",
    "cutover.old_line",
    "cutover.progress",
    "cutover.send_back",
    "cutover.show",
    "cutover.test",
    "desk.messages",
    "desk.seen",
    "desk.show",
    "desk_figures.download",
    "desk_figures.show",
    "desk_team.change_targets",
    "desk_team.leave_note",
    "desk_team.set_shift",
    "desk_team.show",
    "desk_team.take_over",
    "correspondence.write",
    "desk_acts.again",
    "desk_acts.change_carrier",
    "desk_acts.check_off",
    "desk_acts.mark",
    "desk_acts.paper",
    "desk_acts.split",
    "desk_transfer.ask",
    "desk_acts.ask_corrections",
    "desk_transfer.assign",
    "desk_acts.cancel",
    "desk_acts.correct",
    "desk_acts.file",
    "desk_acts.move",
    "desk_transfer.show",
    "desk_transfer.take_question_back",
    "desk_transfer.write_comment",
    "desk_transfer.write_message",
    "desk_transfer.write_order_comment",
    "details.give",
    "details.show",
    "details_requests.again",
    "details_requests.ask",
    "details_requests.send",
    "details_requests.take_back",
    "devices.end",
    "devices.end_others",
    "devices.show",
    "embedded.calendar",
    "embedded.form",
    "embedded.give",
    "embedded.progress",
    "embedded.status",
    "figures.show",
    "forwarding.change",
    "forwarding.show",
    "forwarding.switch",
    "front.landing",
    "front.language",
    "greetings.fetch",
    "handling.allow_texts",
    "handling.assign",
    "handling.block",
    "handling.finish",
    "handling.reopen",
    "handling.snooze",
    "handling.stop_texts",
    "handling.unblock",
    "handling.unread",
    "health.alive",
    "health.ready",
    "help_page.show",
    "hints.add",
    "hints.change",
    "hints.edit",
    "hints.remove",
    "hints.show",
    "history.progress",
    "history.send",
    "history.show",
    "history.undo",
    "home.number",
    "home.put_away",
    "home.show",
    "home.steps",
    "home.welcome",
    "inbox.entries",
    "inbox.latest",
    "inbox.read",
    "inbox.show",
    "inbox_settings.change",
    "inbox_settings.show",
    "line.change",
    "installing.manifest",
    "installing.offline",
    "installing.worker",
    "live.counts",
    "line.first",
    "line.show",
    "moment.ask",
    "moment.choose",
    "moment.start",
    "notices.add",
    "notices.change",
    "notices.channels",
    "notices.remove",
    "notices.show",
    "notices.trial",
    "notices.turn_on",
    "number.change",
    "number.release",
    "number.show",
    "number.stay",
    "numbers.again",
    "numbers.latest",
    "numbers.listing",
    "contact_code.ask",
    "contact_code.enter",
    "number_code.ask",
    "number_code.enter",
    "number_code.hand_over",
    "on_the_line.add",
    "on_the_line.hand_over",
    "on_the_line.hold",
    "on_the_line.note",
    "on_the_line.park",
    "on_the_line.pause_recording",
    "on_the_line.resume",
    "on_the_line.resume_recording",
    "on_the_line.ring",
    "on_the_line.transfer",
    "own_number.hide",
    "own_number.progress",
    "own_number.prove",
    "own_number.take_code",
    "phone.acts",
    "phone.acts_of_call",
    "phone.awake",
    "phone.away",
    "phone.call",
    "phone.hear",
    "phone.leg",
    "phone.ring",
    "phone.script",
    "phone.show",
    "phone.woken",
    "phones.add",
    "phones.add_browser",
    "phones.ask",
    "phones.change",
    "phones.move",
    "phones.remove",
    "phones.restore",
    "phones.show",
    "plan.back",
    "plan.start",
    "callers.show",
    "callers.change",
    "plan.change_hours",
    "plan.change_step",
    "plan.hours",
    "plan.remove",
    "plan.step",
    "port_out.close_lock",
    "port_out.new_pin",
    "port_out.open_lock",
    "port_out.show",
    "port_out_request.show",
    "port_out_request.stop",
    "port_outs.add",
    "port_outs.answer",
    "port_outs.listing",
    "person.erase",
    "person.show",
    "ports.calendar",
    "ports.call_off",
    "ports.fix",
    "ports.listing",
    "ports.mend",
    "ports.progress",
    "ports.show",
    "push.allow",
    "push.renew",
    "push.renewal",
    "push.words",
    "queue.act",
    "queue.download",
    "queue.remove_view",
    "queue.save_view",
    "queue.show",
    "registrations.listing",
    "registrations.show",
    "removal.remove",
    "removal.restore",
    "registration.ask_owner",
    "registration.save",
    "registration.show",
    "replies.add",
    "replies.change",
    "replies.listing",
    "replies.show",
    "reschedule.ask",
    "reschedule.change",
    "search.hits",
    "search.show",
    "searches.ask",
    "searches.begin",
    "searches.buy",
    "searches.chosen",
    "searches.found",
    "searches.show",
    "second_step.ask",
    "second_step.need",
    "second_step.passkey",
    "sign.copy",
    "sign.give",
    "sign.show",
    "settings.change",
    "settings.show",
    "signin.ask",
    "signin.confirm",
    "signin.confirm_by_mail",
    "signin.enter",
    "sign_in_methods.add_app",
    "sign_in_methods.add_passkey",
    "sign_in_methods.app",
    "sign_in_methods.confirm_app",
    "sign_in_methods.new_codes",
    "sign_in_methods.passkey",
    "sign_in_methods.remove_app",
    "sign_in_methods.remove_passkey",
    "sign_in_methods.rename_passkey",
    "sign_in_methods.show",
    "signin.leave",
    "signin.passkey",
    "signin.sent",
    "signup.ask",
    "spending.allow",
    "spending.lift",
    "spending.pause",
    "spending.show",
    "static",
    "changes.listing",
    "invitations.again",
    "invitations.ask",
    "invitations.send",
    "invitations.take_back",
    "join.elsewhere",
    "join.go_to",
    "join.show",
    "join.take",
    "prices.show",
    "legal.privacy",
    "legal.terms",
    "review.bill",
    "review.bill_page",
    "review.read_again",
    "review.send",
    "review.show",
    "review.use",
    "status_page.begin",
    "status_page.calendar",
    "status_page.end",
    "status_page.progress",
    "status_page.show",
    "steps.answer",
    "steps.show",
    "team.change",
    "team.demand",
    "team.duty",
    "team.erase",
    "team.hand_over",
    "team.leave",
    "team.let_start_anew",
    "team.remove",
    "team.rename",
    "team.settings",
    "team.show",
    "team.write_from",
    "which_line.ask",
    "which_line.choose",
    "support.begin",
    "support.end",
    "support.show",
    "support_desk.enter",
    "support_desk.leave",
    "support_desk.show",
    "tags.add",
    "tags.remove",
    "trace.ask_order",
    "trace.read_callback",
    "trace.show",
    "undo.act",
    "verifications.send",
    "verifications.show",
    "webhooks.add",
    "webhooks.again",
    "webhooks.again_all",
    "webhooks.change",
    "webhooks.listing",
    "webhooks.remove",
    "webhooks.rotate",
    "webhooks.show",
    "webhooks.switch",
    "webhooks.test",
    "worklist.answer",
    "worklist.bill",
    "worklist.listing",
    "worklist.paper",
    "worklist.show",
}
"""Every endpoint. Before adding a new one, decide who may see it."""


def rules(app):
    return list(app.url_map.iter_rules())


def test_the_list_of_pages_is_complete(app):
    assert {rule.endpoint for rule in rules(app)} == ROUTES
    assert PUBLIC <= ROUTES


def test_every_page_that_is_not_public_asks_to_sign_in(app, reader):
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        if "GET" in rule.methods:
            assert reader.get(rule.endpoint, **values).heading() == "Sign in", rule
        else:
            reader.get("signin.ask")
            token = reader.page.select_one("[name=csrf_token]")["value"]
            answer = reader.client.post(reader.address(rule.endpoint, **values), data={"csrf_token": token})
            assert answer.location == "/sign-in", rule


def test_every_form_is_refused_without_its_token(app, alice):
    for rule in rules(app):
        if "POST" in rule.methods:
            values = {name: VALUES[name] for name in rule.arguments}
            refused = 404 if rule.endpoint == "embedded.give" else 400  # its only token stands in its address
            assert alice.client.post(alice.address(rule.endpoint, **values)).status_code == refused, rule


@pytest.fixture
def conversation(services, line):
    with services.sessions.begin() as session:
        contact = Contact(workspace_id=line.workspace_id, number="+14155550123")
        conversation = Conversation(line_id=line.id, contact=contact)
        session.add(conversation)
        session.flush()
        kept = services.media.put(b"png", "image/png")
        picture = Picture(source_url="https://else.example/1", media_type="image/png", media=kept, thumbnail=kept)
        session.add(
            Message(conversation=conversation, direction="in", number="+14155550100", text="Hi", pictures=[picture])
        )
    return conversation


@pytest.fixture
def draft(services, line):
    with services.sessions.begin() as session:
        return a_draft(session, session.merge(line), "+14155552000")


def things(conversation, draft, line):
    return [
        ("inbox.read", {"conversation_id": conversation.id}),
        ("inbox.entries", {"conversation_id": conversation.id}),
        ("contacts.show", {"contact_id": 1}),
        ("inbox_settings.show", {"line_id": line.id}),
        ("attachments.picture", {"picture_id": 1}),
        ("attachments.thumbnail", {"picture_id": 1}),
        ("line.show", {"line_id": line.id}),
        ("bring.check", {"public_id": draft.public_id}),
        ("bring.verdict", {"public_id": draft.public_id}),
        ("steps.show", {"public_id": draft.public_id, "name": "holder"}),
        ("accounts.show", {"public_id": draft.public_id}),
        ("details_requests.ask", {"public_id": draft.public_id}),
        ("review.bill", {"public_id": draft.public_id}),
        ("review.show", {"public_id": draft.public_id}),
        ("ports.show", {"public_id": draft.public_id}),
        ("ports.progress", {"public_id": draft.public_id}),
        ("ports.fix", {"public_id": draft.public_id}),
    ]


def test_nobody_sees_anothers_things(alice, charlie, conversation, draft, line):
    for endpoint, values in things(conversation, draft, line):
        charlie.get(endpoint, status=404, **values)


def test_nobody_changes_anothers_things(charlie, conversation, draft, line):
    charlie.get("bring.ask")
    token = charlie.page.select_one("main [name=csrf_token]")["value"]
    for endpoint, values in [
        *((f"handling.{what}", {"conversation_id": conversation.id}) for what in HANDLING),
        ("answers.reply", {"conversation_id": conversation.id}),
        ("answers.note", {"conversation_id": conversation.id}),
        ("answers.back", {"message_id": 1}),
        ("answers.keep", {"conversation_id": conversation.id}),
        ("tags.add", {"conversation_id": conversation.id}),
        ("tags.remove", {"conversation_id": conversation.id, "tag_id": 1}),
        ("contacts.change", {"contact_id": 1}),
        ("inbox_settings.change", {"line_id": line.id}),
        ("line.change", {"line_id": line.id}),
        ("removal.remove", {"line_id": line.id}),
        ("removal.restore", {"line_id": line.id}),
        ("steps.answer", {"public_id": draft.public_id, "name": "holder"}),
        ("accounts.place", {"public_id": draft.public_id}),
        ("details_requests.send", {"public_id": draft.public_id}),
        ("details_requests.again", {"public_id": draft.public_id, "request_id": 1}),
        ("details_requests.take_back", {"public_id": draft.public_id, "request_id": 1}),
        ("review.read_again", {"public_id": draft.public_id}),
        ("numbers.again", {"line_id": line.id}),
        ("review.use", {"public_id": draft.public_id}),
        ("review.send", {"public_id": draft.public_id}),
        ("bring.name_operator", {"public_id": draft.public_id}),
        ("ports.mend", {"public_id": draft.public_id}),
        ("correspondence.write", {"public_id": draft.public_id}),
        ("ports.call_off", {"public_id": draft.public_id}),
    ]:
        agreed = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), "true")
        filled = {
            "csrf_token": token,
            "text": "Hi",
            "note": "Hi",
            "what": "note",
            "new_tag": "Hi",
            "until": "2030-01-01T09:00",
            "name": "Mine",
            "email": "mine@mine.example",
            "ring_seconds": "20",
            **agreed,
        }
        answer = charlie.client.post(charlie.address(endpoint, **values), data=filled)
        assert answer.status_code == 404, endpoint


def test_the_owner_sees_them_all(alice, conversation, draft, line):
    for endpoint, values in things(conversation, draft, line)[:-1]:
        alice.get(endpoint, **values)


def test_a_helper_works_in_the_inbox_and_moves_no_numbers(bob, conversation, draft):
    bob.get("inbox.read", conversation_id=conversation.id)
    bob.get("bring.ask")
    assert bob.submit(number="(415) 555-2001", status=403).heading() == "You don’t have access to that"
    bob.get("steps.show", public_id=draft.public_id, name="holder", status=403)
    bob.get("review.show", public_id=draft.public_id, status=403)
    bob.get("ports.fix", public_id=draft.public_id, status=403)


def test_a_helper_changes_no_line(bob, line):
    page = bob.get("line.show", line_id=line.id)
    assert not page.select("main form[method=post]")
    token = page.select_one("input[name=csrf_token]")["value"]
    assert bob.client.post(bob.path, data={"csrf_token": token, "name": "Mine"}).status_code == 403


def test_a_helper_sees_the_lines_they_were_given_and_no_others(bob, conversation, line, services):
    with services.sessions.begin() as session:
        session.execute(delete(Grant))
    assert bob.get("inbox.show").says("You’re all caught up.")
    bob.get("inbox.read", conversation_id=conversation.id, status=404)
    bob.get("attachments.picture", picture_id=1, status=404)
    bob.get("line.show", line_id=line.id, status=404)
    bob.get("home.show")


def test_a_helper_without_the_line_to_which_a_number_comes_sees_no_port_and_no_address(bob, filed, services):
    public_id = filed(authorized_email="boss@bakery.example")
    assert bob.get("ports.show", public_id=public_id).says("boss@bakery.example")
    with services.sessions.begin() as session:
        session.execute(delete(Grant))
    for page in ("home.show", "numbers.listing", "ports.listing"):
        assert public_id not in str(bob.get(page)), page
    for page in ("ports.show", "ports.progress", "ports.calendar", "cutover.show", "own_number.progress"):
        bob.get(page, public_id=public_id, status=404)


def test_a_helper_sees_the_port_of_a_number_that_comes_to_their_line_and_no_other(bob, filed, services, line):
    public_id = filed()
    with services.sessions.begin() as session:
        session.execute(delete(Grant))
        other = Line(workspace_id=line.workspace_id, name="Shop", country="US", language=line.language)
        session.add(other)
        session.flush()
        bobs = session.scalars(select(Member).where(Member.role == Membership.MEMBER)).one()
        session.add(Grant(member_id=bobs.id, line_id=other.id))
    bob.get("ports.show", public_id=public_id, status=404)
    with services.sessions.begin() as session:
        session.scalars(select(PortNumber)).one().chosen_line_id = other.id
    bob.get("ports.show", public_id=public_id)


def test_the_porting_desk_is_not_there_for_customers(alice):
    alice.get("desk.show", status=404)
    alice.get("desk.messages", status=404)


def test_our_own_staff_sees_alerts_and_takes_them_on(operator, services):
    from service.alerts import AlertKind, alert

    with services.sessions.begin() as session:
        alert(session, AlertKind.PUZZLING_FACT, "port_number:7", word="strange")
    page = operator.get("desk.show")
    assert page.says("A carrier said something unexpected")
    assert page.says("puzzling_fact"), "by which the handbook knows it"
    operator.submit(button="Seen")
    assert operator.page.says("Nothing needs attention.")


def test_our_own_staff_reads_what_customers_are_told(operator):
    page = operator.get("desk.messages")
    links = page.select("main .panel a")
    assert len(links) == len(NoticeKind)
    operator.open(links[0]["href"])
    assert operator.page.says("We got your request to transfer (415) 555-2671")
    assert len(operator.page.select("main .words")) == len(Channel)
    assert [link["lang"] for link in page.select("main nav a")] == list(Language)


def test_our_own_staff_reads_it_in_each_language(operator):
    page = operator.get("desk.messages", of="fr", kind="submitted")
    assert {part["lang"] for part in page.select("main .words")} == {"fr"}


def test_somebody_of_no_workspace_finds_nothing(alice, services):
    with services.sessions.begin() as session:
        session.query(Member).delete()
    alice.get("home.show", status=404)


WITHOUT_A_WORKSPACE = {
    "bulk_transfer.ask",
    "join.elsewhere",
    "live.counts",
    "phone.hear",
    "phone.script",
    "second_step.need",
    "sign_in_methods.app",
    "sign_in_methods.passkey",
    "sign_in_methods.show",
    "signin.confirm",
}


def test_where_a_second_step_is_demanded_no_page_opens_without_it(app, alice, services):
    alice.get("home.show")
    with services.sessions.begin() as session:
        session.execute(update(Workspace).values(second_step=True))
    inside = [rule for rule in rules(app) if rule.endpoint not in PUBLIC and not rule.rule.startswith("/desk")]
    addresses = {
        rule.endpoint: alice.address(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
        for rule in inside
        if "GET" in rule.methods
    }
    opened = {name for name, path in addresses.items() if alice.client.get(path).location != "/second-step/needed"}
    assert opened == WITHOUT_A_WORKSPACE
    for name in WITHOUT_A_WORKSPACE:
        assert "(415)" not in alice.client.get(addresses[name]).text, "not beside the page either"

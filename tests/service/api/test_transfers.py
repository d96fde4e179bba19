"""A transfer by API from its first answer to live, and back: what the pages do, and what they refuse."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.change_log import Action, Change
from service.accounts.models import Member, Membership, User
from service.desk.questions import ask_customer
from service.lines.inventory import open_line
from service.porting.queries import project_named
from tests.factories import GOOD_ACCOUNT_NUMBER, OWN, a_bill, a_draft

AGREED = dict.fromkeys(("keep_service", "other_services", "fees", "authority"), True)
WRONG_ACCOUNT = "+14155553156"
ANSWERS = {
    "subscriber_name": "Alice's Bakery LLC",
    "authorized_person": "Alice Baker",
    "authorized_email": "alice@alice.example",
    "street": "1 Main Street",
    "city": "San Francisco",
    "region": "California",
    "postal_code": "94105",
    "account_number": GOOD_ACCOUNT_NUMBER,
    "contact_number": "+14155552671",
}


@pytest.fixture
def begun(program, work):
    """The path of a draft whose number can come."""
    path = f"/transfers/{program.post('/transfers', {'numbers': [OWN]}).json['id']}"
    work()
    return path


def answer(program, path, answers):
    return program("PATCH", path, json=answers, headers={"If-Match": program.get(path).headers["ETag"]}).json


def upload(program, path, *, status=200, content=None, **headers):
    body = {"data": a_bill() if content is None else content, "content_type": "image/png"}
    return program("PUT", f"{path}/bill", status=status, headers=headers, **body)


def lacking(transfer):
    return {one["field"] for one in transfer["missing"]}


def logged(services, action):
    with services.sessions() as session:
        return session.scalars(select(Change.subject).where(Change.action == action)).all()


def test_what_a_program_answers_stands_on_the_pages(program, alice, begun):
    changed = answer(program, begun, ANSWERS)
    assert (changed["region"], changed["city"]) == ("CA", "San Francisco"), "read as the page reads it"
    assert lacking(changed) == {"bill", "agreed", "confirmed"}
    assert GOOD_ACCOUNT_NUMBER not in str(changed)
    page = alice.get("steps.show", public_id=changed["id"], name="address")
    assert page.kept("street") == "1 Main Street"
    assert answer(program, begun, {"street2": "Suite 5"})["street"] == "1 Main Street", "what is left out stays"


def test_the_questions_are_those_of_the_number(program, begun):
    asked = {one["field"]: one for one in program.get(f"{begun}/questions").json["data"]}
    assert asked["region"]["label"] == "State"
    assert asked["account_number"]["secret"]
    assert [one["value"] for one in asked["subscriber_kind"]["choices"]] == ["business", "individual"]
    assert "subscriber_id" not in asked


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"region": "Bavaria"}, "region"),
        ({"city": ""}, "city"),
        ({"subscriber_id": "556036-0793"}, "subscriber_id"),
        ({"contact_number": "4155552671"}, "contact_number"),
        ({"wished": "soon"}, "wished"),
        ({"subscriber_kind": "cat"}, "subscriber_kind"),
    ],
)
def test_a_wrong_answer_is_refused_and_none_is_kept(program, begun, wrong, field):
    headers = {"If-Match": program.get(begun).headers["ETag"]}
    refused = program.refused("PATCH", begun, "invalid", 422, json={"street": "2 Side Street"} | wrong, headers=headers)
    assert {one["at"] for one in refused.json["errors"]} == {f"/{field}"}
    assert program.get(begun).json["street"] == ""


def test_two_programs_do_not_overwrite_each_other(program, begun):
    tag = {"If-Match": program.get(begun).headers["ETag"]}
    program("PATCH", begun, json={"city": "Reno"}, headers=tag)
    program.refused("PATCH", begun, "changed_meanwhile", 412, json={"city": "Elko"}, headers=tag)
    program.refused("PATCH", begun, "if_match_required", 428, json={"city": "Elko"})


def test_an_individual_signs_alone(program, begun):
    changed = answer(program, begun, {"subscriber_kind": "individual", "subscriber_name": "Ann Lee"})
    assert changed["authorized_person"] == "Ann Lee"


def test_numbers_come_to_the_line_that_is_chosen(program, begun, services, line):
    with services.sessions.begin() as session:
        words = {"name": "Shop", "country": "US", "language": line.language, "area": "415"}
        shop = open_line(session, services, workspace_id=line.workspace_id, **words)
    assert answer(program, begun, {"line_id": shop.id})["numbers"][0]["line_id"] == shop.id
    tag = {"If-Match": program.get(begun).headers["ETag"]}
    program.refused("PATCH", begun, "not_found", 404, json={"line_id": 999}, headers=tag)


def test_numbers_are_added_to_a_draft_and_removed_until_one_is_left(program, begun, other):
    added = program.post(f"{begun}/numbers", {"numbers": ["+14155552003", OWN]}, status=200).json
    assert [one["number"] for one in added["numbers"]] == [OWN, "+14155552003"]
    mine = program.get("/numbers").json["data"][0]["number"]
    refused = program.refused("POST", f"{begun}/numbers", "invalid", 422, json={"numbers": [mine]})
    assert refused.json["errors"][0]["at"] == "/numbers"
    first, second = added["numbers"]
    left = program("DELETE", f"{begun}/numbers/{first['id']}").json
    assert [one["id"] for one in left["numbers"]] == [second["id"]]
    program.refused("DELETE", f"{begun}/numbers/{second['id']}", "conflict", 409)
    program.refused("DELETE", f"{begun}/numbers/{first['id']}", "not_found", 404)


def test_the_old_operator_is_named_where_it_is_known(program, begun):
    known = program.get(f"{begun}/operators").json["data"]
    assert answer(program, begun, {"operator": known[0]})["operator"] == known[0]
    tag = {"If-Match": program.get(begun).headers["ETag"]}
    refused = program.refused("PATCH", begun, "invalid", 422, json={"operator": "Tin cans"}, headers=tag)
    assert refused.json["errors"][0]["at"] == "/operator"


def test_the_contact_is_texted_once_its_code_was_entered(program, begun, world, work, clock):
    program.refused("POST", f"{begun}/contact-code", "conflict", 409, json={})
    contact = answer(program, begun, ANSWERS)["contact_number"]
    program.post(f"{begun}/contact-code", {"way": "text"}, status=200)
    work()
    clock.jump(timedelta(seconds=10))
    work()
    code = re.match(r"\d{6}", world.phone(contact).texts[-1].body).group()
    wrong = {"code": f"{(int(code) + 1) % 1_000_000:06}"}
    assert not program.post(f"{begun}/confirm-contact", wrong, status=200).json["confirmed"]
    assert program.post(f"{begun}/confirm-contact", {"code": code}, status=200).json["confirmed"]
    program.refused("POST", f"{begun}/contact-code", "conflict", 409, json={})


def test_what_the_contact_was_told_is_listed(program, filed):
    notices = program.get(f"/transfers/{filed()}/notices").json["data"]
    assert {"submitted"} <= {one["kind"] for one in notices}
    assert all(one["sent_at"] for one in notices if one["channel"] == "email"), notices
    assert [one["id"] for one in notices] == sorted((one["id"] for one in notices), reverse=True)


@pytest.mark.parametrize("content", [b"", b"\0 not a picture", b"x" * (10 * 1024 * 1024 + 1)])
def test_a_bill_that_cannot_be_read_is_refused(program, begun, content):
    refused = program.refused("PUT", f"{begun}/bill", "invalid", 422, data=content, content_type="image/png")
    assert refused.json["errors"][0]["at"] == "/bill"
    assert "bill" in lacking(program.get(begun).json)


def test_a_bill_that_is_far_too_large_is_not_read(program, begun):
    program.refused("PUT", f"{begun}/bill", "too_large", 413, data=b"x" * 11_000_000, content_type="image/png")


def test_a_draft_is_sent_once_its_code_was_entered(program, begun, world, work, clock, services):
    answer(program, begun, ANSWERS)
    assert "bill" not in lacking(upload(program, begun).json)
    refused = program.refused("POST", f"{begun}/submit", "invalid", 422, json=AGREED)
    assert {one["at"] for one in refused.json["errors"]} == {"/confirmed"}
    program.post(f"{begun}/code", {"number": OWN}, status=200)
    work()
    clock.jump(timedelta(seconds=10))
    work()
    code = re.match(r"\d{6}", world.phone(OWN).texts[-1].body).group()
    wrong = {"code": f"{(int(code) + 1) % 1_000_000:06}"}
    assert not program.post(f"{begun}/confirm", wrong, status=200).json["confirmed"]
    assert program.post(f"{begun}/confirm", {"code": code}, status=200).json["confirmed"]
    assert program.get(begun).json["ownership"] == "confirmed"
    program.refused("POST", f"{begun}/submit", "invalid", 422, json=AGREED | {"fees": False})
    sent = program.post(f"{begun}/submit", AGREED, status=200).json
    assert (sent["state"], sent["numbers"][0]["state"]) == ("underway", "submitting")
    assert logged(services, Action.PORT_SENT) == ["(415) 555-2000"]
    for path, body in (("/submit", AGREED), ("/code", {"number": OWN}), ("/confirm", {"code": "1"}), ("/ask-desk", {})):
        program.refused("POST", f"{begun}{path}", "wrong_state", 409, json=body)
    upload_again = {"data": a_bill(), "content_type": "image/png"}
    program.refused("PUT", f"{begun}/bill", "wrong_state", 409, **upload_again)


def test_wrong_codes_are_counted_although_nothing_else_is_kept(program, begun):
    program.post(f"{begun}/code", {"number": OWN}, status=200)
    program.refused("POST", f"{begun}/code", "invalid", 422, json={"number": "+14155552671"})
    for _ in range(6):
        assert not program.post(f"{begun}/confirm", {"code": "000000"}, status=200).json["confirmed"]


def test_the_desk_can_be_asked_whose_a_number_is(program, begun):
    assert program("POST", f"{begun}/ask-desk").json["ownership"] == "at_desk"


def test_a_number_that_another_customer_moves_too_is_looked_at_first(program, other, services, filed, work, line):
    with services.sessions.begin() as session:
        words = {"name": "Other", "country": "US", "language": line.language, "area": "212"}
        theirs = open_line(session, services, workspace_id=other.get("/workspace").json["id"], **words)
        path = f"/transfers/{a_draft(session, theirs, OWN).public_id}"
    work()
    filed()
    answered = other.post(f"{path}/submit", AGREED, status=200).json
    assert (answered["state"], answered["ownership"]) == ("draft", "at_desk")


def test_a_rejected_transfer_is_corrected(program, filed, signed, services):
    path = f"/transfers/{filed(WRONG_ACCOUNT, account_number='1')}"
    program.refused("POST", f"{path}/correct", "wrong_state", 409, json={"account_number": GOOD_ACCOUNT_NUMBER})
    signed(WRONG_ACCOUNT)
    transfer = program.get(path).json
    assert (transfer["state"], transfer["to_correct"]) == ("action_required", ["account_number"])
    program.refused("POST", f"{path}/correct", "invalid", 422, json={})
    program.refused("POST", f"{path}/correct", "invalid", 422, json={"account_number": "2", "city": "Reno"})
    assert "account_number" not in lacking(upload(program, path).json)
    corrected = program.post(f"{path}/correct", {"account_number": GOOD_ACCOUNT_NUMBER}, status=200).json
    assert (corrected["state"], corrected["to_correct"]) == ("underway", [])
    assert len(logged(services, Action.PORT_CORRECTED)) == 1


@pytest.fixture
def ask(services):
    """Have the desk ask the customer of a transfer for answers."""

    def ask(path, *fields):
        with services.sessions.begin() as session:
            project, asker = project_named(session, path.rpartition("/")[2]), session.scalars(select(User)).first()
            ask_customer(session, project, asker, "Please look again.", fields)

    return ask


def test_what_the_desk_asks_is_told_and_answered(program, filed, ask, services):
    path = f"/transfers/{filed()}"
    assert program.get(path).json["question"] is None
    ask(path, "street", "bill")
    for transfer in (program.get(path).json, *program.get("/transfers").json["data"]):
        question = transfer["question"]
        assert (question["text"], set(question["asked_for"])) == ("Please look again.", {"street", "bill"})
        assert transfer["to_correct"] == ["street"]
    upload(program, path)
    answered = program.post(f"{path}/correct", {"street": "2 Main Street"}, status=200).json
    assert (answered["street"], answered["question"], answered["to_correct"]) == ("2 Main Street", None, [])
    assert len(logged(services, Action.DESK_ANSWERED)) == 1
    program.refused("POST", f"{path}/correct", "wrong_state", 409, json={"street": "3 Main Street"})


def test_a_correction_answers_the_desk_too(program, filed, signed, ask):
    path = f"/transfers/{filed(WRONG_ACCOUNT, account_number='1')}"
    signed(WRONG_ACCOUNT)
    ask(path, "street")
    assert program.get(path).json["to_correct"] == ["account_number", "street"]
    answers = {"account_number": GOOD_ACCOUNT_NUMBER, "street": "2 Main Street"}
    corrected = program.post(f"{path}/correct", answers, status=200).json
    assert (corrected["state"], corrected["question"]) == ("underway", None)


def test_the_signature_is_told_and_its_link_given_to_the_signer_alone(program, filed):
    answered = program.get(f"/transfers/{filed()}/signature").json
    assert (answered["signer"], answered["email"]) == ("Alice Baker", "alice@bakery.example")
    assert answered["link"] is None, "the key is of alice@alice.example"


def test_another_day_can_be_wished_for_and_the_whole_be_canceled(program, dated, services):
    path = f"/transfers/{dated}"
    days = program.get(f"{path}/dates").json["possible"]
    program.refused("POST", f"{path}/reschedule", "invalid", 422, json={"wished": "2026-03-03"})
    moved = program.post(f"{path}/reschedule", {"wished": days[-1]}, status=200).json
    assert moved["wished"] == days[-1]
    program("POST", f"{path}/cancel")
    program.refused("POST", f"{path}/reschedule", "conflict", 409, json={"wished": None})
    assert len(logged(services, Action.PORT_MOVED)) == len(logged(services, Action.PORT_CANCELED)) == 1


def test_proofs_are_told_channel_by_channel(program, proven):
    path = f"/transfers/{proven}"
    proof = program.get(f"{path}/proof").json
    channels = {one["channel"]: one["proven_at"] for one in proof["data"][0]["channels"]}
    assert channels["voice"]
    assert channels["texts"]
    assert proof["old_service_can_end"] == (proof["data"][0]["state"] == "live")
    program.refused("POST", f"{path}/numbers/999/take-back", "not_found", 404)


def test_a_number_that_arrived_is_tested_taken_back_and_moved_again(program, arrived, services):
    path = f"/transfers/{arrived}"
    proof = program.get(f"{path}/proof").json
    assert not proof["old_service_can_end"]
    one = f"{path}/numbers/{proof['data'][0]['id']}"
    program("POST", f"{one}/test")
    program.refused("POST", f"{one}/test", "conflict", 409)
    assert program("POST", f"{one}/take-back").json["data"][0]["taken_back_at"]
    program.refused("POST", f"{one}/take-back", "conflict", 409)
    assert program("POST", f"{one}/move-again").json["data"][0]["taken_back_at"] is None
    program.refused("POST", f"{one}/move-again", "conflict", 409)
    assert logged(services, Action.MOVE_TAKEN_BACK) == [OWN] == logged(services, Action.MOVED_AGAIN)


def test_members_may_look_and_not_act(program, filed, services):
    path = f"/transfers/{filed()}"
    with services.sessions.begin() as session:
        session.scalars(select(Member).join(Member.user).where(User.name == "Alice")).one().role = Membership.MEMBER
    assert program.get(path).json["state"] == "underway"
    for action in ("cancel", "ask-desk"):
        program.refused("POST", f"{path}/{action}", "forbidden", 403)

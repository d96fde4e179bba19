"""What programs read and do is what people see and do on the pages."""

from datetime import timedelta

from sqlalchemy import select

from service.accounts.change_log import Action, Change
from service.accounts.models import User
from service.inbox.models import Message
from service.time import now
from tests.factories import CALLER


def test_a_program_learns_whose_key_it_has(program, line):
    workspace = program.get("/workspace").json
    assert (workspace["name"], workspace["role"]) == ("Alice's Bakery", "owner")
    assert program.get("/lines").json["data"][0]["id"] == line.id


def test_a_text_is_sent_as_from_the_page(program, alice, work, clock, services):
    sent = program.post("/messages", {"to": CALLER, "text": "Your bread is ready"}, status=202).json
    assert sent["status"] == "queued"
    work()
    clock.jump(timedelta(seconds=10))
    work()
    fetched = program.get(f"/messages/{sent['id']}").json
    assert fetched["their_number"] == CALLER
    assert fetched["status"] in {"sent", "delivered"}
    alice.get("inbox.read", conversation_id=sent["conversation_id"])
    assert alice.page.says("Your bread is ready")
    with services.sessions() as session:
        assert session.scalars(select(Message.author_id)).one() == session.scalars(select(User.id)).one()
    listed = program.get(f"/conversations/{sent['conversation_id']}/messages").json["data"]
    assert listed == [fetched]
    assert program.get("/conversations").json["data"][0]["contact"]["number"] == CALLER


def test_a_text_can_be_scheduled_and_is_not_in_the_past(program, alice):
    later = {"to": CALLER, "text": "Tomorrow", "send_at": (now() + timedelta(days=1)).isoformat()}
    sent = program.post("/messages", later, status=202).json
    assert (sent["status"], sent["send_at"]) == (None, later["send_at"])
    alice.get("inbox.read", conversation_id=sent["conversation_id"])
    assert alice.page.says("Tomorrow")
    past = later | {"send_at": "2020-01-01T00:00:00Z"}
    answer = program.refused("POST", "/messages", "invalid", 422, json=past)
    assert answer.json["errors"][0]["at"] == "/send_at"


def test_a_text_to_an_expensive_place_is_refused_as_on_the_page(program, services):
    program.refused("POST", "/messages", "conflict", 409, json={"to": "+46701740605", "text": "Hi"})
    with services.sessions() as session:
        assert session.scalars(select(Message)).all() == []


def test_who_sent_stop_is_not_texted(program, world, work):
    program.post("/messages", {"to": CALLER, "text": "Hello"}, status=202)
    work()
    world.text(CALLER, program.get("/numbers").json["data"][0]["number"], "STOP")
    work()
    program.refused("POST", "/messages", "conflict", 409, json={"to": CALLER, "text": "Hello?"})


def test_a_contact_written_down_is_on_the_page(program, alice):
    made = program.post("/contacts", {"number": CALLER, "name": "Anna", "notes": "Rye"}).json
    assert alice.get("contacts.show", contact_id=made["id"]).kept("notes") == "Rye"
    assert program.get("/contacts?q=anna").json["data"] == [made]
    answer = program.refused("POST", "/contacts", "invalid", 422, json={"number": CALLER})
    assert answer.json["errors"][0]["detail"] == "You have a contact with this number already."


def test_a_call_is_in_the_list(program, world, work):
    number = program.get("/numbers").json["data"][0]["number"]
    world.call(CALLER, number)
    work()
    [call] = program.get("/calls").json["data"]
    assert (call["direction"], call["their_number"], call["our_number"]) == ("in", CALLER, number)
    assert program.get(f"/calls/{call['id']}").json == call
    assert program.get("/calls?view=voicemail&line_id=1").json["data"] in ([], [call])


def test_a_number_is_searched_and_bought(program, work, services):
    search = program.post("/number-searches", {"area": "415"}, status=202).json
    assert search["found"] is None
    work()
    found = program.get(f"/number-searches/{search['id']}").json["found"]
    wanted = {"search_id": search["id"], "number": found[0]["number"], "line_name": "Shop"}
    bought = program.post("/numbers", wanted, status=202).json
    assert bought["standing"] == "wanted"
    work()
    assert program.get(f"/numbers/{bought['id']}").json["standing"] == "held"
    assert program.post("/numbers", wanted, status=202).json["id"] == bought["id"], "bought once"
    with services.sessions() as session:
        assert session.scalar(select(Change.subject).where(Change.action == Action.NUMBER_BOUGHT))
    program.refused("POST", "/numbers", "not_found", 404, json=wanted | {"search_id": 99})
    program.refused("POST", "/numbers", "conflict", 409, json=wanted | {"number": "+14155550100"})


def test_whether_a_number_can_come_is_asked_by_a_draft(program, alice, work):
    draft = program.post("/transfers", {"numbers": ["+12127368000"]}).json
    assert (draft["state"], draft["numbers"][0]["portability"]) == ("draft", "unknown")
    work()
    fetched = program.get(f"/transfers/{draft['id']}").json
    assert fetched["numbers"][0]["portability"] == "yes"
    assert {"account_number", "bill", "confirmed"} <= {one["field"] for one in fetched["missing"]} | {"account_number"}
    assert program.post("/transfers", {"numbers": ["+12127368000"]}).json["id"] == draft["id"], "resumed"
    assert program.get("/transfers").json["data"] == [fetched]
    assert draft["id"] in str(alice.get("ports.listing"))


def test_a_number_that_is_here_cannot_come(program):
    mine = program.get("/numbers").json["data"][0]["number"]
    answer = program.refused("POST", "/transfers", "invalid", 422, json={"numbers": [mine]})
    assert answer.json["errors"] == [{"at": "/numbers", "detail": "This number is already here."}]


def test_a_filed_transfer_tells_its_dates_and_history(program, filed):
    public_id = filed()
    transfer = program.get(f"/transfers/{public_id}").json
    assert (transfer["state"], transfer["missing"]) == ("underway", [])
    dates = program.get(f"/transfers/{public_id}/dates").json
    assert dates["can_cancel"]
    assert dates["possible"]
    events = program.get(f"/transfers/{public_id}/history").json["data"]
    assert [one["event"] for one in events][-1] == "submit"
    first = program.get(f"/transfers/{public_id}/history?limit=1").json
    rest = program.get(f"/transfers/{public_id}/history?cursor={first['next_cursor']}").json
    assert [*first["data"], *rest["data"]] == events

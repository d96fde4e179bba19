"""What programs read and do is what people see and do on the pages."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from provisioning.contract.registration import Stage
from service import config
from service.accounts.change_log import Action, Change
from service.accounts.models import User
from service.calls.changing import block
from service.inbox.models import Call, Message
from service.quotas import MOST, Quota
from service.registration.models import Registration, Subject
from service.time import now
from tests.factories import CALLER, a_business


def a_photo(size, kind):
    file = BytesIO()
    Image.new("RGB", size).save(file, kind)
    return file.getvalue()


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


def test_a_scheduled_text_is_listed_and_canceled_until_it_has_left(program, alice, work):
    later = {"to": CALLER, "text": "Bring a bag", "send_at": (now() + timedelta(days=1)).isoformat()}
    sent = program.post("/messages", later, status=202).json
    path = f"/conversations/{sent['conversation_id']}"
    assert program.get(f"{path}/scheduled-messages").json["data"] == [sent]
    assert program.get(f"{path}/messages").json["data"] == []
    program("DELETE", f"/messages/{sent['id']}", status=204)
    assert program.get(f"{path}/scheduled-messages").json["data"] == []
    assert not alice.get("inbox.read", conversation_id=sent["conversation_id"]).says("Bring a bag")
    left = program.post("/messages", {"to": CALLER, "text": "Now"}, status=202).json
    work()
    program.refused("DELETE", f"/messages/{left['id']}", "conflict", 409)
    assert "Now" in program.get(f"/messages/{left['id']}").json["text"]


def test_pictures_of_a_text_are_fetched(program, world, work):
    world.text(CALLER, program.get("/numbers").json["data"][0]["number"], "Look", media=["image/png"])
    work()
    conversation = program.get("/conversations").json["data"][0]
    [message] = program.get(f"/conversations/{conversation['id']}/messages").json["data"]
    [file] = message["files"]
    fetched = program.get(f"/files/{file['id']}")
    assert (fetched.content_type, len(fetched.data)) == (file["media_type"], file["size"])
    assert fetched.data.startswith(b"\x89PNG")


def test_pictures_are_sent_scaled_and_arrive(program, world, work, services, clock):
    photo = b64encode(a_photo((3000, 2000), "JPEG")).decode()
    sent = program.post("/messages", {"to": CALLER, "pictures": [photo]}, status=202).json
    assert [file["media_type"] for file in sent["files"]] == ["image/jpeg"]
    assert program.get(f"/files/{sent['files'][0]['id']}").data.startswith(b"\xff\xd8")
    work()
    clock.jump(timedelta(seconds=10))
    work()
    assert program.get(f"/messages/{sent['id']}").json["status"] in {"sent", "delivered"}
    assert world.phone(CALLER).texts[-1].media


def test_what_is_no_picture_is_refused_and_nothing_is_sent(program, services):
    def refused(**sent):
        answer = program.refused("POST", "/messages", "invalid", 422, json={"to": CALLER} | sent)
        return [(one["at"], one["detail"]) for one in answer.json["errors"]]

    assert refused(pictures=["!"]) == [("/pictures/0", "Send the file in base64.")]
    [(at, said)] = refused(pictures=[b64encode(b"no picture").decode()])
    assert (at, said) == ("/pictures", "Choose pictures only: JPEG, PNG, GIF or WebP, up to 10 MB each.")
    assert refused(pictures=["AAAA"] * 11)[0][0] == "/pictures"
    assert refused()[0] == ("/text", "Write something first.")
    program.refused("POST", "/messages", "too_large", 413, data=b" " * (14 * 1024 * 1024 + 1))
    with services.sessions() as session:
        assert session.scalars(select(Message)).all() == []


def files_in(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_pictures_of_a_request_that_is_sent_again_are_kept_once(program, media):
    sent = {"to": CALLER, "pictures": [b64encode(a_photo((20, 20), "PNG")).decode()]}
    for _ in range(2):
        program.post("/messages", sent, status=202, headers={"Idempotency-Key": "one"})
        assert len(files_in(media)) == 2, "the picture and its thumbnail"


def test_pictures_of_a_refused_request_are_not_kept(program, media):
    sent = {"to": CALLER, "pictures": [b64encode(a_photo((20, 20), "PNG")).decode()], "send_at": "2001-01-01T10:00:00Z"}
    program.refused("POST", "/messages", "invalid", 422, json=sent)
    assert files_in(media) == []


def test_pictures_have_a_limit_for_all(program, monkeypatch):
    monkeypatch.setattr(config, "MOST", {**MOST, Quota.FILES_MB: 0})
    picture = b64encode(a_photo((20, 20), "PNG")).decode()
    answer = program.refused("POST", "/messages", "invalid", 422, json={"to": CALLER, "pictures": [picture]})
    assert "limit" in answer.json["errors"][0]["detail"]


def test_voicemails_and_recordings_are_fetched_and_stay_new(program, things, services):
    for path in (f"/calls/{things['call_id']}/voicemail", f"/calls/{things['call_id']}/recording"):
        assert (program.get(path).data, program.get(path).content_type) == (b"sound", "audio/mpeg")
    call = program.get(f"/calls/{things['call_id']}").json
    assert call["further_recordings"] == [{"id": things["piece_id"], "seconds": 3}]
    assert program.get(f"/further-recordings/{things['piece_id']}").data == b"sound"
    with services.sessions.begin() as session:
        kept = session.scalars(select(Call)).one()
        assert kept.seen_at is None
        kept.voicemail_media = ""
    refused = program.refused("GET", f"/calls/{things['call_id']}/voicemail", "not_found", 404)
    assert refused.json["detail"] == "This has not arrived yet."


def test_what_happens_when_a_line_rings_is_what_its_page_says(program, services, line):
    path = f"/lines/{line.id}/call-plan"
    usual = program.get(path).json
    assert (usual["opening"], usual["hours"], usual["nodes"]["message"]["kind"]) == ("ring", None, "voicemail")
    with services.sessions.begin() as session:
        block(session, session.merge(line), CALLER)
    assert program.get(path).json == usual | {"blocked": [CALLER]}
    program.refused("GET", "/lines/99/call-plan", "not_found", 404)


def test_the_team_is_listed_with_the_lines_that_each_sees(program, bob, line):
    alice, helper = program.get("/members").json["data"]
    assert (alice["name"], alice["role"], alice["line_ids"]) == ("Alice", "owner", [line.id])
    assert (helper["email"], helper["role"], helper["on_duty"]) == ("bob@bob.example", "member", True)


def test_where_the_registration_stands_is_what_its_page_says(program, services, line):
    assert program.get("/registration").json == {"state": "not_begun", "since": None, "objections": []}
    with services.sessions.begin() as session:
        refused = [{"code": "30445", "mender": "customer", "field": "website", "text": "", "url": ""}]
        business = a_business(session, line.workspace_id)
        whole = {"carrier": "twilio", "tag": "x", "stage": Stage.REFUSED, "objections": refused}
        session.add(Registration(business=business, subject=Subject.BUSINESS, **whole))
    told = program.get("/registration").json
    assert (told["state"], told["objections"]) == ("refused", [{"code": "30445", "field": "website", "text": ""}])


def test_a_number_is_named_moved_given_up_and_kept(program, work, services):
    number = program.get("/numbers").json["data"][0]
    path = f"/numbers/{number['id']}"
    tag = {"If-Match": program.get(path).headers["ETag"]}
    assert program("PATCH", path, json={"name": "Flyer"}, headers=tag).json["name"] == "Flyer"
    program.refused("PATCH", path, "changed_meanwhile", 412, json={"name": "Door"}, headers=tag)
    tag = {"If-Match": program.get(path).headers["ETag"]}
    program.refused("PATCH", path, "not_found", 404, json={"line_id": 99}, headers=tag)
    program.refused("PATCH", path, "invalid", 422, json={"name": "x" * 61}, headers=tag)
    assert program("POST", f"{path}/release").json["ends_at"]
    assert program("POST", f"{path}/keep").json["ends_at"] is None
    with services.sessions() as session:
        done = session.scalars(select(Change.action).order_by(Change.id)).all()
    assert done[-3:] == [Action.NUMBER_CHANGED, Action.NUMBER_ENDED, Action.NUMBER_KEPT]


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

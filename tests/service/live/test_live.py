"""Open pages hear within a moment of what they show, and of nothing else."""

import socket
import time
from contextlib import contextmanager
from email.message import Message
from http.client import HTTPConnection

import psycopg
import pytest
from sqlalchemy import delete, func, select

from service.accounts import sign_ins
from service.accounts.access import grant
from service.accounts.models import Member, SignIn, User, Workspace
from service.cutover.models import Cutover, CutoverStep, StepName
from service.inbox.models import Conversation
from service.inbox.reading import look, mark_read
from service.lines.models import Line, OwnNumber, PhoneNumber
from service.live import __main__ as process
from service.live.listening import _NEXT_TRANSACTION
from service.porting.models import Attempt, CarrierOrder, PortNumber, PortProject
from service.team_notices.models import TeamChannel
from tests.live_process import LONG


def now_read(services):
    """The snapshot that a page has in its address which is read now."""
    with services.sessions() as session:
        return session.scalar(select(SignIn.snapshot).limit(1))


def test_a_page_hears_of_what_it_shows_and_of_nothing_else(listen, cookie, shop, stranger, touch):
    alice, bob, charlie = (listen(cookie(who)) for who in (shop.alice, shop.bob, stranger))
    assert [page.hears_until("again") for page in (alice, bob, charlie)]
    touch(shop.office)
    touch(shop.talk)
    assert alice.hears_until(f"conversation {shop.talk.id}")[0] == f"conversation {shop.office.id}"
    assert bob.hears() == f"conversation {shop.talk.id}"
    charlie.hears_nothing()


@pytest.fixture
def change_after_reading(listen, cookie, shop, services):
    """Read a page, change what it shows, listen; what is heard first. Anew while older transactions of others run."""

    def change(change):
        known = cookie(shop.alice)
        listen(known).close()  # so that the process listens
        for _ in range(100):
            with change() as read_at:
                pass
            page = listen(known, read_at)
            heard = page.hears()
            page.close()
            if heard != "again":
                return heard
            time.sleep(0.05)
        return heard

    return change


def test_what_happened_between_the_page_and_its_stream_is_heard(change_after_reading, services, shop, touch):
    @contextmanager
    def after_reading():
        yield now_read(services)
        touch(shop.talk)

    assert change_after_reading(after_reading) == f"conversation {shop.talk.id}"


def test_a_change_that_was_begun_before_the_page_and_commits_after_it_is_heard(change_after_reading, services, shop):
    @contextmanager
    def around_reading():
        with services.sessions.begin() as session:
            session.get_one(Conversation, shop.talk.id).touch()
            session.flush()
            yield now_read(services)

    assert change_after_reading(around_reading) == f"conversation {shop.talk.id}"


def test_what_a_page_shows_already_is_not_heard_again(change_after_reading, services, shop, touch):
    @contextmanager
    def before_reading():
        touch(shop.talk)
        yield now_read(services)
        touch(shop.office)

    assert change_after_reading(before_reading) == f"conversation {shop.office.id}"


@pytest.mark.parametrize("since", ["0", "1:2:", "", "soon"])
def test_a_page_of_which_nothing_is_known_asks_for_everything(listen, cookie, shop, since):
    assert listen(cookie(shop.alice), since).hears() == "again"


def test_a_draft_that_is_rolled_back_is_said_to_nobody(listen, cookie, shop, services, touch):
    page = listen(cookie(shop.alice))
    page.hears_until("again")
    with services.sessions() as session:
        session.get_one(Conversation, shop.office.id).touch()
        session.flush()
        session.rollback()
    touch(shop.talk)
    assert page.hears() == f"conversation {shop.talk.id}"


def sign_out(session, shop):
    sign_ins.end_all(session, shop.bob.id)


def remove(session, shop):
    session.execute(delete(Member).where(Member.id == shop.place.id))


def take_line(session, shop):
    grant(session, session.get_one(Member, shop.place.id), [])


def close_account(session, shop):
    session.get_one(User, shop.bob.id).active = False


def demand_second_step(session, shop):
    session.get_one(Workspace, shop.line.workspace_id).second_step = True


@pytest.mark.parametrize(
    ("lose", "status"),
    [(sign_out, 401), (close_account, 401), (remove, 200), (take_line, 200), (demand_second_step, 200)],
)
def test_who_may_see_less_is_cut_off_at_once_and_hears_nothing_when_they_come_back(
    listen, cookie, shop, services, touch, lose, status
):
    known = cookie(shop.bob)
    page = listen(known)
    page.hears_until("again")
    with services.sessions.begin() as session:
        lose(session, shop)
    assert page.hears() == "end"
    again = listen(known)
    assert again.status == status
    if status == 200:
        again.hears_until("again")
        touch(shop.talk)
        again.hears_nothing()


def test_another_browser_of_the_person_goes_on(listen, cookie, shop, services, touch):
    gone, stays = cookie(shop.bob), cookie(shop.bob)
    pages = listen(gone), listen(stays)
    for page in pages:
        page.hears_until("again")
    with services.sessions.begin() as session:
        first = session.scalars(select(SignIn.id).where(SignIn.user_id == shop.bob.id).order_by(SignIn.id)).first()
        sign_ins.end_by_id(session, shop.bob.id, first)
    assert pages[0].hears() == "end"
    touch(shop.talk)
    assert pages[1].hears() == f"conversation {shop.talk.id}"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Cookie": "session="}, {"Cookie": "session=eyJzaWduX2luIjoieCJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}],
)
def test_a_browser_in_which_nobody_is_signed_in_gets_no_stream(listen, headers):
    assert listen(headers).status == 401


def test_a_page_of_another_site_gets_no_stream(listen, cookie, shop, settings):
    known = cookie(shop.alice)
    assert listen(known | {"Origin": "https://elsewhere.example"}).status == 403
    ours = listen(known | {"Origin": settings.public_base_url})
    assert ours.answer.headers["Access-Control-Allow-Origin"] == settings.public_base_url
    assert ours.answer.headers["X-Accel-Buffering"] == "no"


def test_a_person_with_too_many_pages_is_told_to_ask_instead(listen, cookie, shop, monkeypatch):
    monkeypatch.setattr("service.live.streams.MOST_OF_A_PERSON", 1)
    known = cookie(shop.alice)
    listen(known)
    assert listen(known).status == 429


@pytest.mark.parametrize("limits", [{"trusted_proxies": 1}])
def test_a_page_counts_for_the_address_that_the_router_added_behind_what_was_claimed(listen, cookie, shop, monkeypatch):
    monkeypatch.setattr("service.live.streams.MOST_OF_A_NETWORK", 1)
    assert listen(forwarded(cookie(shop.alice), "192.0.2.1")).status == 200
    assert listen(forwarded(cookie(shop.alice), "198.51.100.9", "192.0.2.1")).status == 429


def forwarded(cookie, *addresses):
    """Headers with an address each, as haproxy sends them."""
    headers = Message()
    for name, value in (*cookie.items(), *(("X-Forwarded-For", address) for address in addresses)):
        headers[name] = value
    return headers


def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch, request):
    monkeypatch.setattr(process, "ASKS_WITHIN", 0.2)
    live, listen = request.getfixturevalue("live"), request.getfixturevalue("listen")
    listen({})
    with socket.create_connection(("127.0.0.1", live.port), timeout=LONG) as half:
        half.sendall(b"GET /live HTTP/1.1\r\n")
        assert half.recv(1) == b""


def test_only_get_is_answered(listen, live):
    listen({})
    connection = HTTPConnection("127.0.0.1", live.port, timeout=LONG)
    connection.request("POST", "/live")
    assert connection.getresponse().status == 405
    connection.close()


def test_pages_are_let_go_when_the_process_stops(listen, cookie, shop, live):
    page = listen(cookie(shop.alice))
    page.hears_until("again")
    live.stop()
    assert page.hears() == "end"
    assert page.hears() == ""


def test_pages_come_back_after_the_database_was_away(listen, cookie, shop, touch, services, server, connections_cut):
    known = cookie(shop.alice)
    page = listen(known)
    page.hears_until("again")
    with psycopg.connect(server, autocommit=True) as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s AND datname = %s"
        assert connection.execute(cut, [_NEXT_TRANSACTION, services.sessions.kw["bind"].url.database]).fetchall()
    assert page.hears() == "end"
    again = listen(known)
    again.hears_until("again")
    touch(shop.talk)
    assert again.hears() == f"conversation {shop.talk.id}"


# a change of each table that a page shows
def text_arrives(session, shop, project, number):
    session.get_one(Conversation, shop.talk.id).heard += 1


def is_read(session, shop, project, number):
    conversation = session.get_one(Conversation, shop.talk.id)
    mark_read(session, conversation, shop.bob.id)


def is_typed(session, shop, project, number):
    look(session, session.get_one(Conversation, shop.talk.id), shop.alice.id, typing=True)


def is_bought(session, shop, project, number):
    session.get_one(PhoneNumber, number.id).number = "+14155557777"


def is_shown(session, shop, project, number):
    session.add(OwnNumber(line_id=shop.line.id, number="+14155558888", carrier="twilio"))


def is_added(session, shop, project, number):
    session.add(TeamChannel(member_id=shop.place.id, url="slack://x", name="Slack"))


def moves(session, shop, project, number):
    session.scalars(select(PortNumber).where(PortNumber.project_id == project.id)).one().asked_at = func.now()


def is_looked_up(session, shop, project, number):
    session.get_one(PortProject, project.id).operator = "Old Bell"


def is_read_out(session, shop, project, number):
    session.get_one(PortProject, project.id).documents[0].words = "Total due"


def is_to_sign(session, shop, project, number):
    attempt = Attempt(project_id=project.id, sequence=1, carrier="twilio")
    order = CarrierOrder(attempt=attempt, carrier="twilio", reference="KW1")
    session.add(order)
    session.flush()
    order.signature_url = "https://sign.example"


def step_is_done(session, shop, project, number):
    session.add(CutoverStep(port_number_id=project.numbers[0].id, name=StepName.PROVE_VOICE))


def is_frozen(session, shop, project, number):
    session.add(Cutover(port_number_id=project.numbers[0].id))


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (text_arrives, "conversation {talk}"),
        (is_read, "read {talk}"),
        (is_typed, "presence {talk}"),
        (is_bought, "number {number}"),
        (is_shown, "own_number 1"),
        (is_added, "channel 1"),
        (moves, "port {project}"),
        (is_looked_up, "port {project}"),
        (is_read_out, "port {project}"),
        (is_to_sign, "port {project}"),
        (step_is_done, "port {project}"),
        (is_frozen, "port {project}"),
    ],
)
def test_everything_that_pages_show_is_said_to_who_sees_it(  # noqa: PLR0917 -- by name
    listen, cookie, shop, stranger, services, project, number, change, hint
):
    page, stranger = listen(cookie(shop.bob)), listen(cookie(stranger))
    for one in (page, stranger):
        one.hears_until("again")
    with services.sessions.begin() as session:
        change(session, shop, session.get_one(PortProject, project.id), number)
    assert page.hears() == hint.format(talk=shop.talk.id, number=number.id, project=project.id)
    with services.sessions.begin() as session:
        session.get_one(User, stranger_id(session)).fs_uniquifier = "anew"
    assert stranger.hears() == "end", "nothing was said before"


def stranger_id(session):
    return session.scalars(select(User.id).where(User.email == "c@c.example")).one()


def test_a_number_that_comes_to_another_line_is_said_to_those_who_see_that(listen, cookie, shop, services, project):
    with services.sessions.begin() as session:
        number = session.get_one(PortProject, project.id).numbers[0]
        number.chosen_line_id = shop.other.id
    alice, bob = listen(cookie(shop.alice)), listen(cookie(shop.bob))
    for one in (alice, bob):
        one.hears_until("again")
    with services.sessions.begin() as session:
        session.get_one(PortProject, project.id).numbers[0].asked_at = func.now()
        session.flush()
        session.add(Line(workspace_id=shop.line.workspace_id, name="Third"))
    assert alice.hears() == f"port {project.id}"
    with services.sessions.begin() as session:
        session.get_one(Conversation, shop.talk.id).touch()
    assert bob.hears() == f"conversation {shop.talk.id}"

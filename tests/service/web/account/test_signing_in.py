"""Signing in with a code, right or wrong."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from service.accounts.codes import TRIES
from service.accounts.models import SignIn, User
from service.accounts.sign_ins import IDLE, LONGEST
from service.time import real_time
from tests.service.web.conftest import Reader

ALICE = "alice@alice.example"


@pytest.fixture
def member(known, bakery):
    return known("alice", bakery)


@pytest.fixture
def asking(reader, member, work):
    """A browser that has asked for Alice's code and shows the page for it."""
    reader.get("signin.ask")
    reader.submit(email=ALICE)
    work()
    return reader


def code_for(mailbox, address=ALICE):
    return re.search(r"\d{6}", mailbox.to(address)[-1].text).group()


def a_wrong_code(mailbox):
    return f"{(int(code_for(mailbox)) + 1) % 1_000_000:06}"


def test_the_code_from_the_mail_lets_in(asking, mailbox):
    assert asking.submit(code=code_for(mailbox)).heading() == "Alice's Bakery"


def test_a_code_is_taken_however_it_is_spaced(asking, mailbox):
    code = code_for(mailbox)
    assert asking.submit(code=f" {code[:3]} {code[3:]} ").heading() == "Alice's Bakery"


def test_a_wrong_code_is_refused_beside_its_field(asking, mailbox):
    page = asking.submit(code=a_wrong_code(mailbox), status=422)
    assert page.wrong()["code"].startswith("That code doesn’t match")


def test_after_five_wrong_codes_not_even_the_right_one_helps(asking, mailbox):
    for _ in range(TRIES):
        asking.submit(code=a_wrong_code(mailbox), status=422)
    asking.submit(code=code_for(mailbox), status=422)


def test_a_new_code_helps_after_five_wrong_ones(asking, mailbox, work):
    for _ in range(TRIES):
        asking.submit(code=a_wrong_code(mailbox), status=422)
    asking.submit(button="send a new code")
    work()
    asking.submit(code=code_for(mailbox))
    assert asking.page.heading() == "Alice's Bakery"


def test_a_stranger_who_asks_and_guesses_does_not_lock_the_person_out(asking, app, mailbox, work):
    mine = code_for(mailbox)
    stranger = Reader(app)
    for _ in range(4):
        stranger.get("signin.ask")
        stranger.submit(email=ALICE)
        work()
        for _ in range(TRIES):
            stranger.submit(code=a_wrong_code(mailbox), status=422)
    assert asking.submit(code=mine).heading() == "Alice's Bakery"


def test_a_code_works_once(asking, app, mailbox):
    code = code_for(mailbox)
    asking.submit(code=code)
    asking.get("home.show")
    asking.submit(button="Sign out")
    asking.get("signin.ask")
    asking.submit(email=ALICE)
    asking.submit(code=code, status=422)


def test_an_unknown_address_is_answered_like_a_known_one(reader, mailbox, work):
    reader.get("signin.ask")
    page = reader.submit(email="nobody@nowhere.example")
    work()
    assert page.heading() == "Check your email"
    assert mailbox.mails == []
    assert reader.submit(code="123456", status=422).wrong()["code"].startswith("That code doesn’t match")


def test_somebody_who_was_shut_out_gets_no_code(asking, services, mailbox, work):
    with services.sessions.begin() as session:
        session.query(User).filter_by(email=ALICE).one().active = False
    asking.submit(code=code_for(mailbox), status=422)
    asking.submit(button="send a new code")
    work()
    assert len(mailbox.to(ALICE)) == 1


def test_somebody_who_was_shut_out_is_out_at_once(alice, services):
    alice.get("home.show")
    with services.sessions.begin() as session:
        session.query(User).filter_by(email=ALICE).one().active = False
    assert alice.get("home.show").heading() == "Sign in"


def test_signing_out_ends_the_session(alice):
    alice.get("home.show")
    alice.submit(button="Sign out")
    assert alice.get("home.show").heading() == "Sign in"


def test_who_has_signed_in_stays_signed_in_when_the_browser_is_closed(asking, mailbox):
    asking.submit(code=code_for(mailbox))
    session = asking.client.get_cookie("session")
    assert session.expires > datetime.now(UTC) + timedelta(days=100)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(alice, app):
    alice.get("home.show")
    thief = Reader(app)
    for name in ("session", "remember_token"):
        if cookie := alice.client.get_cookie(name):
            thief.client.set_cookie(name, cookie.value)
    assert thief.get("home.show").heading() == "Alice's Bakery"
    alice.submit(button="Sign out")
    assert thief.get("home.show").heading() == "Sign in"


@pytest.mark.parametrize(("column", "age"), [("seen_at", IDLE), ("began_at", LONGEST)])
def test_a_sign_in_ends_when_nothing_is_asked_for_or_after_half_a_year(alice, services, column, age):
    alice.get("home.show")
    with services.sessions.begin() as session:
        session.execute(update(SignIn).values({column: real_time() - age}))
    assert alice.get("home.show").heading() == "Sign in"


def test_a_page_that_was_wanted_before_signing_in_is_shown_after_it(reader, member, mailbox, work):
    reader.get("inbox.show")
    reader.submit(email=ALICE)
    work()
    assert reader.submit(code=code_for(mailbox)).heading() == "Inbox"


def test_the_page_for_the_code_leads_back_when_nobody_asked_for_one(reader):
    assert reader.get("signin.enter").heading() == "Sign in"


def test_more_than_five_codes_an_hour_for_one_address_are_refused_from_where_they_came(app, reader, member):
    for _ in range(5):
        reader.get("signin.ask")
        reader.submit(email=ALICE)
    reader.get("signin.ask")
    assert reader.submit(email=f" {ALICE.upper()}", status=429).heading() == "Too many tries"
    elsewhere = Reader(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    elsewhere.get("signin.ask")
    assert elsewhere.submit(email=ALICE).heading() == "Check your email"


def asked_from(app, number, cookies=()):
    asking = Reader(app)
    asking.client.environ_base["REMOTE_ADDR"] = f"203.0.{number}.9"
    for cookie in cookies:
        asking.client.set_cookie(cookie.key, cookie.value)
    asking.get("signin.ask")
    return asking


def test_strangers_who_use_up_a_days_codes_leave_those_of_a_known_browser(asking, app, mailbox):
    asking.submit(code=code_for(mailbox))
    known = [asking.client.get_cookie("known")]
    for number in range(29):
        asked_from(app, number).submit(email=ALICE)
    asked_from(app, 100).submit(email=ALICE, status=429)
    assert asked_from(app, 101, known).submit(email=ALICE).heading() == "Check your email"


def test_an_unknown_address_costs_the_same_work_as_a_known_one(reader, member, queries):
    asked = []
    for address in (ALICE, "nobody@nowhere.example"):
        reader.get("signin.ask")
        with queries() as heard:
            reader.submit(email=address)
        asked.append([statement.split()[:3] for statement in heard])
    assert asked[0] == asked[1]


def test_the_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(asking, mailbox):
    token = asking.page.select_one("[name=csrf_token]")["value"]
    answer = asking.client.post("/code", data={"code": code_for(mailbox), "csrf_token": token})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2  # the session, and that this browser is known
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_pages_are_kept_nowhere_and_signing_out_clears_what_was(alice, app):
    home = alice.client.get("/home")
    assert home.headers["Cache-Control"] == "no-store"
    assert home.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    token = alice.get("home.show").select_one("header [name=csrf_token]")["value"]
    gone = alice.client.post("/sign-out", data={"csrf_token": token})
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_in_leaves_nothing_of_the_session_before_it(asking, mailbox):
    with asking.client.session_transaction() as cookie:
        cookie["planted"] = "by a stranger"
    asking.submit(code=code_for(mailbox))
    with asking.client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_the_code_stands_in_no_row_and_no_job(asking, mailbox, services):
    code = code_for(mailbox)
    with services.sessions.begin() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT args::text FROM procrastinate_jobs UNION ALL SELECT row_to_json(users)::text FROM users"
        )
        assert not [row for (row,) in rows if code in row]

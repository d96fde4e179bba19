"""From an address to a working number."""

import logging
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from service.accounts.code_mail import send_code
from service.accounts.models import SignInCode, User, Workspace
from service.accounts.sign_up_links import token_for
from service.alerts import Alert
from service.lines.models import PhoneNumber
from service.notifications.mailers import mailer_for
from service.schedule.serve_newcomers import serve_newcomers
from service.signing_up import SignUp
from service.web.shell.security import network


@pytest.fixture
def newcomer(reader):
    reader.get("signup.ask")
    return reader


def code_for(mailbox, address):
    return re.search(r"\d{6}", mailbox.to(address)[-1].text).group()


def sign_up(reader, **typed):
    return reader.submit(**({"email": "dora@flowers.example", "business": "Dora's Flowers", "near": "415"} | typed))


@pytest.mark.parametrize("page", ["signup.ask", "signin.ask"])
def test_a_form_that_is_sent_empty_is_no_error_of_ours(reader, caplog, page):
    reader.get(page)
    for _ in range(7):
        reader.submit(email="", status=422)
    assert [entry.message for entry in caplog.records if entry.levelno >= logging.WARNING] == []


def test_a_newcomer_has_a_working_number_after_entering_the_code(newcomer, mailbox, work, world):
    page = sign_up(newcomer)
    assert page.heading() == "Check your email"
    assert page.says("We sent a six-digit code to dora@flowers.example.")
    work()
    page = newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    assert page.heading() == "Your number"
    assert page.select_one(".number-panel[data-refresh]"), "it is on its way, and the page keeps looking"
    work()
    page = newcomer.get("home.welcome")
    number = page.select_one("a[href^='tel:+1415']")
    assert number.text.startswith("(415)")
    assert not page.select(".number-panel[data-refresh]"), "the number is not awaited any more"


def test_the_number_that_shall_come_along_is_asked_near_it_and_kept(newcomer, mailbox, work):
    sign_up(newcomer, near="(212) 555-0142")
    work()
    newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    work()
    assert newcomer.get("home.welcome").select_one("a[href^='tel:+1212']")
    assert newcomer.get("bring.ask").kept("number") == "(212) 555-0142"


def test_a_number_from_elsewhere_says_so(newcomer, mailbox, work):
    sign_up(newcomer, near="684")  # American Samoa, where the carrier has none
    work()
    newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    work()
    assert newcomer.get("home.welcome").says("No numbers were free in 684")


def test_a_number_of_a_country_that_has_none_for_sale_says_so_and_offers_what_there_is(newcomer, mailbox, work):
    page = sign_up(newcomer, near="+46 70 174 06 05", status=422)
    assert page.says("We don’t have new numbers in Sweden, only in the United States.")
    assert page.kept("email") == "dora@flowers.example"
    sign_up(newcomer, near="212")
    work()
    newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    work()
    assert newcomer.get("home.welcome").select_one("a[href^='tel:+1212']")
    assert newcomer.get("bring.ask").kept("number") == "+46 70 174 06 05"


def test_a_swede_writes_their_number_without_its_country(newcomer):
    page = sign_up(newcomer, near="070-174 06 05", zone="Europe/Stockholm", status=422)
    assert page.says("We don’t have new numbers in Sweden")


def test_a_toll_free_number_brought_along_is_no_area_for_the_first_one(newcomer, mailbox, work, services):
    sign_up(newcomer, near="(833) 736-2671")
    work()
    newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    work()
    with services.sessions() as session:
        (number,) = session.scalars(select(PhoneNumber))
    assert number.number
    assert not number.number.startswith("+1833")


def test_a_toll_free_code_is_no_area_code(newcomer):
    assert "Area code 833 is toll-free" in sign_up(newcomer, near="833", status=422).wrong()["near"]


def test_nothing_is_bought_before_the_code_is_entered(newcomer, work, services):
    sign_up(newcomer)
    work()
    with services.sessions.begin() as session:
        assert session.query(PhoneNumber).count() == 0


@pytest.fixture
def set_to(app, services):
    """An operator sets something."""

    def change(**settings):
        app.extensions["services"] = replace(services, settings=replace(services.settings, **settings))

    return change


def test_over_the_cap_one_signs_up_and_reads_that_one_is_in_line(newcomer, mailbox, work, services, set_to):
    sign_up(newcomer)
    work()
    set_to(purchases_per_day=0)
    page = newcomer.submit(code=code_for(mailbox, "dora@flowers.example"))
    assert page.says("We’re out of new numbers today. You’re in line")
    assert newcomer.get("home.show").heading()
    with services.sessions.begin() as session:
        assert session.query(PhoneNumber).count() == 0
        assert session.query(Alert).one().kind == "purchase_cap_reached"


def test_where_sign_ups_want_approval_one_reads_so_and_the_desk_approves(
    newcomer, operator, mailbox, work, services, set_to
):
    sign_up(newcomer)
    work()
    set_to(sign_up=SignUp.APPROVAL)
    assert newcomer.submit(code=code_for(mailbox, "dora@flowers.example")).says("We check each new business first.")
    assert operator.get("spending.show").says("Dora's Flowers")
    operator.submit(button="Approve")
    serve_newcomers(services)
    work()
    assert newcomer.get("home.welcome").select_one("a[href^='tel:+1415']")


def test_where_it_needs_an_invitation_nobody_signs_up_without(reader, services, set_to):
    set_to(sign_up=SignUp.INVITATION)
    page = reader.get("signup.ask", status=403)
    assert page.heading() == "By invitation"
    assert not page.select("main form")
    token = token_for("dora@flowers.example", services.settings.secret_keys)
    assert reader.get("signup.ask", invited=token).kept("email") == "dora@flowers.example"
    page = sign_up(reader, email="mallory@flowers.example", status=422)
    assert page.wrong()["email"] == "The invitation is for a different email address."
    assert sign_up(reader).heading() == "Check your email"


def test_people_of_one_home_network_count_as_one(app):
    for addresses in (("2001:db8:1:2::1", "2001:db8:1:ffff::9"), ("203.0.113.7", "203.0.113.200")):
        keys = set()
        for address in addresses:
            with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
                keys.add(network())
        assert len(keys) == 1


@pytest.mark.parametrize(
    ("near", "zone"), [("415", "America/Los_Angeles"), ("312", "America/Chicago"), ("", "America/New_York")]
)
def test_a_browser_without_scripts_begins_in_the_time_zone_of_the_area_code(newcomer, services, near, zone):
    sign_up(newcomer, near=near, zone="")
    with services.sessions.begin() as session:
        assert session.query(Workspace).one().zone == zone


def test_an_unknown_time_zone_becomes_new_yorks(newcomer, services):
    sign_up(newcomer, zone="Mars/Olympus")
    with services.sessions.begin() as session:
        assert session.query(Workspace).one().zone == "America/New_York"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", ""), ("email", "dora"), ("business", " "), ("business", "x" * 101), ("near", "41"), ("near", "555 1")],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(newcomer, field, typed):
    page = newcomer.submit(
        status=422, **({"email": "dora@flowers.example", "business": "Dora's", "near": "415"} | {field: typed})
    )
    assert set(page.wrong()) == {field}
    others = {"email": "dora@flowers.example", "business": "Dora's", "near": "415"}
    assert all(page.kept(name) == kept for name, kept in others.items() if name != field)


def test_signing_up_again_signs_in(newcomer, reader, mailbox, work, services):
    for _ in range(2):
        newcomer.get("signup.ask")
        sign_up(newcomer)
    work()
    assert newcomer.submit(code=code_for(mailbox, "dora@flowers.example")).heading() == "Your number"
    with services.sessions.begin() as session:
        assert session.query(User).count() == 1


def test_an_address_that_its_server_refuses_is_told_while_the_page_waits(newcomer, services, mail_server, port):
    page = sign_up(newcomer)
    assert page.select_one("[data-refresh]")
    posting = replace(services, mailer=mailer_for(f"smtp://127.0.0.1:{port}", services.settings.mail_from))
    mail_server.recipient_answer = "550 No such mailbox"
    with services.sessions() as session:
        send_code(posting, code_id=session.scalars(select(SignInCode.id)).one())
    assert newcomer.open("/code").says("We couldn’t deliver the code")
    assert "We couldn’t deliver the code" in newcomer.client.get("/code/sent").text
    assert "data-refresh" not in newcomer.client.get("/code/sent").text


def test_a_business_of_several_lines_is_one_line_in_every_mail(newcomer, services):
    sign_up(newcomer, business="Dora's\r\nWire us $500 today:\nhttps://evil.example")
    with services.sessions() as session:
        assert session.scalars(select(Workspace.name)).one() == "Dora's Wire us $500 today: https://evil.example"

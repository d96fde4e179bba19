"""From the front page to a ported number, as a customer sees it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.accounts.models import Workspace
from tests.factories import CALLER, GOOD_ACCOUNT_NUMBER, a_bill
from tests.journeys.journey import Journey
from tests.registering import register_at_once

OWN = "(415) 555-2000"
OWN_E164 = "+14155552000"
WRONG = "(415) 555-3156"
WRONG_E164 = "+14155553156"


@pytest.fixture
def settings(settings):
    return replace(settings, single_business=False)


@pytest.fixture
def file_port(tab, work_aside, stop, say, field, tick_all, tmp_path, code_on):  # noqa: PLR0917 -- a whole form
    def go(number, account_number=""):
        tab.goto("/bring")
        field("Which number?").fill(number)
        tab.get_by_role("button", name=say("Check this number")).click()
        stop("asking")
        work_aside()
        expect(tab.get_by_text(say("Yes, you can transfer this number"))).to_be_visible()
        stop("portable")
        tab.get_by_role("link", name=say("Continue")).click()
        field("Account holder’s name").fill("Alice's Bakery LLC")
        field("Person in charge of the account").fill("Alice Baker")
        field("Their email").fill("alice@bakery.example")
        stop("holder")
        tab.get_by_role("button", name=say("Save and continue")).click()
        field("Street address").fill("1 Main Street")
        field("City").fill("San Francisco")
        field("State").fill("CA")
        tab.get_by_role("button", name=say("Save and continue")).click()
        expect(tab.get_by_role("alert")).to_be_focused()
        stop("refused")
        field("ZIP code").fill("94105")
        tab.get_by_role("button", name=say("Save and continue")).click()
        field("Account number").fill(account_number)
        stop("account")
        tab.get_by_role("button", name=say("Save and continue")).click()
        (tmp_path / "bill.png").write_bytes(a_bill())
        field("Latest bill").set_input_files(tmp_path / "bill.png")
        stop("bill")
        tab.get_by_role("button", name=say("Save and continue")).click()
        field("Mobile number for updates").fill("415 555 2671")
        stop("contact")
        tab.get_by_role("button", name=say("Save and continue")).click()
        stop("review")
        tab.get_by_role("button", name=say("Text me a code")).click()
        stop("code")
        field("Six-digit code").fill(code_on(re.sub(r"\D", "", number)))
        tab.get_by_role("button", name=say("Continue")).click()
        # until then the page before shows the same boxes
        expect(tab.get_by_text(say("You’ve shown it’s yours."))).to_be_visible()
        tick_all()
        tab.get_by_role("button", name=say("Send transfer request")).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(say("We’re sending your request"))
        work_aside()

    return go


@pytest.fixture
def register(services, world, work_aside):
    """Alice's business is registered for texts."""

    def go():
        with services.sessions() as session:
            workspace_id = session.scalars(select(Workspace.id)).one()
        register_at_once(services, world, work_aside, workspace_id)

    return go


@pytest.fixture
def bring_own(tab, file_port, world, clock, work_aside, stop):
    """Alice's own number is asked for, its letter signed, and its date set."""

    def go():
        file_port(OWN)
        clock.jump(timedelta(seconds=10))
        work_aside()
        tab.reload()
        stop("signature")
        world.sign(OWN_E164, "Alice Baker")
        clock.jump(timedelta(hours=5))
        work_aside()
        tab.reload()
        expect(tab.get_by_text("You can do either until")).to_be_visible()
        stop("port")

    return go


def test_a_newcomer_gets_a_number_is_written_to_and_brings_her_own_along(
    tab, sign_up, register, bring_own, world, work_aside, stop
):
    temporary = sign_up()
    expect(tab.get_by_text("start when your business is registered")).to_be_visible()
    world.text(CALLER, temporary, "Hi, are you open on Saturday?")
    world.call(CALLER, temporary)
    work_aside()
    tab.goto("/inbox/")
    stop("inbox")
    tab.locator(".conversation-list a").click()
    expect(tab.get_by_text("Texts start once carriers have approved your business.")).to_be_visible()
    register()
    tab.reload()
    tab.get_by_label("Your answer").fill("Yes, from nine to two.")
    tab.get_by_role("button", name="Send").click()
    work_aside()
    world.text(CALLER, temporary, "Great, see you then!")
    work_aside()
    expect(tab.get_by_text("Great, see you then!")).to_be_visible()  # the page keeps itself up to date
    stop("conversation")

    bring_own()
    tab.goto("/home")
    stop("home")
    tab.goto("/lines/")
    stop("line")


def test_a_newcomer_needs_no_mouse(tab, mailbox, work_aside):
    tab.goto("/sign-up")
    tab.get_by_label("Email").focus()
    for typed in ("alice@bakery.example", "Alice's Bakery", "415"):
        tab.keyboard.type(typed)
        tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Email me a code")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Check your email")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()


def test_the_zone_of_the_browser_is_the_workspaces(tab, services, work_aside):
    tab.goto("/sign-up")
    tab.get_by_label("Email").fill("alice@bakery.example")
    tab.get_by_label("Business name").fill("Alice's Bakery")
    tab.get_by_role("button", name="Email me a code").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Check your email")
    with services.sessions() as session:
        assert session.scalars(select(Workspace.zone)).one() == "America/Los_Angeles"


@pytest.mark.parametrize("locale", ["sv-SE", "es-US", "fr-CA"])
def test_every_language_fits_a_phone_too(tab, stop):
    for path in ("/sign-in", "/nowhere"):
        tab.goto(path)
        stop(path)


@pytest.fixture
def later(tab, services, world, clock, work_aside):
    """The open page, after some time has passed."""
    journey = Journey(services, world, clock, work_aside)

    def later(**time):
        journey.pass_time(timedelta(**time))
        tab.reload()

    return later


@pytest.fixture
def rejected(sign_up, file_port, later, world, stop):
    """The page of a port whose account number the old operator does not know."""
    sign_up()
    file_port(WRONG, account_number="1")
    later(seconds=10)
    world.sign(WRONG_E164, "Alice Baker")
    later(hours=5)
    stop("rejected")


@pytest.mark.usefixtures("rejected")
@pytest.mark.parametrize("locale", ["en-US", "sv-SE", "es-US", "fr-CA"])
def test_a_port_is_filed_mended_put_off_and_called_off_in_each_language(tab, later, stop, say, field):
    tab.get_by_role("link", name=say("Fix it")).click()
    stop("fix")
    expect(tab.get_by_role("textbox"), "nothing is asked that was right").to_have_count(1)
    assert field("Account number").input_value() == ""
    field("Account number").fill(GOOD_ACCOUNT_NUMBER)
    tab.get_by_role("button", name=say("Send again")).click()
    expect(tab.get_by_text(say("Thank you. We’re sending it again."))).to_be_visible()
    later(minutes=2)
    later(minutes=2)

    tab.get_by_role("link", name=say("Change date")).click()
    stop("another-day")
    field("Preferred date").select_option(index=3)
    tab.get_by_role("button", name=say("Ask for this date")).click()
    stop("asked")
    later(minutes=2)
    later(minutes=2)

    tab.locator("summary", has_text=say("Cancel transfer")).click()
    stop("asked-once")
    tab.get_by_role("button", name=say("Cancel transfer")).click()
    stop("canceling")
    later(minutes=2)
    later(minutes=2)
    expect(tab.locator(".tag", has_text=say("Canceled"))).to_be_visible()
    stop("canceled")

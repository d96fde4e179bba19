"""Several lines: a second number on a line of its own, and two numbers brought along to two lines."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from provisioning.contract.numbers import Sought
from service.accounts.models import Workspace
from service.lines.choosing import choose
from service.lines.models import Line, NumberRole, NumberSearch
from service.lines.searching import begin_search
from service.porting.models import PortProject
from tests.factories import CALLER, a_draft
from tests.journeys.journey import Journey

ONE, TWO = "+12125552000", "+12125552001"

LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "sv-SE"])


@pytest.fixture
def press(tab, say):
    """Press a button by its English words."""
    return lambda words: tab.get_by_role("button", name=say(words), exact=True).click()


@pytest.fixture
def worn(services):
    """The numbers of each line with their roles, line by line."""

    def read():
        with services.sessions() as session:
            lines = session.scalars(select(Line).order_by(Line.id))
            return [{number.number: number.role for number in line.numbers} for line in lines]

    return read


@pytest.fixture
def get_number(tab, signed_up, work_aside, stop, say, field, press):
    """Alice, who has signed up, gets a toll-free number on a line of its own."""

    def get():
        tab.goto("/numbers/")
        stop("numbers")
        tab.get_by_role("link", name=say("Get another number")).click()
        stop("search")
        tab.get_by_label(say("Toll-free: free for callers")).check()
        field("Area code").fill("888")
        press("Search numbers")
        stop("searching")
        work_aside()
        offer = tab.locator("a.number-row-number").first
        expect(offer).to_have_text(re.compile(r"\(888\)"))
        stop("found")
        offer.click()
        stop("chosen")
        field("Name of the new line").fill("Flyers")
        press("Get this number")
        stop("being-bought")
        work_aside()
        expect(tab.locator(".tag-additional")).to_have_text(say("Yours to keep"))
        expect(tab.get_by_text(say("Toll-free number"))).to_be_visible()
        stop("bought")

    return get


@LANGUAGES
def test_a_second_number_is_bought_on_a_line_of_its_own(tab, get_number, work_aside, stop, world, worn):
    get_number()
    first, second = worn()
    assert list(first.values()) == [NumberRole.TEMPORARY]
    assert list(second.values()) == [NumberRole.ADDITIONAL]
    [number] = second
    world.text(CALLER, number, "Is this about the flyer?")
    work_aside()
    tab.goto("/inbox/")
    tab.get_by_role("link", name="Flyers").click()
    expect(tab.get_by_text("Is this about the flyer?")).to_be_visible()
    stop("inbox-of-a-line")
    tab.get_by_role("link", name="Alice's Bakery").click()
    expect(tab.get_by_text("Is this about the flyer?")).not_to_be_visible()


@pytest.fixture
def flyers(signed_up, services, work_aside, story):
    """Alice has a second number on a line of its own."""

    def get():
        with services.sessions.begin() as session:
            workspace_id = session.scalars(select(Workspace.id)).one()
            search = begin_search(session, services, workspace_id, Sought("US", area="212"))
        work_aside()
        with services.sessions.begin() as session:
            search = session.get_one(NumberSearch, search.id)
            choose(session, services, search, search.found[0][0], None, "Flyers")
        work_aside()

    story.come_to(get)


@LANGUAGES
@pytest.mark.usefixtures("flyers")
def test_a_number_that_is_to_be_released_can_be_kept(tab, stop, say, press):
    tab.goto("/numbers/2/")
    stop("number")
    tab.locator("summary", has_text=say("Release this number")).click()
    tab.locator(".ask-once-panel").get_by_role("button").click()
    stop("released")
    tab.goto("/numbers/2/")
    press("Keep this number")
    expect(tab.get_by_text(say("You’re keeping this number."))).to_be_visible()


@LANGUAGES
@pytest.mark.usefixtures("flyers")
def test_all_lines_are_forwarded_in_one_place(tab, stop, say, field, press):
    tab.goto("/numbers/forwarding/")
    field("Forward calls to").first.fill("415 555 0131")
    tab.get_by_label(say("On"), exact=True).first.check()
    stop("forwarding")
    press("Save")
    press("Turn all off")
    expect(tab.get_by_text(say("Calls are no longer forwarded."))).to_be_visible()


@pytest.fixture
def send_two(tab, signed_up, services, work_aside, stop, say, press, tick_all):  # noqa: PLR0917 -- several pages
    """Alice sends for two numbers, the second for a line of its own. Returns her temporary number."""

    def send():
        with services.sessions.begin() as session:
            project = a_draft(session, session.scalars(select(Line)).one(), ONE, TWO)
            project.answered = ["holder", "address", "account", "bill", "contact"]
            public_id = project.public_id
        work_aside()
        tab.goto(f"/ports/{public_id}/numbers")
        tab.get_by_role("link", name=say("Continue")).click()
        stop("which-line")
        tab.get_by_label("(212) 555‑2001").select_option("own")
        press("Save and continue")
        tick_all()
        stop("review")
        press("Send transfer request")
        work_aside()
        return signed_up

    return send


@pytest.fixture
def arrive(services, world, clock, work_aside):
    """The numbers that were sent for arrive."""

    def arrive():
        journey = Journey(services, world, clock, work_aside)
        with services.sessions() as session:
            journey.project_id = session.scalars(select(PortProject.id)).one()
        journey.pass_time(timedelta(seconds=10))
        world.sign(ONE, "Alice Baker")
        journey.pass_time(timedelta(hours=5))
        journey.pass_time_until(journey.committed())
        journey.pass_time(timedelta(minutes=5), steps=5)

    return arrive


@LANGUAGES
def test_two_numbers_are_brought_along_to_two_lines(tab, send_two, arrive, worn, stop):
    temporary = send_two()
    arrive()
    assert worn() == [{temporary: NumberRole.RETIRING, ONE: NumberRole.PRIMARY}, {TWO: NumberRole.PRIMARY}]
    tab.goto("/numbers/")
    expect(tab.get_by_role("heading", name="(212) 555-2001")).to_be_visible()
    stop("two-lines")

"""A team of three is invited and works a day in the inbox."""

import re

import pytest
from playwright.sync_api import expect

from service.accounts.models import Member, Membership, User, Workspace
from service.lines.inventory import lines_of, numbers_of, open_line
from service.time import now
from tests.factories import CALLER, a_bill

KARIN = "+14155550124"
CONVERSATION = re.compile(r"/inbox/\d+")


@pytest.fixture
def number(services, work_aside):
    """The number of Alice's bakery, in which she works alone so far."""
    with services.sessions.begin() as session:
        workspace = Workspace(name="Alice's Bakery", zone="America/Los_Angeles", area="415")
        session.add(workspace)
        session.flush()
        open_line(
            session,
            services,
            workspace_id=workspace.id,
            name="Shop",
            country="US",
            language=workspace.language,
            area="415",
        )
        alice = User(email="alice@bakery.example", name="Alice", fs_uniquifier="Alice", confirmed_at=now())
        session.add(Member(user=alice, workspace=workspace, role=Membership.OWNER))
    work_aside()
    with services.sessions() as session:
        return numbers_of(session, lines_of(session, workspace.id)[0].id)[0].number


@pytest.fixture
def mail_to(mailbox, work_aside):
    """The text of the latest e-mail to an address."""

    def mail_to(name):
        work_aside()
        return mailbox.to(f"{name}@bakery.example")[-1].text

    return mail_to


@pytest.fixture
def enter_code(mail_to):
    def enter_code(person, name):
        person.get_by_role("button", name="Email me a code").click()
        person.get_by_label("Six-digit code").fill(re.search(r"\d{6}", mail_to(name)).group())
        person.get_by_role("button", name="Continue").click()

    return enter_code


@pytest.fixture
def alice(tab, number, enter_code):
    """Alice, who owns the bakery, with the inbox before her."""
    tab.goto("/sign-in")
    tab.get_by_label("Email").fill("alice@bakery.example")
    enter_code(tab, "alice")
    tab.goto("/inbox/")
    return tab


@pytest.fixture
def join(alice, sit_down, mail_to, enter_code):
    """Have Alice invite a person, who joins by the link in the e-mail and opens the inbox."""

    def join(name):
        alice.goto("/team/invitations/")
        alice.get_by_label("Their email").fill(f"{name}@bakery.example")
        alice.get_by_role("button", name="Send invitation").click()
        person = sit_down()
        person.goto(re.search(r"/join/\S+", mail_to(name)).group())
        enter_code(person, name)
        person.goto("/team/")
        person.get_by_label("Your name").fill(name.title())
        person.get_by_role("button", name="Save").click()
        person.goto("/inbox/")
        alice.goto("/inbox/")
        return person

    return join


def send(person, words):
    person.get_by_label("Your answer").fill(words)
    person.get_by_role("button", name="Send", exact=True).click()


def test_three_people_come_together_and_work_a_day_from_the_inbox_alone(alice, join, number, world, work_aside, stop):
    stop("inbox-empty")
    bob, carla = join("bob"), join("carla")

    # the morning: two people write, and it shows up without anybody loading the page
    world.text(CALLER, number, "Do you have rye bread today?")
    world.text(KARIN, number, "Can I order a cake for Saturday?")
    work_aside()
    expect(alice.locator(".conversation-list li")).to_have_count(2, timeout=15_000)

    # Alice gives the cake to Bob, who leaves a note that calls Carla
    alice.locator(".conversation-list a").first.click()
    alice.wait_for_url(CONVERSATION)
    alice.locator(".handling summary", has_text="Assign").click()
    alice.get_by_role("button", name="Bob").click()
    expect(alice.locator("summary", has_text="Bob")).to_be_visible()
    stop("given")
    bob.get_by_role("link", name="Mine").click()
    bob.locator(".conversation-list a").first.click()
    bob.wait_for_url(CONVERSATION)
    bob.keyboard.press("n")
    bob.keyboard.type("Do we have time for this, @ca")
    expect(bob.locator("#people")).to_have_attribute("open", "")
    bob.keyboard.press("Enter")
    expect(bob.get_by_label("Your note")).to_have_value("Do we have time for this, @carla ")
    bob.keyboard.press("Control+Enter")
    expect(bob.locator(".note")).to_contain_text("@carla")
    carla.goto("/inbox/?view=mentions")
    carla.locator(".conversation-list a").first.click()

    # Carla and Bob answer at the same time: the second one is told first, and nothing is lost
    expect(bob.get_by_text("Carla is viewing this")).to_be_visible(timeout=10_000)
    carla.get_by_label("Your answer").fill("Saturday is full, sorry.")
    send(bob, "Yes, gladly. For how many?")
    expect(bob.locator(".bubble-out")).to_have_count(1)
    carla.get_by_role("button", name="Send", exact=True).click()
    expect(carla.get_by_role("alert")).to_contain_text("Bob replied while you were writing")
    expect(carla.get_by_label("Your answer")).to_have_value("Saturday is full, sorry.")


def test_a_name_a_picture_and_a_search(alice, number, world, work_aside, stop):
    world.text(KARIN, number, "Can I order a cake for Saturday?")
    work_aside()
    alice.goto("/inbox/")
    alice.locator(".conversation-list a").first.click()
    alice.get_by_role("link", name="Add name").click()
    alice.get_by_label("Name").fill("Karin")
    alice.get_by_role("button", name="Save").click()
    alice.get_by_role("link", name="Conversation on Shop").click()
    cake = {"name": "cake.png", "mimeType": "image/png", "buffer": a_bill()}
    alice.get_by_label("Add pictures").set_input_files(cake)
    alice.get_by_label("Your answer").fill("Like this one?")
    expect(alice.locator("#length")).to_have_text("14 characters · 1 text")
    alice.get_by_role("button", name="Send", exact=True).click()
    expect(alice.locator(".bubble-out img")).to_have_count(1)

    # the conversation is found, answered and done without a mouse
    alice.goto("/inbox/?q=cake")
    alice.keyboard.press("j")
    alice.keyboard.press("Enter")
    alice.wait_for_url(CONVERSATION)
    expect(alice.get_by_role("heading", level=1)).to_have_text("Karin")
    alice.keyboard.press("r")
    alice.keyboard.type("It would be 30 dollars.")
    alice.keyboard.press("Control+Enter")
    expect(alice.locator(".bubble-out")).to_have_count(2)
    alice.keyboard.press("Escape")
    stop("talk")
    alice.keyboard.press("e")
    expect(alice.get_by_text("Marked as done. It reopens when they write or call.")).to_be_visible()
    expect(alice.locator(".conversation-list li")).to_have_count(0)

"""Scripts keep unsent text when the page is left, hide useless controls, and keep opened parts open."""

import re
from time import monotonic

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.accounts.models import User, Workspace
from service.accounts.sign_up_challenges import LOUD
from service.inbox.models import Message
from service.inbox.saved_replies import save
from service.inbox.shared import SavedReply
from tests.factories import CALLER

WRITTEN = "We open at seven, and the rye bread"
NOTED = "Ask Carla about the"


@pytest.fixture
def number(signed_up):
    """The number of Alice, who has just signed up and stays signed in."""
    return signed_up


@pytest.fixture
def conversations(tab, number, world, work_aside):
    """Addresses of two conversations."""
    world.text(CALLER, number, "Are you open?")
    world.text("+14155550188", number, "A cake, please.")
    work_aside()
    tab.goto("/inbox/")
    return [link.get_attribute("href") for link in tab.locator(".conversation-list a").all()]


def forgets(tab):
    """Wait until the browser stores nothing any more."""
    until = monotonic() + 30
    while kept := tab.evaluate("Object.keys(localStorage)"):  # the page's own policy forbids to wait for a script
        assert monotonic() < until, kept
        tab.wait_for_timeout(50)


def test_what_was_typed_is_there_again_until_it_is_sent(tab, conversations, work_aside):
    first, second = conversations
    tab.goto(first)
    tab.get_by_label("Your answer").fill(WRITTEN)
    tab.keyboard.press("Escape")
    tab.keyboard.press("n")
    tab.get_by_label("Your note").fill(NOTED)
    tab.goto(second)
    expect(tab.get_by_label("Your answer")).to_have_value("")
    tab.goto(first)
    expect(tab.get_by_label("Your answer")).to_have_value(WRITTEN)
    expect(tab.get_by_label("Your note")).to_have_value(NOTED)
    expect(tab.locator("#length")).to_contain_text(f"{len(WRITTEN)} characters")
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(tab.locator(".bubble-out")).to_contain_text(WRITTEN)
    expect(tab.get_by_label("Your answer")).to_have_value("")
    expect(tab.get_by_label("Your note")).to_have_value(NOTED)
    tab.locator("label", has_text="Note").first.click()
    tab.get_by_role("button", name="Add note").click()
    expect(tab.locator(".note")).to_contain_text(NOTED)
    forgets(tab)


PASTE = """() => {
  const brought = new DataTransfer();
  brought.items.add(new File(["x"], "cake.png", { type: "image/png" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: brought }));
}"""


def test_a_text_is_written_with_a_saved_reply_and_a_picture_and_sent_by_enter(tab, number, conversations, services):
    with services.sessions.begin() as session:
        workspace = session.scalars(select(Workspace)).one()
        save(session, SavedReply(workspace_id=workspace.id), "Hours", "We open at nine.")
        session.scalars(select(User)).one().enter_sends = True
    tab.goto(conversations[0])
    tab.keyboard.press("r")
    tab.keyboard.type("/ho")
    expect(tab.locator("#saved-replies")).to_have_attribute("open", "")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Your answer")).to_have_value("We open at nine.")
    tab.evaluate(PASTE)
    expect(tab.locator(".chosen-pictures li")).to_have_count(1)
    tab.get_by_role("button", name="Remove cake.png").click()
    expect(tab.locator(".chosen-pictures li")).to_have_count(0)
    tab.get_by_label("Your answer").press("Shift+Enter")
    tab.keyboard.type("See you")
    tab.keyboard.press("Enter")
    expect(tab.locator(".bubble-out")).to_have_text("We open at nine.\nSee you")
    tab.wait_for_load_state()  # until then no key is listened to
    tab.keyboard.press("Control+k")
    expect(tab.get_by_label("Search everything")).to_be_focused()


def test_a_search_finds_while_one_types_and_what_was_done_is_undone_by_keys_alone(tab, conversations):
    tab.goto("/team/")
    tab.keyboard.press("/")
    expect(tab.get_by_label("Search everything")).to_be_focused()
    tab.keyboard.type("cake")
    expect(tab.locator("#palette mark")).to_have_text("cake")
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("#palette .hit").first).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(".thread")).to_contain_text("A cake, please.")
    tab.wait_for_load_state()
    tab.keyboard.press("e")
    expect(tab.get_by_text("Marked as done.")).to_be_visible()
    tab.wait_for_load_state()
    tab.keyboard.press("z")
    expect(tab.get_by_text("Undone.")).to_be_visible()


def test_an_answer_whose_sign_in_has_ended_is_there_again_and_forgotten_at_signing_out(
    tab, conversations, services, mailbox, work_aside
):
    tab.goto(conversations[0])
    tab.get_by_label("Your answer").fill(WRITTEN)
    tab.context.clear_cookies()
    tab.get_by_role("button", name="Send", exact=True).click()
    with services.sessions() as session:
        assert session.query(Message).filter_by(text=WRITTEN).all() == []
    tab.goto("/sign-in")
    tab.get_by_label("Email").fill("alice@bakery.example")
    tab.get_by_role("button", name="Email me a code").click()
    work_aside()
    tab.get_by_label("Six-digit code").fill(re.search(r"\d{6}", mailbox.to("alice@bakery.example")[-1].text).group())
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", name="Alice's Bakery", exact=True)).to_be_visible()
    tab.goto(conversations[0])
    expect(tab.get_by_label("Your answer")).to_have_value(WRITTEN)
    tab.locator("summary", has_text="Alice's Bakery").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in").first).to_be_visible()
    forgets(tab)


def test_a_line_that_is_always_open_shows_no_hours_to_edit(tab, number):
    tab.goto("/lines/1/plan/hours")
    expect(tab.get_by_label("Monday", exact=True)).to_be_hidden()
    tab.get_by_label("The line is open at any time").uncheck()
    expect(tab.get_by_label("Monday", exact=True)).to_be_visible()


def test_a_question_that_somebody_has_opened_stays_open_when_its_page_renews_itself(tab, number):
    tab.goto("/lines/1")
    outcome = tab.evaluate(
        """() => {
            const part = (open, words) => {
                const made = document.createElement("div");
                made.innerHTML = `<details ${open}><summary>Cancel</summary></details><p>${words}</p>`;
                return made;
            };
            const fresh = part("", "new");
            keepOpen(part("open", "old"), fresh);
            return fresh.firstElementChild.open;
        }"""
    )
    assert outcome


def test_while_many_sign_up_the_browser_computes_and_its_person_waits_a_moment(tab, services, sign_up):
    with services.sessions.begin() as session:
        session.add_all(Workspace(name=f"Number {count}") for count in range(LOUD))
    assert sign_up()

"""The player of a voicemail: with scripts a button and a bar with the wave, without them the browser's own."""

import pytest
from playwright.sync_api import expect

from tests.factories import CALLER


@pytest.fixture
def voicemail(signed_up, world, work_aside):
    """Somebody has left a voicemail."""
    world.call(CALLER, signed_up, says="Hello, it is about the cake. Please call me back.")
    work_aside()


def now_at(tab):
    return tab.evaluate("document.querySelector('.player audio').currentTime")


def test_a_voicemail_is_played_and_moved_within_by_the_keyboard(tab, voicemail):
    tab.goto("/calls/")
    expect(tab.locator(".player audio")).to_be_hidden()
    button, bar = tab.get_by_role("button", name="Play"), tab.get_by_role("slider", name="Position")
    button.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Pause playing")).to_be_focused()
    tab.get_by_role("button", name="Pause playing").press("Enter")
    expect(button).to_be_visible()
    bar.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    assert now_at(tab) >= 2
    expect(bar).to_have_attribute("aria-valuetext", "0:03")
    expect(tab.locator(".wave .played")).to_have_count(1)
    expect(tab.locator(".call-row .tag-unread")).to_have_count(1)
    tab.reload()
    expect(tab.locator(".call-row .tag-unread")).to_have_count(0)


def test_a_voicemail_that_is_playing_plays_on_when_the_list_is_renewed(tab, voicemail, signed_up, world, work_aside):
    tab.goto("/calls/")
    tab.get_by_role("button", name="Play").click()
    expect(tab.get_by_role("button", name="Pause playing")).to_be_visible()
    tab.evaluate("document.querySelector('.player audio').playbackRate = 0.1")
    world.call("+14155550188", signed_up, says="Hello")
    work_aside()
    expect(tab.locator(".call-row")).to_have_count(2, timeout=15_000)
    expect(tab.get_by_role("button", name="Pause playing")).to_have_count(1)


def test_without_scripts_the_browsers_own_player_is_shown(chromium, tab, address, voicemail):
    context = chromium.new_context(
        base_url=address, java_script_enabled=False, storage_state=tab.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/calls/")
    expect(plain.locator(".player audio")).to_be_visible()
    expect(plain.locator(".play")).to_be_hidden()
    context.close()

"""An open page shows what happens before it would ask for it."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from service.accounts.models import User
from tests.browser.looker import cookie
from tests.factories import CALLER, signed_in
from tests.live_process import free_address, running

SOON = 5_000
"""Milliseconds; without hints the list is asked for every eight seconds."""


@pytest.fixture
def settings(settings):
    listens_at = free_address()
    return replace(settings, live_url=f"http://{listens_at}/live", live_bind=listens_at)


@pytest.fixture
def inbox(app, services, settings, address, sit_down, signed_up, sessions):
    """Alice's inbox in a browser that hears what changes."""
    with running(settings, sessions, live_bind=settings.live_bind, public_base_url=address):
        page = sit_down()
        page.context.add_cookies([cookie(app, address, signed_in(services, alice_of(services)))])
        page.goto("/inbox/")
        hears(page)
        yield page
        page.close()


def hears(page):
    """Wait until hints arrive; a policy of the page's forbids to wait for an expression."""
    for _ in range(100):
        if page.evaluate("() => typeof listening !== 'undefined' && listening"):
            return
        page.wait_for_timeout(50)
    pytest.fail("no hints arrive")


def alice_of(services):
    with services.sessions() as session:
        return session.query(User).one().fs_uniquifier


def test_a_text_is_in_the_list_and_counted_within_a_moment(inbox, signed_up, world, work_aside):
    world.text(CALLER, signed_up, "Are you open on Sunday?")
    work_aside()
    expect(inbox.get_by_text("Are you open on Sunday?")).to_be_visible(timeout=SOON)
    expect(inbox).to_have_title(re.compile(r"^\(1\) "), timeout=SOON)
    expect(inbox.locator(".side-link .count")).to_have_text("1 new", timeout=SOON)
    inbox.locator(".conversation-list a").first.click()
    hears(inbox)
    expect(inbox).not_to_have_title(re.compile(r"^\(1\) "))
    world.text(CALLER, signed_up, "Or on Monday?")
    work_aside()
    expect(inbox.locator(".thread").get_by_text("Or on Monday?")).to_be_visible(timeout=SOON)

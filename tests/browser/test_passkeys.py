"""A passkey in Chromium, kept by a virtual authenticator: made, and used to sign in without a code."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def address(address, app, services):
    """The pages under a name: an address of digits has no passkeys."""
    public = f"http://localhost:{urlsplit(address).port}"
    app.extensions["services"] = replace(services, settings=replace(services.settings, public_base_url=public))
    return public


@pytest.fixture
def finger(tab):
    """A computer with a passkey store that its person's finger opens; returns how to switch their consent."""
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def consents(*, enabled):
        given = {"authenticatorId": made["authenticatorId"], "isUserVerified": enabled}
        session.send("WebAuthn.setUserVerified", given)

    return consents


@pytest.fixture
def with_a_passkey(tab, finger, sign_up):
    sign_up()
    tab.goto("/sign-in-methods/passkey")
    tab.get_by_label("Name it").fill("My computer")
    tab.get_by_role("button", name="Add a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    tab.get_by_role("link", name="I wrote them down").click()


def sign_out(tab):
    tab.locator("summary", has_text="Alice's Bakery").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_passkey_made_here_signs_in_without_a_code(tab, with_a_passkey):
    sign_out(tab)
    tab.goto("/sign-in")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Alice's Bakery")


def test_a_finger_that_is_not_theirs_is_told_so(tab, with_a_passkey, finger):
    sign_out(tab)
    tab.goto("/sign-in")
    finger(enabled=False)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_role("alert")).to_contain_text("Your browser didn’t use a passkey.")

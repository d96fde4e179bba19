"""The pages as an app: they can be installed, show notices, and say when the network is away."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.accounts.models import Member, SignIn, User
from service.team_notices.devices import add_device
from service.team_notices.models import TeamChannel
from tests.browser.looker import cookie
from tests.factories import CALLER, signed_in
from tests.push_service import VAPID_KEY, PushService

READY = """() => Promise.race([
    navigator.serviceWorker.ready.then(() => true), new Promise((late) => setTimeout(() => late(false), 20000))
])"""


@pytest.fixture
def limits():
    return {"vapid_key": VAPID_KEY}


@pytest.fixture
def app_page(whole_chromium, app, address, services, signed_up, world, work_aside):
    """Alice's conversation with a caller, in a browser whose worker has kept what it needs."""
    world.text(CALLER, signed_up, "Are you open?")
    work_aside()
    with services.sessions() as session:
        alice = session.scalars(select(User.fs_uniquifier)).one()
    context = whole_chromium.new_context(base_url=address)
    context.add_cookies([cookie(app, address, signed_in(services, alice))])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/inbox/")
    page.locator(".conversation-list a").first.click()
    page.wait_for_url(re.compile(r"/inbox/\d+"))
    assert page.evaluate(READY), "the worker is installed"
    yield page
    context.close()


@pytest.fixture
def pushed(app_page, address):
    """Have the browser hand a message to our worker, as from its push service. Returns what is shown."""
    page = app_page
    page.context.grant_permissions(["notifications"], origin=address)
    browser = page.context.new_cdp_session(page)
    registrations = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda told: registrations.extend(told["registrations"]))
    browser.send("ServiceWorker.enable")

    def push(**notification):
        page.wait_for_timeout(200)
        known = {"origin": address, "registrationId": registrations[0]["registrationId"]}
        data = json.dumps({"web_push": 8030, "notification": notification})
        browser.send("ServiceWorker.deliverPushMessage", known | {"data": data})
        page.wait_for_timeout(500)
        return page.evaluate("""async () => {
            const worker = await navigator.serviceWorker.getRegistration();
            return (await worker.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }));
        }""")

    return push


def test_the_pages_can_be_installed(app_page):
    browser = app_page.context.new_cdp_session(app_page)
    assert browser.send("Page.getAppManifest")["errors"] == []
    errors = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_a_notice_is_shown_once_and_its_click_opens_the_conversation(app_page, pushed):
    address = f"{app_page.url}?workspace=1"
    notice = {"title": "Missed call", "body": "Main line", "navigate": address, "tag": "notice-7"}
    shown = {"title": "Missed call", "body": "Main line", "tag": "notice-7", "data": address}
    assert pushed(**notice) == [shown]
    assert pushed(**notice) == [shown], "one that comes twice replaces itself"
    # a browser opens windows for clicks of people alone, and nothing clicks outside of its pages
    opened = app_page.context.service_workers[0].evaluate("""async () => {
        const opened = [];
        self.clients.openWindow = (address) => opened.push(address);
        const [notification] = await self.registration.getNotifications();
        self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        await new Promise((later) => setTimeout(later, 500));
        return [opened, (await self.registration.getNotifications()).length];
    }""")
    assert opened == [[address], 0]


def test_a_browser_that_changes_its_address_hands_over_the_new_one(app_page, services):
    given = PushService().subscription(endpoint="https://fcm.googleapis.com/fcm/send/new")
    before = replace(given, endpoint="https://fcm.googleapis.com/fcm/send/old")
    with services.sessions.begin() as session:
        sign_in = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        add_device(session, services, session.scalars(select(Member)).one(), sign_in, before)
    # no push service is reached from here, so the browser is given what one would answer
    app_page.context.service_workers[0].evaluate(
        """async (given) => {
        self.registration.pushManager.subscribe = async () => ({ toJSON: () => given });
        await new Promise((done) => {
            const ask = self.fetch;
            self.fetch = async (...asked) => {
                const answer = await ask(...asked);
                if (asked[1]) done();
                return answer;
            };
            self.dispatchEvent(new ExtendableEvent("pushsubscriptionchange"));
        });
    }""",
        {"endpoint": given.endpoint, "keys": {"p256dh": given.p256dh, "auth": given.auth}},
    )
    with services.sessions() as session:
        assert session.scalars(select(TeamChannel.url)).all() == [given.endpoint]


def test_a_browser_that_says_no_is_told_where_to_change_it(app_page, services):
    app_page.goto("/team/notices/")
    app_page.get_by_role("button", name="Allow notifications").click()
    expect(app_page.get_by_text("doesn’t let us send notifications")).to_be_visible()
    with services.sessions() as session:
        assert session.scalars(select(TeamChannel)).all() == []


def test_without_a_network_a_page_says_so_and_what_was_typed_is_sent_once(app_page, address):
    conversation = app_page.url
    app_page.get_by_label("Your answer").fill("Until six")
    app_page.context.set_offline(True)
    app_page.get_by_role("button", name="Send", exact=True).click()
    expect(app_page.get_by_role("heading", level=1)).to_have_text("You are offline")
    assert app_page.evaluate("() => document.styleSheets[0].cssRules.length > 0"), "drawn as our pages are"
    app_page.context.set_offline(False)
    app_page.get_by_role("link", name="Try again").click()
    expect(app_page).to_have_url(f"{address}/inbox/")
    app_page.goto(conversation)
    expect(app_page.get_by_role("status").filter(has_text="This wasn’t sent.")).to_be_visible()
    expect(app_page.get_by_label("Your answer")).to_have_value("Until six")
    lose_answers(app_page)
    app_page.get_by_role("button", name="Send", exact=True).click()
    expect(app_page.get_by_role("heading", level=1)).to_have_text("You are offline")
    app_page.context.clear_cookies(name="sent")  # the lost answer brought it
    app_page.goto(conversation)
    expect(app_page.get_by_role("status").filter(has_text="What you sent has arrived")).to_be_visible()
    expect(app_page.get_by_label("Your answer")).to_have_value("")
    expect(app_page.locator(".bubble-out")).to_have_count(1)


def lose_answers(page):
    """Have the network end before the answer to the next form is here, which our server has taken."""
    page.context.service_workers[0].evaluate("""() => {
        const { fetch } = self;
        self.fetch = async (request) => {
            const answer = await fetch(request);
            if (request.method === "POST") throw new TypeError("lost");
            return answer;
        };
    }""")


def test_signing_out_leaves_nothing_behind(app_page):
    app_page.goto("/settings/")
    app_page.locator("main").get_by_role("button", name="Sign out").click()
    expect(app_page).to_have_url(re.compile("/$"))
    left = "async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length]"
    assert app_page.evaluate(left) == [[], 0]

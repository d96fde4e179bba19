"""Calls in Chromium with sound in both directions: the carrier's SDK at the sandbox's gateway."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import count
from threading import Thread

import pytest
import requests
from aiohttp import web
from playwright.sync_api import expect
from sqlalchemy import select

from provisioning.carriers import twilio
from provisioning.carriers.twilio.voice_sdk import FETCHED
from provisioning.contract.browser_phones import SCHEME
from provisioning.contract.porting import Address
from sandbox.gateway.carrier import Carrier
from sandbox.gateway.certificate import context
from sandbox.gateway.signalling import Gateway
from service.accounts.access import grant
from service.accounts.models import Member, Membership, User
from service.inbox.models import Call, Outcome
from service.lines.models import BrowserPhone, Line, Phone, PhoneNumber
from service.time import now
from tests.browser.conftest import FLAGS, LIGHT, PHONE
from tests.browser.looker import cookie
from tests.conftest import CARRIER_SETTINGS, SANDBOX
from tests.factories import CALLER, signed_in
from tests.live_process import free_address

MOBILE = "+14155550131"
PATIENCE = 1200
"""So many looks, 50 ms apart: a busy machine may be slow, and nothing is proven by how fast it is."""

SOUND = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--ignore-certificate-errors",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
pytestmark = pytest.mark.skipif(
    not FETCHED.exists(), reason="no SDK: fetch it with python -m provisioning.carriers.twilio.fetch_voice_sdk"
)


class RunningGateway:
    """The gateway, in a thread of the test."""

    def __init__(self, session, address):
        gateway = Gateway(Carrier(session, SANDBOX))
        self._loop = asyncio.new_event_loop()
        self._runner = web.AppRunner(gateway.app(), shutdown_timeout=0.1)
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        host, _, port = address.partition(":")
        self._at = {"host": host, "port": int(port), "ssl_context": context()}
        self._run(self._runner.setup())
        self.comes_back()

    def comes_back(self):
        self._site = web.TCPSite(self._runner, **self._at)
        self._run(self._site.start())

    def is_lost(self):
        """Cut the connections of all pages; new ones are refused until it comes back."""
        self._run(self._cut())

    async def _cut(self):
        await self._site.stop()
        for transport in filter(None, [connection.transport for connection in self._runner.server.connections]):
            transport.abort()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=20)

    async def _stop(self):
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def close(self):
        self._run(self._stop())
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def gateway_at():
    return free_address()


@pytest.fixture
def carriers(to_carrier, gateway_at):
    return {"twilio": twilio.build({**CARRIER_SETTINGS, "TWILIO_BROWSER_GATEWAY": gateway_at}, to_carrier)}


@pytest.fixture
def gateway(rehearsal, world, gateway_at):
    session = requests.Session()
    session.mount(SANDBOX, rehearsal.sandbox)
    with closing(RunningGateway(session, gateway_at)) as running:
        yield running


@pytest.fixture
def calling(chromium):
    """A browser with a microphone, which beeps."""
    browser = chromium.browser_type.launch(executable_path=LIGHT, args=[*FLAGS, *SOUND])
    yield browser
    browser.close()


@pytest.fixture
def aside():
    """Do something outside of the thread in which the pages are looked at."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield lambda act, *more: thread.submit(act, *more).result(timeout=60)


@pytest.fixture
def settle(work, aside):
    """Let a second pass, and do what is due on both sides while calls go on."""
    return lambda: aside(work.for_seconds, 1)


@pytest.fixture
def shop(services, signed_up):
    """Alice's line, with Bob on its team and a mobile that nobody picks up."""
    with services.sessions.begin() as session:
        line = session.scalars(select(Line)).one()
        bob = User(email="bob@bakery.example", name="Bob", fs_uniquifier="bob", confirmed_at=now())
        member = Member(user=bob, workspace_id=line.workspace_id, role=Membership.MEMBER)
        session.add_all([member, Phone(line_id=line.id, number=MOBILE, name="Van")])
        session.flush()
        grant(session, member, [line.id])
    return signed_up


@pytest.fixture
def sit(calling, gateway, app, services, address):
    """Open a person's window and be ready for calls, as a notice of a call does it if `woken`."""
    contexts = {}

    def sit(who, *, ready=True, woken=False):
        if who not in contexts:
            contexts[who] = calling.new_context(base_url=address, viewport=PHONE, locale="en-US")
            with services.sessions() as session:
                known = session.scalars(select(User.fs_uniquifier).where(User.email == f"{who}@bakery.example")).one()
            contexts[who].add_cookies([cookie(app, address, signed_in(services, known))])
        page = contexts[who].new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto("/phone/woken" if woken else "/phone/")
        if not woken:
            page.get_by_role("button", name="Ready for calls").click()
        if ready:
            says(page, "Ready for calls. Keep this window open.")
        return page

    expect.set_options(timeout=30_000)
    yield sit
    for one in contexts.values():
        one.close()


def says(page, words):
    expect(page.locator("#phone-status")).to_have_text(words)


def until(page, is_so, what):
    """Wait until something is so; a policy of the page's forbids to wait for an expression."""
    for _ in range(PATIENCE):
        if is_so():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"not within a minute: {what}")


def hears_the_other_side(page, settle, world):
    """Wait for a tone. Until the page talks, a second of the call's passes each half second of the page's."""
    turns = count()

    def heard():
        talks = any(leg.to.startswith(SCHEME) and leg.stay and leg.stay.talks for leg in world.state.calls.values())
        if not talks and next(turns) % 10 == 0:
            settle()
        return float(page.locator("#phone-level").evaluate("meter => meter.value")) > 0.01

    until(page, heard, "a tone in the browser")


def is_heard(page, call):
    until(page, lambda: any("hears client:" in words for words in call.transcript), "the microphone at the other side")


def becomes(page, settle, services, outcome):
    """Wait until the call was told as over: the page says so before the carrier knows."""
    become(page, settle, services, [outcome])


def become(page, settle, services, outcomes):
    """The same of all calls so far, in the order in which they came."""

    def is_so():
        settle()
        with services.sessions() as session:
            calls = session.scalars(select(Call).order_by(Call.id)).all()
        return [call.outcome for call in calls] == outcomes and all(call.seconds for call in calls)

    until(page, is_so, f"the calls {outcomes}")


def rings(page, settle):
    """Let the call come to a page."""
    comes(page, settle, page.get_by_role("button", name="Answer"))


def comes_to_say(page, settle, words):
    comes(page, settle, page.locator("#phone-status").get_by_text(words, exact=True))


def comes(page, settle, part):
    """Wait until a part is shown; once a second of the page's a second of the call's passes."""
    turns = count()

    def is_so():
        if not part.is_visible() and next(turns) % 20 == 0:
            settle()
        return part.is_visible()

    until(page, is_so, f"shown: {part}")


def writes_a_note(page):
    page.locator("#on_the_line-note summary").click()
    page.get_by_label("Only your team sees notes").fill("Wants rye.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Your note is in the conversation.")).to_be_visible()


def holds_and_resumes(page, settle, world, call):
    """The caller hears music and is not heard, and then talks again."""
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("They hear music.")).to_be_visible()
    until(page, lambda: settle() or any("hold-music" in words for words in call.transcript), "music")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Hold")).to_be_visible()
    until(page, lambda: settle() or times_talked(call) == 2, "the caller back in the room")
    hears_the_other_side(page, settle, world)


def hangs_up(page, settle, other):
    """Hang up, and wait until the other side has heard of it: who is on a call is not rung for the next one."""
    page.get_by_role("button", name="Hang up").click()
    says(page, "Call ended.")
    until(page, lambda: settle() or other.ended, "the end of the other side")
    settle()


def called(world, number):
    """The call to a number that goes on."""
    return next(call for call in world.state.calls.values() if call.to == number and call.stay)


def times_talked(call):
    return sum("talks in the conference" in words for words in call.transcript)


def mobile(world):
    """The call that the mobile was rung with last."""
    return [leg for leg in world.state.calls.values() if leg.to == MOBILE][-1]


def identity(services):
    with services.sessions() as session:
        return session.scalars(select(BrowserPhone.number)).one().removeprefix(SCHEME)


def call_row(services):
    with services.sessions() as session:
        return session.scalars(select(Call)).one()


def test_a_team_of_two_browsers_and_a_mobile_works_a_day_of_calls(shop, sit, settle, world, work, aside, services):
    world.phone(MOBILE, answers="no-answer")
    alice = sit("alice")
    first = world.call(CALLER, shop, patience=3600)
    rings(alice, settle)
    bob = sit("bob", ready=False, woken=True)
    rings(bob, settle)
    for page in (alice, bob):
        expect(page.get_by_text("Call from (415) 555-0123")).to_be_visible()
    alice.get_by_role("button", name="Answer").click()
    says(alice, "On the call with (415) 555-0123")
    hears_the_other_side(alice, settle, world)
    is_heard(alice, first)
    says(bob, "alice took the call.")
    assert mobile(world).status == "canceled"
    alice.get_by_role("button", name="Mute").click()
    expect(alice.get_by_role("button", name="Unmute")).to_have_attribute("aria-pressed", "true")
    alice.get_by_role("button", name="Unmute").click()
    writes_a_note(alice)
    holds_and_resumes(alice, settle, world, first)
    alice.get_by_text("Transfer call").click()
    alice.get_by_role("button", name="Bob").click()
    expect(alice.get_by_text("We’re ringing the phone.")).to_be_visible()
    rings(bob, settle)
    says(alice, "We’re ringing the phone.")
    bob.get_by_role("button", name="Answer").click()
    hears_the_other_side(bob, settle, world)
    bob.get_by_role("button", name="Hang up").click()
    says(bob, "Call ended.")
    become(bob, settle, services, [Outcome.ANSWERED])

    world.call(CALLER, shop)
    for page in (alice, bob):
        rings(page, settle)
    aside(world.calls.outbound.pick_up, mobile(world), "press:1")
    for page in (alice, bob):
        comes_to_say(page, settle, "Van took the call.")

    bob.get_by_label("Call a number").fill("(212) 555-0177")
    bob.get_by_role("button", name="Call", exact=True).click()
    says(bob, "Calling (212) 555-0177…")
    comes_to_say(bob, settle, "On the call with (212) 555-0177")
    expect(bob.get_by_text("Once they answer, you can put them on hold or transfer the call.")).to_be_visible()
    hears_the_other_side(bob, settle, world)
    contact = called(world, "+12125550177")
    holds_and_resumes(bob, settle, world, contact)
    hangs_up(bob, settle, contact)

    world.call("+12125550188", shop, says="Two rye loaves.")
    rings(alice, settle)
    alice.get_by_role("button", name="Decline").click()
    says(alice, "Call ended.")
    aside(work)
    comes_to_say(bob, settle, "The caller hung up.")
    become(bob, settle, services, [*[Outcome.ANSWERED] * 3, Outcome.VOICEMAIL])


def test_a_connection_that_is_lost_comes_back_to_its_call(shop, sit, gateway, settle, world, services):
    world.phone(MOBILE, answers="no-answer")
    alice = sit("alice")
    called = world.call(CALLER, shop)
    settle()
    alice.get_by_role("button", name="Answer").click()
    hears_the_other_side(alice, settle, world)
    gateway.is_lost()
    says(alice, "No connection. We keep trying.")
    expect(alice.locator("#phone-quality")).to_have_text("The connection was lost. We keep trying; stay on the line.")
    hears_the_other_side(alice, settle, world)
    old = services.network("twilio").browser_phones.token(identity(services), timedelta(seconds=-10))
    alice.evaluate("token => { device.updateToken(token); device.madeAt = 0; }", old)
    with alice.expect_response("**/phone/awake"):
        gateway.comes_back()
    says(alice, "On the call with (415) 555-0123")
    expect(alice.locator("#phone-quality")).not_to_contain_text("lost")
    hears_the_other_side(alice, settle, world)
    is_heard(alice, called)
    alice.get_by_role("button", name="Hang up").click()
    says(alice, "Call ended.")
    becomes(alice, settle, services, Outcome.ANSWERED)
    gateway.is_lost()
    says(alice, "No connection. We keep trying.")
    expect(alice.get_by_label("Call a number")).to_be_hidden()
    gateway.comes_back()
    says(alice, "Ready for calls. Keep this window open.")
    expect(alice.get_by_label("Call a number")).to_be_visible()


def test_a_number_is_called_and_an_emergency_number_refused(shop, sit, settle, world, services):
    alice = sit("alice")
    alice.get_by_label("Call a number").fill("911")
    alice.get_by_role("button", name="Call", exact=True).click()
    expect(alice.get_by_role("alert")).to_have_text(
        "You can’t call emergency services from here. Dial 911 on a mobile phone or landline."
    )
    alice.get_by_label("Call a number").fill("(415) 555-0123")
    alice.get_by_role("button", name="Call", exact=True).click()
    says(alice, "Calling (415) 555-0123…")
    settle()
    says(alice, "On the call with (415) 555-0123")
    hears_the_other_side(alice, settle, world)
    [contact] = [leg for leg in world.state.calls.values() if leg.to == CALLER]
    assert contact.from_ == shop
    assert contact.status == "in-progress"
    is_heard(alice, contact)
    alice.get_by_text("Keypad").click()
    for key in "5#":
        alice.get_by_role("button", name=key, exact=True).click()
    until(alice, lambda: {"keys 5", "keys #"} <= {*in_the_browser(world).transcript}, "the keys at the other side")
    says_how_good_the_connection_is(alice)
    alice.get_by_role("button", name="Hang up").click()
    says(alice, "Call ended.")
    becomes(alice, settle, services, Outcome.ANSWERED)


@pytest.fixture
def helped(services, shop):
    """The line's number has an emergency address at the carrier."""
    with services.sessions.begin() as session:
        number = session.scalars(select(PhoneNumber).where(PhoneNumber.number == shop)).one()
        number.emergency_address = "1 Main St, Oakland"
        address = Address("1 Main St", "Oakland", "CA", "94601", "US")
        services.network(number.carrier).emergency.register(number.reference, "Alice's Bakery", address)


SEEN = "Calling 911. They see this address: 1 Main St, Oakland. If you’re somewhere else, tell them first."
FAREWELL = "The call has ended. If you still need help, dial 911 on a mobile phone or landline."


def calls_help(page):
    page.get_by_label("Call a number").fill("911")
    page.get_by_role("button", name="Call", exact=True).click()
    says(page, SEEN)


@pytest.mark.parametrize("limits", [{"emergency_calls": ("911",)}])
def test_help_is_called_with_the_address_in_view(sit, helped, settle, world, limits):
    alice = sit("alice")
    calls_help(alice)
    settle()
    expect(alice.locator("#phone-with")).to_have_text("On the call with 911")
    says(alice, SEEN)
    expect(alice.get_by_text("you can put them on hold")).to_be_hidden()
    until(alice, lambda: "911 answers" in in_the_browser(world).transcript, "emergency services")
    alice.get_by_role("button", name="Hang up").click()
    says(alice, FAREWELL)


@pytest.mark.parametrize("limits", [{"emergency_calls": ("911",)}])
def test_help_that_does_not_come_soon_is_to_be_called_elsewhere(sit, helped, limits):
    alice = sit("alice")
    alice.clock.install()
    calls_help(alice)  # and no worker takes it up
    alice.clock.fast_forward(10_000)
    says(alice, FAREWELL)
    expect(alice.get_by_role("button", name="Call", exact=True)).to_be_visible()


def says_how_good_the_connection_is(page):
    """In place of the network's trouble, which no test can make, stand the events with which the SDK tells of it."""
    for event, name, words in [
        ("warning", "low-mos", "The connection is weak. You may not hear each other well."),
        ("warning", "constant-audio-input-level", "We don’t hear your microphone."),
        ("warning-cleared", "low-mos", "The connection is good."),
    ]:
        page.evaluate("([event, name]) => call.emit(event, name)", [event, name])
        expect(page.locator("#phone-quality")).to_have_text(words)


def in_the_browser(world):
    """The call with which the window talks."""
    return next(leg for leg in world.state.calls.values() if leg.to.startswith("client:"))


def test_who_is_ready_chooses_devices_and_hears_themselves(shop, sit):
    alice = sit("alice")
    alice.get_by_text("Microphone and speaker").click()
    for devices in (alice.get_by_label("Microphone", exact=True), alice.get_by_label("Speaker", exact=True)):
        expect(devices.locator("option").nth(1)).to_be_attached()
        devices.select_option(index=1)
    alice.get_by_role("button", name="Hear yourself").click()
    expect(alice.get_by_text("Say something. You’ll hear yourself a second later.")).to_be_visible()
    says(alice, "Ready for calls. Keep this window open.")


def awake(services):
    """The windows that say they can take calls."""
    with services.sessions() as session:
        return session.scalars(select(BrowserPhone.number).where(BrowserPhone.seen_at.is_not(None))).all()


def test_a_window_that_comes_back_from_the_browsers_cache_begins_anew(shop, sit, services):
    """Browsers under test keep no pages, so they are told as if: a dead connection must not look ready."""
    alice = sit("alice")
    alice.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    until(alice, lambda: not awake(services), "the window to be away")
    with alice.expect_navigation():
        alice.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(alice.get_by_role("button", name="Ready for calls")).to_be_visible()


def test_one_window_of_a_browser_is_the_phone(shop, sit):
    first = sit("alice")
    second = sit("alice", ready=False)
    says(second, "Your phone is open in another window.")
    second.get_by_role("button", name="Use it here").click()
    says(second, "Ready for calls. Keep this window open.")
    says(first, "Your phone is open in another window.")

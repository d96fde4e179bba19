"""Notices to browsers: who gets them, what a locked screen shows, and where they may be sent."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from service.accounts import sign_ins
from service.accounts.models import Member, SignIn
from service.calls.legs.models import Ringing, RingingState
from service.calls.legs.waking import take_back, wake_team
from service.errors import Conflict, Invalid
from service.language import Language
from service.lines.models import BrowserPhone, Line
from service.notifications.notices import DateSet
from service.porting.followers import notify_project
from service.porting.models import PortProject
from service.team_notices.channels import (
    MOST_CHANNELS,
    add_channel,
    channels_of,
    choices_of,
    choose,
    send_trial,
    show_words,
)
from service.team_notices.delivery import NotDelivered, deliver_to_channel
from service.team_notices.devices import add_device
from service.team_notices.handing_over import Trouble
from service.team_notices.models import CHOSEN, EMAIL, TeamChannel, TeamEvent, TeamNotice
from service.time import now
from service.vapid import new_key
from tests.factories import a_draft
from tests.push_service import VAPID_KEY, PushService, answering
from tests.service.team_notices.conftest import serving

GOOGLE = "https://fcm.googleapis.com/fcm/send/x"


@pytest.fixture
def push_service(secured):
    push_service = PushService()
    with serving(answering(push_service), secured) as port:
        push_service.url = f"https://127.0.0.1:{port}/secret-of-alice"
        yield push_service


@pytest.fixture
def pushing(services):
    """An installation that pushes notices, to this machine too."""
    changes = {"vapid_key": VAPID_KEY, "notices_into_private_networks": True}
    return replace(services, settings=replace(services.settings, **changes))


@pytest.fixture
def signs_in(services):
    """Sign a member in; returns the sign-in and the token of its cookie."""

    def sign_in(member, browser="Chrome on Android"):
        with services.sessions.begin() as session:
            token = sign_ins.begin(session, member.user, browser)["sign_in"]
            return session.scalars(select(SignIn).order_by(SignIn.id.desc())).first(), token

    return sign_in


@pytest.fixture
def device(allowed, alice, signs_in):
    """Alice's phone, on which she has allowed notices."""
    return allowed(alice, signs_in(alice)[0])


@pytest.fixture
def chosen(pushing, alice, line, device):
    """The same phone, chosen for missed calls instead of mail, and for voicemails beside it."""
    with pushing.sessions.begin() as session:
        events = {TeamEvent.MISSED_CALL: [str(device.id)], TeamEvent.VOICEMAIL: [EMAIL, str(device.id)]}
        choose(session, alice, line, events)
    return device


@pytest.fixture
def mailed(work, mailbox):
    """The subjects of what is mailed to a member."""

    def subjects(name):
        work()
        return sorted(mail.subject for mail in mailbox.to(f"{name}@bakery.example"))

    return subjects


@pytest.fixture
def allowed(pushing, push_service):
    """Allow notices in the browser of a sign-in. Where what the browser gives is taken, they go to this machine."""

    def allow(member, sign_in, **changes):
        with pushing.sessions.begin() as session:
            given = push_service.subscription(**{"endpoint": GOOGLE} | changes)
            device = add_device(session, pushing, member, sign_in, given)
            device.url = push_service.url
        return device

    return allow


def test_a_missed_call_is_pushed_encrypted_and_signed(pushing, happens, line, device, push_service):
    happens(TeamEvent.MISSED_CALL)
    deliver_to_channel(pushing, channel_id=device.id)
    assert push_service.wrong == []
    [message], [headers] = push_service.notices, push_service.headers
    notice = message["notification"]
    assert message["web_push"] == 8030, "Safari shows it by itself"
    assert notice["navigate"] == f"http://localhost:8000/inbox/7?workspace={line.workspace_id}"
    assert re.fullmatch(r"notice-\d+", notice["tag"])
    assert (headers["Topic"], headers["TTL"], headers["Urgency"]) == (notice["tag"], "86400", "high")
    with pushing.sessions() as session:
        assert session.get(TeamChannel, device.id).worked_at


def test_a_locked_screen_shows_who_and_what_only_if_that_was_chosen(pushing, happens, alice, device, push_service):
    for reference, shown in ("message:1", False), ("message:2", True):
        with pushing.sessions.begin() as session:
            show_words(session, alice, device.id, shown=shown)
        happens(TeamEvent.TEXT, reference, words="I am ill")
        deliver_to_channel(pushing, channel_id=device.id)
    said = [(one["notification"]["title"], one["notification"]["body"]) for one in push_service.notices]
    assert said == [("New text", "Main line"), ("Text from (415) 555-0123", "I am ill")]


@pytest.mark.parametrize("language", ["sv", "es", "fr"])
def test_a_device_is_notified_in_its_persons_language(
    pushing, allowed, happens, joins, signs_in, push_service, language
):
    said = {"sv": "Missat samtal", "es": "Llamada perdida", "fr": "Appel manqué"}[language]
    member = joins("bob", language=Language(language))
    device = allowed(member, signs_in(member)[0])
    happens(TeamEvent.MISSED_CALL)
    deliver_to_channel(pushing, channel_id=device.id)
    notice = push_service.notices[0]["notification"]
    assert (notice["title"], notice["lang"]) == (said, language)


def test_a_new_device_gets_all_but_the_digest_and_one_allowed_again_keeps_its_choices(
    pushing, allowed, alice, line, signs_in
):
    here, _ = signs_in(alice)
    device = allowed(alice, here)
    with pushing.sessions.begin() as session:
        chosen = choices_of(session, alice, line)
        assert {event for event in CHOSEN if str(device.id) in chosen[event]} == set(CHOSEN) - {TeamEvent.DIGEST}
        choose(session, alice, line, {TeamEvent.VOICEMAIL: [str(device.id)]})
    again = allowed(alice, here, endpoint=f"{GOOGLE}/again")
    assert (again.id, again.name) == (device.id, "Chrome on Android")
    with pushing.sessions() as session:
        assert choices_of(session, alice, line)[TeamEvent.MISSED_CALL] == []


@pytest.mark.parametrize("answer", [404, 410])
def test_a_device_that_wants_no_more_is_forgotten_and_its_member_is_mailed_what_waited(
    pushing, happens, alice, chosen, push_service, mailed, answer
):
    push_service.answer = answer
    happens(TeamEvent.MISSED_CALL)
    happens(TeamEvent.MISSED_CALL, reference="call:2")
    happens(TeamEvent.VOICEMAIL)
    deliver_to_channel(pushing, channel_id=chosen.id)
    with pushing.sessions() as session:
        assert channels_of(session, alice) == []
    assert mailed("alice") == [
        "Chrome on Android no longer accepts your notifications",
        "Missed call from (415) 555-0123",
        "Missed call from (415) 555-0123",
        "Voicemail from (415) 555-0123",
    ]


def test_a_test_of_a_device_that_wants_no_more_is_not_mailed(pushing, alice, device, push_service, mailed):
    push_service.answer = 410
    with pushing.sessions.begin() as session:
        send_trial(session, alice, device.id)
    deliver_to_channel(pushing, channel_id=device.id)
    assert mailed("alice") == ["Chrome on Android no longer accepts your notifications"]


@pytest.mark.parametrize("answer", [307, 400, 429, 500])
def test_what_a_push_service_does_not_take_is_tried_again_and_no_redirect_followed(
    pushing, happens, device, push_service, answer
):
    push_service.answer, push_service.elsewhere = answer, f"{push_service.url}/elsewhere"
    happens(TeamEvent.MISSED_CALL)
    with pytest.raises(NotDelivered) as failure:
        deliver_to_channel(pushing, channel_id=device.id)
    assert "secret" not in repr(failure.value)
    with pushing.sessions() as session:
        assert session.get(TeamChannel, device.id).trouble == Trouble.NOT_PUSHED
    push_service.answer = 201
    deliver_to_channel(pushing, channel_id=device.id)
    assert push_service.asked == 2
    assert len({one["notification"]["tag"] for one in push_service.notices}) == 1, "one replaces the other"


def test_a_push_service_whose_name_leads_into_a_private_network_is_not_reached(pushing, happens, device, push_service):
    happens(TeamEvent.MISSED_CALL)
    outside = replace(pushing, settings=replace(pushing.settings, notices_into_private_networks=False))
    with pytest.raises(NotDelivered):
        deliver_to_channel(outside, channel_id=device.id)
    assert push_service.asked == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.example.com/x",
        "https://fcm.googleapis.com.example.com/x",
        "https://evilfcm.googleapis.com.example/x",
        "https://notfcm.googleapis.com/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://user@fcm.googleapis.com/x",
        "https://evil.example\\.fcm.googleapis.com/x",
        "https://evil.example\t.fcm.googleapis.com/x",
        "https://evil.example%2f.fcm.googleapis.com/x",
        "https://[::1].fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:x/x",
        "https://fcm.googleapis.com/x y",
        "https://127.0.0.1/x",
        "file:///etc/passwd",
        "x",
    ],
)
def test_a_push_service_that_no_browser_uses_is_refused(allowed, alice, signs_in, endpoint):
    with pytest.raises(Conflict):
        allowed(alice, signs_in(alice)[0], endpoint=endpoint)


@pytest.mark.parametrize(
    "host",
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2-by3p.notify.windows.com"],
)
def test_those_of_the_browsers_are_taken(allowed, alice, signs_in, host):
    assert allowed(alice, signs_in(alice)[0], endpoint=f"https://{host}/x").id


@pytest.mark.parametrize("keys", [{"p256dh": "x"}, {"p256dh": "A" * 87}, {"auth": "short"}, {"auth": "å"}])
def test_keys_that_are_none_are_refused(allowed, alice, signs_in, keys):
    with pytest.raises(Invalid):
        allowed(alice, signs_in(alice)[0], **keys)


def test_signing_out_forgets_the_device_and_only_it(pushing, allowed, happens, alice, signs_in, push_service):
    (here, token), (there, _) = signs_in(alice), signs_in(alice, "Firefox on Linux")
    device, other = (allowed(alice, one) for one in (here, there))
    happens(TeamEvent.MISSED_CALL)
    with pushing.sessions.begin() as session:
        sign_ins.end(session, token)
    deliver_to_channel(pushing, channel_id=device.id)
    assert push_service.asked == 0
    with pushing.sessions() as session:
        assert [channel.id for channel in channels_of(session, alice)] == [other.id]


def test_a_member_who_leaves_the_team_leaves_no_device(pushing, allowed, joins, signs_in):
    bob = joins("bob")
    allowed(bob, signs_in(bob)[0])
    with pushing.sessions.begin() as session:
        session.delete(session.get(Member, bob.id))
    with pushing.sessions() as session:
        assert session.scalars(select(TeamChannel)).all() == []


def test_devices_count_among_a_members_channels(pushing, allowed, alice, signs_in):
    with pushing.sessions.begin() as session:
        for _ in range(MOST_CHANNELS):
            add_channel(session, pushing, alice, "json://8.8.8.8/hook")
    with pytest.raises(Conflict):
        allowed(alice, signs_in(alice)[0])


@pytest.mark.parametrize("key", ["", new_key()], ids=["none", "another"])
def test_a_device_that_allowed_another_key_is_turned_off(pushing, happens, work, mailbox, device, push_service, key):
    happens(TeamEvent.MISSED_CALL)
    lost = replace(pushing, settings=replace(pushing.settings, vapid_key=key))
    deliver_to_channel(lost, channel_id=device.id)
    assert push_service.asked == 0
    with pushing.sessions() as session:
        assert session.get(TeamChannel, device.id).trouble == Trouble.KEY_CHANGED
    work()
    assert "Chrome on Android no longer accepts your notifications" in {mail.subject for mail in mailbox.mails}


def test_the_keys_of_a_device_are_sealed(pushing, device, push_service):
    with pushing.sessions() as session:
        kept = session.connection().exec_driver_sql("SELECT url, push_keys FROM team_channels").one()
    words = (push_service.url, push_service.subscription().auth)
    assert not any(word.encode() in bytes(column) for word in words for column in kept)
    assert "secret-of-alice" not in repr(push_service.subscription())


def test_news_about_a_transfer_goes_to_members_who_chose_it_once_and_in_their_language(
    pushing, line, device, joins, push_service, work, mailbox
):
    bob, _ = joins("bob", language=Language.SWEDISH), joins("carl")
    with pushing.sessions.begin() as session:
        choose(session, bob, line, {TeamEvent.TRANSFER: [EMAIL]})
        session.get(TeamChannel, device.id).shows_words = True
        project = a_draft(session, session.get_one(Line, line.id), "+14155550156")
        page, project_id = f"/ports/{project.public_id}", project.id
    for _ in range(2):
        with pushing.sessions.begin() as session:
            project = session.get_one(PortProject, project_id)
            notice = DateSet(date=date(2026, 12, 7), date_version=1)
            notify_project(session, pushing, project, notice, "1", project.numbers)
    with pushing.sessions() as session:
        assert len(session.scalars(select(TeamNotice)).all()) == 2
    deliver_to_channel(pushing, channel_id=device.id)
    notice = push_service.notices[0]["notification"]
    assert re.search("555.0156 moves Monday, December 7", notice["title"])
    assert notice["navigate"] == f"http://localhost:8000{page}?workspace={line.workspace_id}"
    work()
    [mail] = mailbox.to("bob@bakery.example")
    assert re.search("555.0156: flytten sker .* 7 december", mail.subject)


@pytest.fixture
def ringing(pushing, alice, line):
    """Phones ring for a caller."""
    with pushing.sessions.begin() as session:
        numbers = {"caller": "+14155550123", "called": "+14155550156", "shown": "+14155550156"}
        until = now() + timedelta(seconds=25)
        at = {"line_id": line.id, "carrier": "twilio", "call_reference": "CA1", "deadline_at": until}
        session.add(ringing := Ringing(**at, **numbers))
    return ringing


@pytest.fixture
def rings_no_more(pushing, ringing):
    """Have somebody take the call."""

    def rings_no_more():
        with pushing.sessions.begin() as session:
            of_call = session.get_one(Ringing, ringing.id)
            of_call.state = RingingState.TAKEN
            take_back(session, of_call)

    return rings_no_more


def test_a_call_is_pushed_while_it_rings_and_taken_back_without_a_sound(
    pushing, ringing, rings_no_more, alice, device, push_service
):
    with pushing.sessions.begin() as session:
        show_words(session, alice, device.id, shown=True)
    wake_team(pushing, ringing_id=ringing.id)
    deliver_to_channel(pushing, channel_id=device.id)
    for _ in range(2):
        rings_no_more()
        deliver_to_channel(pushing, channel_id=device.id)
    calls, over = (one["notification"] for one in push_service.notices)
    assert (calls["title"], over["title"]) == ("(415) 555-0123 is calling", "(415) 555-0123 is no longer calling")
    assert calls["navigate"].startswith("http://localhost:8000/phone/woken?workspace=")
    assert (calls.get("silent"), over["silent"], calls["tag"] == over["tag"]) == (None, True, True)
    first, second = push_service.headers
    assert 0 < int(first["TTL"]) <= 25, "the push service keeps it no longer than phones ring"
    assert first["Topic"] == second["Topic"], "the second replaces a first that was not fetched yet"


def test_a_call_that_is_over_before_it_could_be_pushed_is_not(pushing, ringing, rings_no_more, device, push_service):
    wake_team(pushing, ringing_id=ringing.id)
    rings_no_more()
    deliver_to_channel(pushing, channel_id=device.id)
    assert push_service.asked == 0
    with pushing.sessions() as session:
        assert session.scalars(select(TeamNotice)).all() == []


@pytest.mark.parametrize("reason", ["awake", "off duty", "taken", "late"])
def test_who_is_awake_or_off_duty_is_not_notified_of_a_call_and_nobody_of_one_that_is_over(
    pushing, ringing, alice, device, push_service, clock, reason
):
    with pushing.sessions.begin() as session:
        if reason == "awake":
            session.add(BrowserPhone(member_id=alice.id, seen_at=now() - timedelta(seconds=60)))
        elif reason == "off duty":
            session.get_one(Member, alice.id).on_duty = False
        elif reason == "taken":
            session.get_one(Ringing, ringing.id).state = RingingState.TAKEN
    wake_team(pushing, ringing_id=ringing.id)
    if reason == "late":
        clock.jump(timedelta(seconds=26))
    deliver_to_channel(pushing, channel_id=device.id)
    assert push_service.asked == 0


def test_a_call_goes_to_devices_alone(pushing, ringing, alice, line, device):
    with pushing.sessions.begin() as session:
        choose(session, alice, line, {TeamEvent.CALL: [EMAIL, str(device.id)]})
        assert choices_of(session, alice, line)[TeamEvent.CALL] == [str(device.id)]
    wake_team(pushing, ringing_id=ringing.id)
    with pushing.sessions() as session:
        assert session.scalars(select(TeamNotice.channel_id)).all() == [device.id]


def test_a_device_that_is_gone_has_no_call_mailed(pushing, ringing, device, push_service, mailed):
    push_service.answer = 410
    wake_team(pushing, ringing_id=ringing.id)
    deliver_to_channel(pushing, channel_id=device.id)
    assert mailed("alice") == ["Chrome on Android no longer accepts your notifications"]

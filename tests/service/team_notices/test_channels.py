"""Notices to the members on a line: who gets them, over which channel, and how they are delivered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.accounts.access import grant
from service.accounts.models import Member
from service.errors import Conflict, Invalid, NotFound
from service.language import Language
from service.names import isolated
from service.notifications.mailers import mailer_for
from service.team_notices.channels import MOST_CHANNELS, add_channel, choose, remove_channel, send_trial
from service.team_notices.delivery import NotDelivered, deliver_by_mail, deliver_to_channel
from service.team_notices.handing_over import Trouble
from service.team_notices.models import EMAIL, TeamChannel, TeamEvent, TeamNotice
from service.time import now


@pytest.fixture
def at_home(services):
    """An installation whose customers may have their hooks in private networks."""
    return replace(services, settings=replace(services.settings, notices_into_private_networks=True))


@pytest.fixture
def channel_to(services, at_home):
    """A channel of a member, chosen for missed calls instead of mail."""

    def make(member, line, url):
        with services.sessions.begin() as session:
            channel = add_channel(session, at_home, member, url)
            choose(session, member, line, {TeamEvent.MISSED_CALL: [str(channel.id)]})
        return channel

    return make


def notices(services):
    with services.sessions.begin() as session:
        return list(session.scalars(select(TeamNotice).order_by(TeamNotice.id)))


def test_a_missed_call_is_mailed_to_everybody_on_the_line(work, happens, alice, joins, mailbox):
    joins("bob")
    happens(TeamEvent.MISSED_CALL)
    work()
    [letter], [bobs] = mailbox.to("alice@bakery.example"), mailbox.to("bob@bakery.example")
    assert letter.subject == bobs.subject == "Missed call from (415) 555-0123"
    assert "called Main line on" in letter.text
    assert "Pacific" in letter.text
    assert f"http://localhost:8000/inbox/7?workspace={alice.workspace_id}" in letter.text
    assert letter.text.splitlines()[0] in letter.html


def test_a_member_is_notified_in_their_language(work, happens, joins, mailbox):
    joins("bob", language=Language.SWEDISH)
    happens(TeamEvent.VOICEMAIL, words="Ring mig")
    work()
    [letter] = mailbox.mails
    assert letter.subject == "Röstmeddelande från (415) 555-0123"
    assert "> Ring mig" in letter.text


def test_what_a_stranger_writes_is_no_markup_in_a_letter(work, happens, alice, mailbox):
    happens(TeamEvent.TEXT, words="<img src=x>\nHello {line}")
    work()
    [letter] = mailbox.mails
    assert "&lt;img src=x&gt;<br>Hello {line}" in letter.html


def test_the_same_event_is_notified_once(services, happens, alice):
    for _ in range(2):
        happens(TeamEvent.MISSED_CALL)
    assert len(notices(services)) == 1
    happens(TeamEvent.MISSED_CALL, reference="call:2")
    assert len(notices(services)) == 2


def test_a_repeated_job_sends_nothing_twice(services, work, happens, alice, mailbox):
    happens(TeamEvent.MISSED_CALL)
    work()
    deliver_by_mail(services, member_id=alice.id)
    assert len(mailbox.mails) == 1


def test_a_text_notifies_members_who_are_away(services, happens, alice, joins, clock):
    bob, carl = joins("bob"), joins("carl")
    with services.sessions.begin() as session:
        session.get(Member, alice.id).seen_at = now() - timedelta(minutes=1)
        session.get(Member, bob.id).seen_at = now() - timedelta(minutes=6)
        session.get(Member, carl.id).seen_at = now()
        session.get(Member, carl.id).on_duty = False
    happens(TeamEvent.TEXT)
    assert {notice.member_id for notice in notices(services)} == {bob.id, carl.id}


def test_a_mention_notifies_the_member_mentioned(services, happens, alice, joins):
    bob = joins("bob")
    happens(TeamEvent.MENTION, only=[bob.user_id])
    assert [notice.member_id for notice in notices(services)] == [bob.id]


def test_a_member_who_does_not_see_the_line_gets_no_notice(services, happens, alice, joins):
    bob = joins("bob")
    with services.sessions.begin() as session:
        grant(session, bob, [])
    happens(TeamEvent.MISSED_CALL)
    assert [notice.member_id for notice in notices(services)] == [alice.id]


def test_a_member_taken_off_the_line_meanwhile_gets_no_notice(services, work, happens, joins, mailbox):
    bob = joins("bob")
    happens(TeamEvent.MISSED_CALL)
    with services.sessions.begin() as session:
        grant(session, bob, [])
    work()
    assert mailbox.mails == []


def test_a_notice_about_a_line_that_was_removed_meanwhile_arrives(services, work, happens, alice, line, mailbox):
    happens(TeamEvent.MISSED_CALL)
    with services.sessions.begin() as session:
        session.merge(line).removed_at = now()
    work()
    assert [mail.to for mail in mailbox.mails] == [alice.user.email]


def test_an_event_that_was_not_chosen_sends_no_notice(services, happens, alice, line):
    with services.sessions.begin() as session:
        choose(session, alice, line, {TeamEvent.VOICEMAIL: [EMAIL]})
    happens(TeamEvent.MISSED_CALL)
    assert notices(services) == []
    happens(TeamEvent.VOICEMAIL)
    assert [notice.event for notice in notices(services)] == [TeamEvent.VOICEMAIL]


def test_a_hook_is_given_title_text_and_link(services, at_home, happens, alice, line, channel_to, hook):
    channel = channel_to(alice, line, hook.url)
    happens(TeamEvent.MISSED_CALL)
    [notice] = notices(services)
    assert notice.channel_id == channel.id
    deliver_to_channel(at_home, channel_id=channel.id)
    [taken] = hook.taken
    assert taken["title"] == "Missed call from (415) 555-0123"
    assert "Call or text back: http://localhost:8000/inbox/7" in taken["message"]
    with services.sessions.begin() as session:
        assert session.get(TeamChannel, channel.id).worked_at == now()


def test_a_hook_that_does_not_answer_well_is_tried_again(services, at_home, happens, alice, line, channel_to, hook):
    channel = channel_to(alice, line, hook.url)
    happens(TeamEvent.MISSED_CALL)
    hook.answer = 503
    with pytest.raises(NotDelivered) as failure:
        deliver_to_channel(at_home, channel_id=channel.id)
    assert "secret" not in repr(failure.value)
    with services.sessions.begin() as session:
        assert session.get(TeamChannel, channel.id).trouble == Trouble.NOT_REACHED
    hook.answer = 200
    deliver_to_channel(at_home, channel_id=channel.id)
    with services.sessions.begin() as session:
        assert session.get(TeamChannel, channel.id).trouble == ""


def test_a_hook_in_a_private_network_is_not_reached(services, happens, alice, line, channel_to, hook):
    channel = channel_to(alice, line, hook.url)
    happens(TeamEvent.MISSED_CALL)
    deliver_to_channel(services, channel_id=channel.id)
    assert hook.taken == []
    with services.sessions.begin() as session:
        assert session.get(TeamChannel, channel.id).trouble == Trouble.PRIVATE


@pytest.mark.parametrize("name", ["localhost", "0x7f000001"])
def test_nor_by_a_name_that_leads_there(services, happens, alice, line, channel_to, hook, name):
    channel = channel_to(alice, line, hook.url.replace("127.0.0.1", name))
    happens(TeamEvent.MISSED_CALL)
    deliver_to_channel(services, channel_id=channel.id)
    assert hook.taken == []


def test_mail_really_leaves(services, port, mail_server, happens, alice):
    happens(TeamEvent.MISSED_CALL)
    posted = replace(services, mailer=mailer_for(f"smtp://127.0.0.1:{port}", "Portline <hello@portline.example>"))
    deliver_by_mail(posted, member_id=alice.id)
    [message] = mail_server.taken
    assert message["To"] == "alice@bakery.example"
    assert message["Subject"] == "Missed call from (415) 555-0123"


def test_mail_that_does_not_leave_is_tried_again(services, happens, alice):
    happens(TeamEvent.MISSED_CALL)
    lost = replace(services, mailer=mailer_for("smtp://127.0.0.1:1", "Portline <hello@portline.example>"))
    with pytest.raises(OSError, match="ConnectionRefusedError"):
        deliver_by_mail(lost, member_id=alice.id)
    assert notices(services)[0].sent_at is None


def test_a_trial_arrives(services, work, alice, mailbox):
    with services.sessions.begin() as session:
        send_trial(session, alice, None)
    work()
    assert mailbox.mails[0].subject == "This is how Portline reaches you"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("what is this", "We do not know this kind of address"),
        ("https://example.com/hook", "We do not know this kind of address"),
        ("syslog://", "We do not know this kind of address"),
        ("json://127.0.0.1:8080/", "private network"),
        ("json://[::1]/", "private network"),
        ("jsons://10.0.0.7/", "private network"),
        ("xml://localhost/", "private network"),
        ("slack://TokenA/TokenB/TokenC/?template=/etc/passwd", "We do not know this kind of address"),
        ("discord://12345678/abcdefgh?Template=notes.json", "We do not know this kind of address"),
        ("fcm://project/device?keyfile=key.json", "We do not know this kind of address"),
        ("vapid://a@example.com/b@example.com?subfile=subscriptions", "We do not know this kind of address"),
        ("mailto://user:pass@example.com?pgppub=keys.asc", "We do not know this kind of address"),
        ("json://8.8.8.8/?anything=file:///etc/passwd", "We do not know this kind of address"),
        ("json://8.8.8.8/?anything=../secrets", "We do not know this kind of address"),
        ("json://169.254.169.254/latest/meta-data", "private network"),
        ("json://[::ffff:10.0.0.7]/", "private network"),
    ],
)
def test_a_url_that_cannot_serve_is_refused(session, services, alice, url, said):
    with pytest.raises(Invalid) as refusal:
        add_channel(session, services, alice, url)
    assert said in refusal.value.fields["url"][0]


def test_a_url_is_sealed_and_shown_by_its_service_and_ending(services, alice):
    url = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    with services.sessions.begin() as session:
        channel = add_channel(session, services, alice, url)
        assert (channel.name, channel.ending) == ("Slack", "i7FQ")
        kept = session.connection().exec_driver_sql("SELECT url FROM team_channels").scalar()
    assert b"slack" not in bytes(kept)
    assert "hooks" not in repr(channel)


def test_a_member_has_a_limited_number_of_channels(session, services, alice):
    for _ in range(MOST_CHANNELS):
        add_channel(session, services, alice, "json://8.8.8.8/hook")
    with pytest.raises(Conflict):
        add_channel(session, services, alice, "json://8.8.8.8/hook")


def test_another_members_channel_is_not_found(session, services, alice, joins):
    channel = add_channel(session, services, alice, "json://8.8.8.8/hook")
    bob = joins("bob")
    with pytest.raises(NotFound):
        remove_channel(session, bob, channel.id)
    with pytest.raises(NotFound):
        send_trial(session, bob, channel.id)


def test_a_removed_channel_gets_no_more_notices(services, happens, alice, line, channel_to):
    channel = channel_to(alice, line, "json://8.8.8.8/hook")
    with services.sessions.begin() as session:
        remove_channel(session, alice, channel.id)
    happens(TeamEvent.MISSED_CALL)
    assert notices(services) == []


def test_a_name_that_runs_leftwards_turns_no_sentence_around_it():
    assert isolated("\u05d0\u05dc\u05d9\u05e1") == "\u2068\u05d0\u05dc\u05d9\u05e1\u2069"
    assert isolated("\u202eAlice") == "\u2068\u202eAlice\u2069"
    assert isolated("Alice") == "Alice"

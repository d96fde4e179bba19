"""Choosing what to be notified of and over which channels, whose addresses are never shown again."""

import pytest
from sqlalchemy import select

from service.team_notices.models import CHOSEN, TeamChannel
from service.web.team.notices import EVENTS, TROUBLES

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def choosing(alice):
    alice.get("notices.show")
    return alice


def ticked(page):
    return {box["name"] for box in page.select("[type=checkbox][checked]")}


def test_everything_but_the_digest_is_told_by_mail_to_begin_with(choosing, line):
    assert ticked(choosing.page) == {f"{line.id}-{event}" for event in ("missed_call", "voicemail", "text", "mention")}


def test_other_choices_are_kept(choosing, line):
    name = f"{line.id}-digest"
    token = choosing.page.select_one("main [name=csrf_token]")["value"]
    choosing.client.post(choosing.address("notices.change"), data={"csrf_token": token, name: "email"})
    assert ticked(choosing.get("notices.show")) == {name}


def test_a_slack_hook_is_added_chosen_and_never_shown(choosing, services):
    page = choosing.submit(url=SLACK)
    assert page.says("Slack is added.")
    assert page.says("ending in …i7FQ")
    assert "hooks.slack.com/services/T1" not in str(page)
    with services.sessions.begin() as session:
        assert session.scalars(select(TeamChannel)).one().url == SLACK
    assert choosing.submit(button="Take away Slack i7FQ").says("None yet. You get email only.")


@pytest.mark.parametrize("url", ["", "nonsense", "json://10.0.0.1/hook", "x" * 501])
def test_what_is_wrong_with_an_address_is_said_beside_it(choosing, url):
    page = choosing.submit(url=url, status=422)
    assert set(page.wrong()) == {"url"}
    assert page.kept("url") == ""


def test_one_is_sent_on_trial(choosing, work, mailbox):
    assert choosing.submit(button="Send a test").says("A test is on its way.")
    work()
    assert mailbox.mails[-1].subject == "This is how Portline reaches you"


def test_somebody_elses_channels_are_not_there(choosing, bob, services):
    choosing.submit(url=SLACK)
    page = bob.get("notices.show")
    assert not page.says("Slack ending")
    token = page.select_one("main [name=csrf_token]")["value"]
    with services.sessions.begin() as session:
        channel = session.scalars(select(TeamChannel)).one()
    for endpoint, values, data in [
        ("notices.remove", {"channel_id": channel.id}, {}),
        ("notices.turn_on", {"channel_id": channel.id}, {}),
        ("notices.trial", {}, {"channel": channel.id}),
    ]:
        answer = bob.client.post(bob.address(endpoint, **values), data={"csrf_token": token} | data)
        assert answer.status_code == 404


def test_every_event_and_trouble_has_its_words():
    from service.team_notices.handing_over import Trouble

    assert tuple(EVENTS) == CHOSEN
    assert set(TROUBLES) == set(Trouble) - {Trouble.GONE}, "a channel that is gone is not shown"

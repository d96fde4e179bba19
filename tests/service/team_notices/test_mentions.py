"""A customer's words mention no member of a team's chat: the request bodies for each service."""

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from sqlalchemy import select

from service.team_notices.channels import add_channel, choose
from service.team_notices.delivery import deliver
from service.team_notices.mentions import without_mentions
from service.team_notices.models import TeamEvent, TeamNotice

CALLS = (
    "@everyone",
    "@here look",
    "hey @channel!",
    "@all",
    "a@everyone",
    "@alice",
    "(@bob)",
    "<!channel>",
    "<!here|here>",
    "<!subteam^S123>",
    "<@U123ABC>",
    "<@&99887766>",
    "<@!12345>",
    "<#C123>",
    "<at>Alice</at>",
    "[your bank](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[bank][1]",
    "<https://evil.example|your bank>",
    "<a href='tg://user?id=1'>Bob</a>",
    "\u202e@everyone",
    "*@everyone*",
    "@\uff45veryone @EVERYONE",
)
# the mentions that the services recognize
COMMAND = re.compile(
    r"@(?:everyone|here|channel|all)|(?<![\w.])@\w|<[!@#]|<at>|\]\(|\]\[|<https?:[^>]*\||<a href='tg:", re.IGNORECASE
)
TOKEN = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop"


@pytest.mark.parametrize("words", CALLS)
def test_what_calls_somebody_calls_nobody_and_reads_the_same(words):
    assert COMMAND.search(words)
    plain = without_mentions(words)
    assert not COMMAND.search(plain)
    assert plain.replace("\u200b", "") == words


@pytest.mark.parametrize(
    "words", ["Write to alice@bakery.example", "2 < 3 and 5 > 4", "a[1] (see)", "I <3 it", "at 5 @ noon"]
)
def test_what_calls_nobody_stays_as_it_was_written(words):
    assert without_mentions(words) == words


@pytest.fixture
def services_at(hook, monkeypatch):
    """Addresses of the chats, which lead to a receiver of ours."""
    receiver = f"http://{urlsplit(hook.url).netloc}"
    for plugin, name in ((NotifyDiscord, "notify_url"), (NotifySlack, "webhook_url"), (NotifyTelegram, "notify_url")):
        monkeypatch.setattr(plugin, name, f"{receiver}/bot")
    host = urlsplit(hook.url).netloc
    return {
        "discord": f"discord://123456789012345678/{TOKEN}",
        "discord in Markdown": f"discord://123456789012345678/{TOKEN}?format=markdown",
        "mattermost": f"mmost://{host}/abcdefghijklmnopqrstuvwxyz",
        "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "telegram in Markdown": "tgram://123456789:abcdefg_hijklmnop/12315544/?format=markdown",
        "a hook of JSON": f"json://{host}/hook",
    }


@pytest.mark.parametrize(
    "chat",
    ["discord", "discord in Markdown", "mattermost", "slack", "telegram", "telegram in Markdown", "a hook of JSON"],
)
def test_no_chat_is_sent_a_call(services, happens, alice, line, hook, services_at, chat):
    services = replace(services, settings=replace(services.settings, notices_into_private_networks=True))
    with services.sessions.begin() as session:
        channel = add_channel(session, services, alice, services_at[chat])
        choose(session, alice, line, {TeamEvent.TEXT: [str(channel.id)]})
    happens(TeamEvent.TEXT, words="\n".join(CALLS)[:300])
    with services.sessions() as session:
        notice_id = session.scalars(select(TeamNotice.id)).one()
    deliver(services, notice_id=notice_id)
    [body] = hook.bodies
    for sent in strings_in(json.loads(body)):
        assert not COMMAND.search(sent), sent
    assert "everyone" in body


def strings_in(found):
    """Every text in a body, keys aside."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return [text for one in found for text in strings_in(one)]
    return [found] if isinstance(found, str) else []

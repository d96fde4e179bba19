"""A customer's words mention no member of a team's chat: the request bodies for each service."""

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from apprise.plugins.webexteams import NotifyWebexTeams
from sqlalchemy import select

from service.team_notices.channels import add_channel, choose
from service.team_notices.delivery import handover_of
from service.team_notices.handing_over import reach
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
    "<AT>Bob</AT>",
    "<users/all>",
    "<@all>",
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
    r"@(?:everyone|here|channel|all)|(?<![\w.])@\w|<[!@#]|<at>|<users/|\]\(|\]\[|<https?:[^>]*\||<a href='tg:",
    re.IGNORECASE,
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
    chats = (NotifyDiscord, NotifyTelegram, NotifyWebexTeams)
    for plugin, name in (*((chat, "notify_url") for chat in chats), (NotifySlack, "webhook_url")):
        monkeypatch.setattr(plugin, name, f"{receiver}/bot")
    host = urlsplit(hook.url).netloc
    return {
        "discord": f"discord://123456789012345678/{TOKEN}",
        "discord in Markdown": f"discord://123456789012345678/{TOKEN}?format=markdown",
        "mattermost": f"mmost://{host}/abcdefghijklmnopqrstuvwxyz",
        "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "telegram in Markdown": "tgram://123456789:abcdefg_hijklmnop/12315544/?format=markdown",
        "webex": f"wxteams://{TOKEN}{TOKEN}"[:90],
        "a hook of JSON": f"json://{host}/hook",
    }


CHATS = (
    "discord",
    "discord in Markdown",
    "mattermost",
    "slack",
    "telegram",
    "telegram in Markdown",
    "webex",
    "a hook of JSON",
)


@pytest.mark.parametrize("chat", CHATS)
def test_no_chat_is_sent_a_call(services, happens, alice, line, hook, services_at, chat):
    body = sent_to(services_at[chat], services, happens, alice, line, hook)
    assert "everyone" in body


def test_teams_is_sent_no_call_and_nobody_to_be_called(services, happens, alice, line, secure_hook):
    """Teams rings those whom a card's `entities` name, which the library fills from `<at>` in the words."""
    teams = f"workflow://{urlsplit(secure_hook.url).netloc}/643e69f83c8944/iXvfKwHvQ8kl/"
    card = json.loads(sent_to(teams, services, happens, alice, line, secure_hook))["attachments"][0]["content"]
    assert card["msteams"] == {"width": "full"}
    assert any("everyone" in block.get("text", "") for block in card["body"])


def sent_to(address, services, happens, alice, line, hook):
    """The bytes that a chat gets of a text full of calls, none of which is left in them."""
    services = replace(services, settings=replace(services.settings, notices_into_private_networks=True))
    with services.sessions.begin() as session:
        channel = add_channel(session, services, alice, address)
        choose(session, alice, line, {TeamEvent.TEXT: [str(channel.id)]})
    for half in CALLS[::2], CALLS[1::2]:
        happens(TeamEvent.TEXT, words="\n".join(half), reference=f"call:{half[0]}")
    with services.sessions() as session:
        for notice in session.scalars(select(TeamNotice).order_by(TeamNotice.id)):
            assert reach(handover_of(services, notice, channel)) == ""
    assert len(hook.bodies) == 2
    for sent in strings_in([json.loads(body) for body in hook.bodies]):
        assert not COMMAND.search(sent), sent
    return hook.bodies[0]


def strings_in(found):
    """Every text in a body, keys aside."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return [text for one in found for text in strings_in(one)]
    return [found] if isinstance(found, str) else []

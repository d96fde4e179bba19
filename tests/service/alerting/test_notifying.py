"""Operators are told of alerts by e-mail and by web hook: once for one cause, and again if it goes on."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from service.alerting.notifying import GATHERED, is_reachable, notify_operators
from service.alerts import Alert, AlertKind, Severity, alert, severity_of
from service.time import now
from tests.service.team_notices.conftest import Hook, listening

RUNBOOK = "https://example.com/operating.md"


@pytest.fixture
def hook():
    with listening(Hook()) as hook:
        yield hook


@pytest.fixture
def tell(services):
    """Tell these addresses now."""

    def tell(*addresses, private=True):
        settings = replace(
            services.settings, alerts_to=addresses, runbook_url=RUNBOOK, notices_into_private_networks=private
        )
        notify_operators(replace(services, settings=settings))

    return tell


@pytest.fixture
def raised(services):
    def raised(kind, *abouts, **details):
        with services.sessions.begin() as session:
            for about in abouts:
                alert(session, kind, about, **details)

    return raised


def test_an_operator_reads_what_it_is_how_severe_and_where_it_says_what_to_do(tell, raised, mailbox, services):
    raised(AlertKind.LANE_STUCK, "lane:carrier", minutes=7)
    tell("night@portline.example")
    [mail] = mailbox.mails
    assert (mail.to, mail.subject) == ("night@portline.example", "[critical] Lane stuck")
    assert "lane:carrier  minutes: 7" in mail.text
    assert f"{RUNBOOK}#lane_stuck" in mail.text
    assert f"{services.settings.public_base_url}/desk/" in mail.text


def test_one_cause_is_one_message_however_many_it_concerns(tell, raised, mailbox):
    raised(AlertKind.PORT_SILENT, *(f"port_number:{key}" for key in range(12)))
    tell("night@portline.example")
    [mail] = mailbox.mails
    assert mail.subject == "[warning] Port silent (12)"
    assert mail.text.count("port_number:") == 10
    assert "and 2 more" in mail.text


def test_what_comes_of_a_kind_soon_after_its_message_is_gathered_for_the_next(tell, raised, mailbox, clock):
    raised(AlertKind.PORT_SILENT, "port_number:1")
    tell("night@portline.example")
    clock.jump(timedelta(minutes=1))
    raised(AlertKind.PORT_SILENT, "port_number:2", "port_number:3")
    raised(AlertKind.LANE_STUCK, "lane:carrier")
    tell("night@portline.example")
    clock.jump(GATHERED)
    tell("night@portline.example")
    tell("night@portline.example")
    told = [mail.subject for mail in mailbox.mails]
    assert told == ["[warning] Port silent", "[critical] Lane stuck", "[warning] Port silent (2)"]


def test_what_goes_on_is_told_again_and_what_was_seen_is_not(tell, raised, mailbox, clock, services):
    raised(AlertKind.CARRIER_SILENT, "twilio")
    raised(AlertKind.BOOKS_DIFFER, "twilio")
    with services.sessions.begin() as session:
        session.execute(update(Alert).where(Alert.kind == AlertKind.BOOKS_DIFFER).values(seen_at=now()))
    tell("night@portline.example")
    clock.jump(timedelta(hours=1))
    raised(AlertKind.CARRIER_SILENT, "twilio")
    tell("night@portline.example")
    assert [mail.subject for mail in mailbox.mails] == ["[critical] Carrier silent"] * 2


def test_a_web_hook_is_told_without_whole_numbers(tell, raised, hook):
    raised(AlertKind.HALF_PORT, "port_number:1", ticket="+14155550171 from AT&T")
    tell(hook.url)
    [body] = hook.taken
    assert body["title"] == "[critical] Half port"
    assert "+1…71 from AT&T" in body["message"]


def test_a_web_hook_in_a_private_network_is_not_reached(tell, raised, hook, caplog):
    raised(AlertKind.LANE_STUCK, "lane:carrier")
    tell(hook.url, private=False)
    assert hook.taken == []
    [record] = [record for record in caplog.records if record.msg == "operators not told"]
    assert (record.kind, record.trouble) == ("lane_stuck", "private")
    assert "secret-of-alice" not in caplog.text


def test_one_that_fails_holds_up_no_other_and_what_reached_nobody_is_tried_again(tell, raised, hook, mailbox):
    hook.answer = 500
    raised(AlertKind.LANE_STUCK, "lane:carrier")
    tell(hook.url)
    tell(hook.url, "night@portline.example")
    tell(hook.url, "night@portline.example")
    assert len(mailbox.mails) == 1
    assert len(hook.taken) == 2


def test_without_addresses_nothing_is_told_and_nothing_is_lost(tell, raised, mailbox):
    raised(AlertKind.LANE_STUCK, "lane:carrier")
    tell()
    tell("night@portline.example")
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("kind", AlertKind)
def test_the_line_that_a_message_links_to_is_there(kind):
    page = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()
    assert re.search(rf'^\| <a id="{kind}"></a>`{kind}` \|', page, re.MULTILINE)


def test_what_costs_calls_wakes_and_an_unknown_kind_does_not():
    assert severity_of(AlertKind.CLOCK_FAR_OFF) is Severity.CRITICAL
    assert severity_of(AlertKind.NEWCOMER_WAITS) is Severity.INFO
    assert severity_of("of_an_earlier_version") is Severity.WARNING


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("night@portline.example", True),
        ("jsons://hooks.portline.example/x", True),
        ("nonsense://x", False),
        ("night", False),
        ("@", False),
        ("dbus://", False),
        ("jsons://hooks.portline.example/?template=/etc/passwd", False),
    ],
)
def test_an_address_where_nothing_could_arrive_is_known_when_the_process_starts(address, known):
    assert is_reachable(address) is known

"""The tables as migrations make them are the tables as the models say."""

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from service.calls.document import read
from service.calls.nodes import MESSAGE, RING, Greeting, RingPhones, Voicemail
from service.calls.recordings import fetch_voicemail
from service.db import connect
from service.inbox.fetching import fetch_picture
from service.jobs import JOBS
from service.ledger.ledger import perform_notification

CONFIG = Path(__file__).parent.parent / "alembic.ini"
AS_IT_WAS = """
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        VALUES (1, 'Alice''s Bakery', 'en', 'America/New_York', '', '', now());
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        VALUES (1, 1, 'Main line', 'US', 'en', now());
    INSERT INTO call_plans (line_id, ring_seconds, in_turn, greeting) VALUES (1, 35, true, 'We bake.');
    INSERT INTO contacts (id, workspace_id, number, name, made_at) VALUES (1, 1, '+14155550123', '', now());
    INSERT INTO conversations (id, line_id, contact_id, last_at, unread) VALUES (1, 1, 1, now(), 3);
    INSERT INTO messages (id, conversation_id, direction, number, text, trouble, automatic, at)
        VALUES (1, 1, 'in', '+12125550100', 'Look', '', false, now());
    INSERT INTO pictures (id, message_id, source_url, media_type, content, fetched_at)
        VALUES (1, 1, 'https://carrier.example/1', 'image/png', 'x', now());
    INSERT INTO calls (id, conversation_id, number, reference, forwarded_from, outcome, seconds, at,
            voicemail_url, voicemail_reference, voicemail_seconds, voicemail_type, voicemail, transcript)
        VALUES (1, 1, '+12125550100', 'CA1', '', 'voicemail', 9, now(),
            'https://carrier.example/2', 'RE1', 9, '', 'x', '');
"""

TWO_SPELLINGS = """
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        VALUES (1, 'Alice''s Bakery', 'en', 'America/New_York', '', '', now());
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        VALUES (1, 1, 'Main line', 'US', 'en', now()), (2, 1, 'Shop', 'US', 'en', now());
    INSERT INTO contacts (id, workspace_id, number, name, notes, made_at) VALUES
        (1, 1, '+5215512345678', '', 'Wants rolls', now()), (2, 1, '+525512345678', 'Ana', 'Pays late', now()),
        (3, 1, '+5491123456789', 'Beto', '', now()), (4, 1, '+541123456789', '', '', now()),
        (5, 1, '+5215512345679', 'Carla', '', now()), (6, 1, '+14155550123', 'Dora', '', now());
    INSERT INTO conversations (id, line_id, contact_id, last_at, heard) VALUES
        (1, 1, 1, now() - interval '1 day', 1), (2, 1, 2, now(), 2), (3, 2, 2, now(), 1),
        (4, 1, 3, now(), 1), (5, 1, 4, now(), 1), (6, 1, 6, now(), 1);
    INSERT INTO messages (conversation_id, direction, number, text, trouble, automatic, at)
        SELECT id, 'in', '+12125550100', id::text, '', false, now() FROM conversations;
    INSERT INTO opt_outs (workspace_id, number, lifted, at) VALUES
        (1, '+5215512345678', false, now()), (1, '+525512345678', true, now() - interval '1 day'),
        (NULL, '+5491123456789', false, now());
    INSERT INTO call_plans (line_id, document) VALUES (1, '{"blocked": ["+5215512345679", "+14155550123"]}');
"""


@pytest.fixture
def empty(server):
    """URL of a database without any table."""
    name = f"migrated_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def config():
    return Config(CONFIG)


@pytest.fixture
def migrated(empty, config):
    """A connection to a database that was migrated from nothing."""
    engine = connect(empty)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        yield connection
    engine.dispose()


def test_migrations_are_numbered_one_after_the_other_and_have_one_head(config):
    scripts = ScriptDirectory.from_config(config)
    numbers = [script.revision for script in scripts.walk_revisions()][::-1]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert scripts.get_heads() == numbers[-1:]


def test_the_migrated_tables_are_what_the_models_say(migrated, config):
    command.check(config)


def test_the_queue_has_its_tables(migrated):
    assert {"procrastinate_jobs", "procrastinate_workers"} <= set(inspect(migrated).get_table_names())


@pytest.fixture
def before(empty, config):
    """A database at a revision, with rows; `before("0006", rows)` migrates it from there."""
    engine = connect(empty)
    with engine.connect() as connection:
        config.attributes["connection"] = connection

        def migrate(revision, rows):
            command.upgrade(config, revision)
            connection.execute(text(rows))
            connection.commit()
            command.upgrade(config, "head")
            return connection

        yield migrate
    engine.dispose()


@pytest.fixture
def of_0001(before):
    """A connection to a database as the first version left it: somebody has called and sent a picture."""
    return before("0001", AS_IT_WAS)


def test_a_call_plan_of_the_first_version_answers_as_before(of_0001):
    plan = read(of_0001.scalar(text("SELECT document::text FROM call_plans")))
    assert plan.nodes == {
        RING: RingPhones(then=MESSAGE, seconds=35, in_turn=True),
        MESSAGE: Voicemail(Greeting("We bake.")),
    }


def test_what_nobody_had_read_in_the_first_version_is_still_unread(of_0001):
    assert of_0001.scalar(text("SELECT heard FROM conversations")) == 3


def test_pictures_and_voicemails_of_the_first_version_are_fetched_again(of_0001):
    assert of_0001.scalar(text("SELECT fetched_at FROM pictures")) is None
    waiting = of_0001.execute(text("SELECT queue_name, task_name, args FROM procrastinate_jobs ORDER BY id")).all()
    assert [tuple(job) for job in waiting] == [
        (JOBS[fetch_picture.name].lane, fetch_picture.name, {"picture_id": 1}),
        (JOBS[fetch_voicemail.name].lane, fetch_voicemail.name, {"call_id": 1}),
    ]


WRITTEN_BY_THE_VERSION_BEFORE = """
    INSERT INTO effects (id, kind, subject_id, tag, progress, tries, reference, trouble)
        VALUES (7, 'send_text', 1, 'portline-7', 'ready', 0, '', '');
    INSERT INTO heard (id, reference, made_at) VALUES (1, 'SM1', now()) ON CONFLICT DO NOTHING;
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        VALUES ('notification', 'service.ledger.promises.perform_notification', '{"effect_id": 7}');
    SET LOCAL session_replication_role = replica;
    INSERT INTO ways (id, member_id, url, name, ending, made_at, trouble) VALUES (1, 1, 'x', 'Slack', '', now(), '');
    INSERT INTO notices (id, member_id, way_id, event, reference, facts, made_at)
        VALUES (1, 1, 1, 'text', 'message:1', '{}', now()) ON CONFLICT DO NOTHING;
    INSERT INTO notices (id, member_id, way_id, event, reference, facts, made_at)
        VALUES (2, 1, 1, 'text', 'message:1', '{}', now()) ON CONFLICT DO NOTHING;
    INSERT INTO missed (id, carrier, silence, reference, noticed_at) VALUES (1, 'twilio', 'text', 'SM1', now());
    UPDATE notices SET sent_at = now() WHERE way_id = 1;
"""


def test_what_the_version_before_writes_while_it_ends_stands_under_the_new_names(migrated):
    migrated.execute(text(WRITTEN_BY_THE_VERSION_BEFORE))
    assert migrated.scalar(text("SELECT tag FROM ledger_entries")) == "portline-7"
    assert migrated.scalar(text("SELECT reference FROM processed_texts")) == "SM1"
    job = migrated.execute(text("SELECT task_name, args FROM procrastinate_jobs")).one()
    assert tuple(job) == (perform_notification.name, {"entry_id": 7})
    assert migrated.scalar(text("SELECT name FROM team_channels")) == "Slack"
    notices = migrated.execute(text("SELECT id, channel_id, sent_at IS NOT NULL FROM team_notices")).all()
    assert [tuple(notice) for notice in notices] == [(1, 1, True)]
    assert migrated.scalar(text("SELECT reference FROM unannounced")) == "SM1"


# a port number and its move, without the project they belong to
IN_JSON = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO port_numbers (id, project_id, number, kind, verdict, needs_account_and_pin, carrier, network, state,
            seen, reasons, date_version)
        VALUES (1, 1, '+14155550111', 'mobile', 'yes', false, '', '', 'live', '{"status": "canceled"}', '[]', 0);
    INSERT INTO cutovers (id, port_number_id, made_at) VALUES (1, 1, now());
    INSERT INTO cutover_steps (id, port_number_id, name, tries, trouble, made_at, evidence)
        VALUES (1, 1, 'swap_roles', 0, '', now(), '{"retiring": ["+12125550100"]}'),
        (2, 1, 'prove_voice', 0, '', now(), '{"sender": "+14155550199", "trial": true, "astray_at": "2026-02-10T15:00Z",
            "networks": {"+14155550123": "T-Mobile"}}');
"""


def test_what_stood_in_json_is_found_in_its_columns(before):
    moved = before("0006", IN_JSON)
    assert moved.execute(text("SELECT caller, network FROM caller_networks")).all() == [("+14155550123", "T-Mobile")]
    assert moved.execute(text("SELECT sender, trial FROM cutover_steps WHERE name = 'prove_voice'")).all() == [
        ("+14155550199", True)
    ]
    cutover = moved.execute(text("SELECT replaced, astray_at IS NOT NULL FROM cutovers")).all()
    assert cutover == [("+12125550100", True)]
    assert moved.scalar(text("SELECT carrier_status FROM port_numbers")) == "canceled"


def rows(connection, query):
    return [tuple(row) for row in connection.execute(text(query))]


def test_the_two_contacts_of_one_phone_become_one_with_all_that_was_said(before):
    moved = before("0007", TWO_SPELLINGS)
    assert rows(moved, "SELECT id, number, name, notes FROM contacts ORDER BY id") == [
        (1, "+525512345678", "Ana", "Wants rolls\nPays late"),
        (3, "+5491123456789", "Beto", ""),
        (5, "+525512345679", "Carla", ""),
        (6, "+14155550123", "Dora", ""),
    ]
    assert rows(moved, "SELECT id, line_id, contact_id, heard FROM conversations ORDER BY id") == [
        (1, 1, 1, 3),
        (3, 2, 1, 1),
        (4, 1, 3, 2),
        (6, 1, 6, 1),
    ]
    assert rows(moved, "SELECT conversation_id, text FROM messages ORDER BY text") == [
        (1, "1"),
        (1, "2"),
        (3, "3"),
        (4, "4"),
        (4, "5"),
        (6, "6"),
    ]
    assert moved.scalar(text("SELECT last_at > now() - interval '1 hour' FROM conversations WHERE id = 1"))


def test_the_last_word_on_texts_and_blocked_callers_follow_the_one_spelling(before):
    moved = before("0007", TWO_SPELLINGS)
    assert rows(moved, "SELECT workspace_id, number, lifted FROM opt_outs ORDER BY workspace_id") == [
        (1, "+525512345678", False),
        (None, "+541123456789", False),
    ]
    assert moved.scalar(text("SELECT document->'blocked' FROM call_plans")) == ["+525512345679", "+14155550123"]

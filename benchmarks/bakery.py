"""A workspace with its owner, a line and a number, as rows: what benchmarks of the inbox begin with."""

from typing import Final

PEOPLE: Final = """
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        VALUES (1, 'Bakery', 'en', 'UTC', '', '', '2026-01-01');
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        VALUES (1, 1, 'Line', 'US', 'en', '2026-01-01');
    INSERT INTO users (id, email, name, language, active, fs_uniquifier, code_tries, made_at)
        VALUES (1, 'anna@bakery.example', 'Anna', 'en', true, 'anna', 0, '2026-01-01');
    INSERT INTO members (workspace_id, user_id, role) VALUES (1, 1, 'owner');
    INSERT INTO phone_numbers (line_id, number, area, role, standing, carrier, reference, made_at, held_at, texts_since)
        VALUES (1, '+14155550188', '', 'primary', 'held', 'twilio', 'PN1', '2026-01-01', '2026-01-01', '2026-01-01');
"""
"""SQL for an empty database whose tables are made."""


def shops(most: int) -> str:
    """The statements for workspaces from 2 to `most`, each with a line and an owner of the same id."""
    return f"""
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        SELECT n, 'Shop ' || n, 'en', 'UTC', '', '', '2026-01-01' FROM generate_series(2, {most}) n;
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        SELECT n, n, 'Line', 'US', 'en', '2026-01-01' FROM generate_series(2, {most}) n;
    INSERT INTO users (id, email, name, language, active, fs_uniquifier, code_tries, made_at)
        SELECT n, n || '@shop.example', 'Owner', 'en', true, 'owner' || n, 0, '2026-01-01'
        FROM generate_series(2, {most}) n;
    INSERT INTO members (workspace_id, user_id, role) SELECT n, n, 'owner' FROM generate_series(2, {most}) n;
"""  # noqa: S608 -- a number of ours

"""Keep one contact for each phone: Mexican and Argentine mobiles come with a 1 or 9 in them, or without.

The 1 of Mexico ended in 2019 and goes. An Argentine contact keeps the spelling it had first, since that one was dialed.
Phones may have extensions from now on, so they have room for one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_DATA = (
    r"""CREATE OR REPLACE FUNCTION pg_temp.without_1(number text) RETURNS text LANGUAGE sql IMMUTABLE
        AS $$ SELECT regexp_replace(number, '^\+521(\d{10})$', '+52\1') $$""",
    r"""CREATE OR REPLACE FUNCTION pg_temp.shortest(number text) RETURNS text LANGUAGE sql IMMUTABLE
        AS $$ SELECT regexp_replace(pg_temp.without_1(number), '^\+549(\d{10})$', '+54\1') $$""",
    # contacts that are another one's twin, and their conversations on a line on which that one has one too
    r"""CREATE TEMPORARY TABLE doubled ON COMMIT DROP AS
        SELECT id, kept FROM (
            SELECT id, min(id) OVER (PARTITION BY workspace_id, pg_temp.shortest(number)) AS kept
            FROM contacts WHERE number ~ '^\+5(21|2|49|4)\d{10}$'
        ) AS spelled WHERE id <> kept""",
    """CREATE TEMPORARY TABLE talks ON COMMIT DROP AS
        SELECT id, kept FROM (
            SELECT talk.id, min(talk.id) OVER (PARTITION BY line_id, coalesce(doubled.kept, contact_id)) AS kept
            FROM conversations AS talk LEFT JOIN doubled ON doubled.id = contact_id
            WHERE contact_id IN (SELECT id FROM doubled UNION SELECT kept FROM doubled)
        ) AS talked WHERE id <> kept""",
    """UPDATE conversations SET last_at = greatest(last_at, latest), heard = heard + more
        FROM (
            SELECT kept, max(last_at) AS latest, sum(heard) AS more
            FROM talks JOIN conversations USING (id) GROUP BY kept
        ) AS other WHERE conversations.id = other.kept""",
    "UPDATE messages SET conversation_id = kept FROM talks WHERE talks.id = conversation_id",
    "UPDATE calls SET conversation_id = kept FROM talks WHERE talks.id = conversation_id",
    "UPDATE notes SET conversation_id = kept FROM talks WHERE talks.id = conversation_id",
    "UPDATE mentions SET conversation_id = kept FROM talks WHERE talks.id = conversation_id",
    "DELETE FROM conversations USING talks WHERE talks.id = conversations.id",
    "UPDATE conversations SET contact_id = kept FROM doubled WHERE doubled.id = contact_id",
    r"""UPDATE contacts SET
            name = coalesce(nullif(contacts.name, ''), other.name),
            notes = trim(both E'\n' FROM contacts.notes || E'\n' || other.notes)
        FROM (
            SELECT kept, max(name) AS name, string_agg(notes, E'\n' ORDER BY id) AS notes
            FROM doubled JOIN contacts USING (id) GROUP BY kept
        ) AS other WHERE contacts.id = other.kept""",
    "DELETE FROM contacts USING doubled WHERE doubled.id = contacts.id",
    r"UPDATE contacts SET number = pg_temp.without_1(number) WHERE number ~ '^\+521\d{10}$'",
    # of two last words of the same person the later one counts
    r"""DELETE FROM opt_outs USING (
            SELECT id, row_number() OVER (
                PARTITION BY workspace_id, pg_temp.shortest(number) ORDER BY at DESC, id DESC
            ) AS place
            FROM opt_outs WHERE number ~ '^\+5(21|2|49|4)\d{10}$'
        ) AS said WHERE said.id = opt_outs.id AND place > 1""",
    r"UPDATE opt_outs SET number = pg_temp.shortest(number) WHERE number ~ '^\+5(21|49)\d{10}$'",
    # blocked callers, and numbers that calls are forwarded to
    r"""UPDATE call_plans SET document = regexp_replace(document::text, '"\+521(\d{10})"', '"+52\1"', 'g')::jsonb
        WHERE document::text ~ '"\+521\d{10}"'""",
)


def upgrade() -> None:
    op.alter_column("phones", "number", type_=sa.String(32), existing_type=sa.String(16))
    op.alter_column("calls", "rung_first", type_=sa.String(32), existing_type=sa.String(16))
    for statement in _DATA:
        op.execute(statement)


def downgrade() -> None:
    """Contacts that were merged stay merged; extensions, which the version before cannot dial, are left out."""
    for table, column in (("phones", "number"), ("calls", "rung_first")):
        op.execute(f"UPDATE {table} SET {column} = split_part({column}, ';', 1) WHERE {column} LIKE '%;%'")
        op.alter_column(table, column, type_=sa.String(16), existing_type=sa.String(32))

"""Say what has changed, so that open pages show it at once: `service/live/` listens.

A notification is sent by the database itself, in the transaction of the change: no code can forget it. It holds ids
alone: transaction, topic, row, workspace, line, person; 0 where there is none (`service/live/changes.py`).
"""

from alembic import op

revision = "0038"
down_revision = "0037"

_NOTIFY = """
    CREATE FUNCTION notify_live(topic text, id bigint, workspace_id bigint, line_id bigint, user_id bigint)
    RETURNS void LANGUAGE sql AS $$
        SELECT pg_notify('live', concat_ws(' ', pg_current_xact_id(), topic, coalesce(id, 0),
            coalesce(workspace_id, 0), coalesce(line_id, 0), coalesce(user_id, 0)))
    $$;

    CREATE FUNCTION notify_live_on_line(topic text, row_id bigint, on_line bigint) RETURNS void LANGUAGE sql AS $$
        SELECT notify_live(topic, row_id, workspace_id, on_line, NULL) FROM lines WHERE lines.id = on_line
    $$;

    -- a member sees a project of which any number comes to a line of theirs
    CREATE FUNCTION notify_live_on_port(project bigint) RETURNS void LANGUAGE sql AS $$
        SELECT notify_live('port', project, workspace_id, line, NULL) FROM (
            SELECT DISTINCT port_projects.workspace_id, coalesce(chosen_line_id, port_projects.line_id) AS line
            FROM port_projects LEFT JOIN port_numbers ON project_id = port_projects.id
            WHERE port_projects.id = project
        ) AS lines_of_it
    $$;
"""

# what is done for a row of a table (`it`), and at which changes
_CHANGES = {
    "conversations": ("INSERT OR UPDATE OR DELETE", "notify_live_on_line('conversation', it.id, it.line_id)"),
    "read_marks": ("INSERT OR UPDATE", "notify_live('read', it.conversation_id, NULL, NULL, it.user_id)"),
    "phone_numbers": ("INSERT OR UPDATE", "notify_live_on_line('number', it.id, it.line_id)"),
    "own_numbers": ("INSERT OR UPDATE", "notify_live_on_line('own_number', it.id, it.line_id)"),
    "team_channels": (
        "INSERT OR UPDATE OR DELETE",
        "notify_live('channel', it.id, NULL, NULL, user_id) FROM members WHERE members.id = it.member_id",
    ),
    # a project may have a thousand numbers: each says its own line
    "port_numbers": (
        "INSERT OR UPDATE OR DELETE",
        """notify_live('port', it.project_id, workspace_id, coalesce(it.chosen_line_id, line_id), NULL)
            FROM port_projects WHERE port_projects.id = it.project_id""",
    ),
    "port_projects": ("UPDATE", "notify_live_on_port(it.id)"),
    "documents": ("INSERT OR UPDATE OR DELETE", "notify_live_on_port(it.project_id)"),
    "carrier_orders": (
        "UPDATE OF signature_url",
        "notify_live_on_port(project_id) FROM attempts WHERE attempts.id = it.attempt_id",
    ),
    "cutovers": (
        "INSERT OR UPDATE",
        "notify_live_on_port(project_id) FROM port_numbers WHERE port_numbers.id = it.port_number_id",
    ),
    "cutover_steps": (
        "INSERT OR UPDATE OR DELETE",
        "notify_live_on_port(project_id) FROM port_numbers WHERE port_numbers.id = it.port_number_id",
    ),
    # who may listen: the row of a sign-in, or 0 for all browsers of a person
    "sign_ins": ("DELETE OR UPDATE OF second_step", "notify_live('access', it.id, NULL, NULL, it.user_id)"),
    "users": ("UPDATE OF active, fs_uniquifier", "notify_live('access', NULL, NULL, NULL, it.id)"),
    "members": ("INSERT OR DELETE OR UPDATE OF role", "notify_live('access', NULL, NULL, NULL, it.user_id)"),
    "line_grants": (
        "INSERT OR DELETE",
        "notify_live('access', NULL, NULL, NULL, user_id) FROM members WHERE members.id = it.member_id",
    ),
    "workspaces": (
        "UPDATE OF second_step",
        "notify_live('access', NULL, NULL, NULL, user_id) FROM members WHERE members.workspace_id = it.id",
    ),
}

# somebody opens a conversation, or types; not each time their page asks for what is new (`service/inbox/reading.py`)
_PRESENCE = """
    CREATE FUNCTION notify_live_of_presences() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' OR NEW.typed_at IS DISTINCT FROM OLD.typed_at
            OR NEW.looked_at > OLD.looked_at + interval '20 seconds'
        THEN
            PERFORM notify_live_on_line('presence', id, line_id) FROM conversations WHERE id = NEW.conversation_id;
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER notify_live AFTER INSERT OR UPDATE ON presences
        FOR EACH ROW EXECUTE FUNCTION notify_live_of_presences();
"""


def upgrade() -> None:
    op.execute(_NOTIFY)
    for table, (changes, notify) in _CHANGES.items():
        op.execute(f"""
            CREATE FUNCTION notify_live_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE it {table} := coalesce(NEW, OLD);
            BEGIN
                PERFORM {notify};
                RETURN NULL;
            END $$;
            CREATE TRIGGER notify_live AFTER {changes} ON {table}
                FOR EACH ROW EXECUTE FUNCTION notify_live_of_{table}();
        """)
    op.execute(_PRESENCE)


def downgrade() -> None:
    for table in (*_CHANGES, "presences"):
        op.execute(f"DROP TRIGGER notify_live ON {table}")
        op.execute(f"DROP FUNCTION notify_live_of_{table}")
    for signature in ("_on_port(bigint)", "_on_line(text, bigint, bigint)", "(text, bigint, bigint, bigint, bigint)"):
        op.execute(f"DROP FUNCTION notify_live{signature}")

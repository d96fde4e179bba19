"""Widen the tables.

The web, worker and clock of the version before are stopped while this runs: columns go away that it reads. Its pictures
and voicemails are fetched anew from the carrier, into the media store.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_expires_at"), "tries", ["expires_at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_changes_user_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_changes_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_of_workspace", "changes", ["workspace_id", "id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("line_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_invitations_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(
        "uq_invitations_open",
        "invitations",
        ["workspace_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_saved_replies_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
        sa.UniqueConstraint("workspace_id", "title", name=op.f("uq_saved_replies_workspace_id_title")),
    )
    op.create_table(
        "automatic_answers",
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_automatic_answers_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "occasion", "day", name=op.f("pk_automatic_answers")),
    )
    op.create_table(
        "inbox_settings",
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("in_turn", sa.Boolean(), nullable=False),
        sa.Column("after_hours", sa.Boolean(), nullable=False),
        sa.Column("after_hours_text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_inbox_settings_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_inbox_settings")),
    )
    op.create_table(
        "line_grants",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_line_grants_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_line_grants_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "line_id", name=op.f("pk_line_grants")),
    )
    op.create_index(op.f("ix_line_grants_line_id"), "line_grants", ["line_id"], unique=False)
    op.create_table(
        "notice_choices",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_notice_choices_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_notice_choices_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "line_id", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "own_numbers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_own_numbers_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_numbers")),
    )
    op.create_index(op.f("ix_own_numbers_line_id"), "own_numbers", ["line_id"], unique=False)
    op.create_index(
        "uq_own_numbers_open",
        "own_numbers",
        ["number"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'ringing', 'shown')"),
    )
    op.create_table(
        "recorded_greetings",
        sa.Column("media", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_recorded_greetings_line_id")),
        sa.PrimaryKeyConstraint("media", name=op.f("pk_recorded_greetings")),
    )
    op.create_index(op.f("ix_recorded_greetings_line_id"), "recorded_greetings", ["line_id"], unique=False)
    op.create_table(
        "ways",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_ways_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ways")),
    )
    op.create_index(op.f("ix_ways_member_id"), "ways", ["member_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, text)", persisted=True),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_notes_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_notes_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_thread", "notes", ["conversation_id", "at"], unique=False)
    op.create_index("ix_notes_words", "notes", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("way_id", sa.BigInteger(), nullable=True),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_notices_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_notices_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["way_id"], ["ways.id"], name=op.f("fk_notices_way_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "member_id",
            "event",
            "reference",
            "way_id",
            name=op.f("uq_notices_member_id_event_reference_way_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "presences",
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_presences_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presences_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name=op.f("pk_presences")),
    )
    op.create_index(op.f("ix_presences_user_id"), "presences", ["user_id"], unique=False)
    op.create_table(
        "read_marks",
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_read_marks_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_read_marks_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name=op.f("pk_read_marks")),
    )
    op.create_index(op.f("ix_read_marks_user_id"), "read_marks", ["user_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signer", sa.String(length=100), nullable=False),
        sa.Column("network_address", sa.String(length=45), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_letters_attempt_id")),
        sa.ForeignKeyConstraint(["project_id"], ["port_projects.id"], name=op.f("fk_letters_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "project_id", "fingerprint", "made_at", name=op.f("uq_letters_project_id_fingerprint_made_at")
        ),
    )
    op.create_index(op.f("ix_letters_attempt_id"), "letters", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_letters_project_id"), "letters", ["project_id"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_mentions_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_mentions_note_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mentions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "user_id", name=op.f("pk_mentions")),
    )
    op.create_index(
        "ix_mentions_unseen",
        "mentions",
        ["user_id", "conversation_id"],
        unique=False,
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_table(
        "cutovers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("port_number_id", sa.BigInteger(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapback_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_forwards", sa.String(length=16), server_default="", nullable=False),
        sa.Column("old_serves", sa.String(length=16), server_default="", nullable=False),
        sa.Column("unregistered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("looked_at_gate", sa.String(length=32), server_default="", nullable=False),
        sa.Column("trials", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_word", sa.String(length=16), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["port_number_id"], ["port_numbers.id"], name=op.f("fk_cutovers_port_number_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cutovers")),
        sa.UniqueConstraint("port_number_id", name=op.f("uq_cutovers_port_number_id")),
    )
    op.drop_table("purchases")
    op.add_column(
        "call_plans",
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    _keep_call_plans()
    op.drop_column("call_plans", "greeting")
    op.drop_column("call_plans", "ring_seconds")
    op.drop_column("call_plans", "in_turn")
    op.add_column("calls", sa.Column("direction", sa.String(length=32), server_default="in", nullable=False))
    op.add_column("calls", sa.Column("author_id", sa.BigInteger(), nullable=True))
    op.add_column("calls", sa.Column("rung_first", sa.String(length=16), server_default="", nullable=False))
    op.add_column("calls", sa.Column("shown", sa.String(length=16), server_default="", nullable=False))
    op.add_column("calls", sa.Column("voicemail_media", sa.String(length=32), server_default="", nullable=False))
    op.add_column("calls", sa.Column("recording_url", sa.String(length=500), server_default="", nullable=False))
    op.add_column("calls", sa.Column("recording_seconds", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("calls", sa.Column("recording_type", sa.String(length=100), server_default="", nullable=False))
    op.add_column("calls", sa.Column("recording_media", sa.String(length=32), server_default="", nullable=False))
    op.add_column(
        "calls",
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, transcript)", persisted=True),
            nullable=False,
        ),
    )
    op.alter_column("calls", "reference", existing_type=sa.VARCHAR(length=64), nullable=True)
    op.drop_index(op.f("ix_calls_conversation_id"), table_name="calls")
    op.create_index("ix_calls_thread", "calls", ["conversation_id", "at"], unique=False)
    op.create_index("ix_calls_words", "calls", ["words"], unique=False, postgresql_using="gin")
    op.create_foreign_key(op.f("fk_calls_author_id"), "calls", "users", ["author_id"], ["id"], ondelete="SET NULL")
    op.drop_column("calls", "voicemail")
    op.drop_column("calls", "seen_at")
    op.add_column("contacts", sa.Column("notes", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "contacts",
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, name || ' ' || notes)", persisted=True),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_contacts_number_reversed",
        "contacts",
        ["workspace_id", sa.literal_column("reverse(number)").label("backwards")],
        unique=False,
        postgresql_ops={"backwards": "text_pattern_ops"},
    )
    op.create_index("ix_contacts_words", "contacts", ["words"], unique=False, postgresql_using="gin")
    op.add_column("conversations", sa.Column("heard", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("handling", sa.String(length=32), server_default="open", nullable=False))
    op.add_column("conversations", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("assignee_id", sa.BigInteger(), nullable=True))
    op.add_column("conversations", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "conversations",
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
    )
    op.drop_index(op.f("ix_conversations_line_id"), table_name="conversations")
    op.create_index(
        "ix_conversations_all",
        "conversations",
        ["line_id", sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_conversations_assigned",
        "conversations",
        ["assignee_id"],
        unique=False,
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
    )
    op.create_index(
        "ix_conversations_changed", "conversations", ["line_id", sa.literal_column("changed_at DESC")], unique=False
    )
    op.create_index(op.f("ix_conversations_contact_id"), "conversations", ["contact_id"], unique=False)
    op.create_index(
        "ix_conversations_inbox",
        "conversations",
        ["line_id", "handling", sa.literal_column("last_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_conversations_snoozed",
        "conversations",
        ["snoozed_until"],
        unique=False,
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_conversations_assignee_id"), "conversations", "users", ["assignee_id"], ["id"], ondelete="SET NULL"
    )
    op.execute("UPDATE conversations SET heard = unread")
    op.drop_column("conversations", "unread")
    op.add_column("cutover_steps", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cutover_steps", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("documents", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.add_column("members", sa.Column("on_duty", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("members", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "messages",
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, text)", persisted=True),
            nullable=False,
        ),
    )
    op.drop_index(op.f("ix_messages_conversation_id"), table_name="messages")
    op.create_index(
        "ix_messages_leaving",
        "messages",
        ["leaves_at"],
        unique=False,
        postgresql_where=sa.text("leaves_at IS NOT NULL"),
    )
    op.create_index("ix_messages_thread", "messages", ["conversation_id", "at"], unique=False)
    op.create_index("ix_messages_words", "messages", ["words"], unique=False, postgresql_using="gin")
    op.add_column("opt_outs", sa.Column("lifted", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("phones", sa.Column("name", sa.String(length=60), server_default="", nullable=False))
    op.add_column("pictures", sa.Column("media", sa.String(length=32), server_default="", nullable=False))
    op.add_column("pictures", sa.Column("thumbnail", sa.String(length=32), server_default="", nullable=False))
    op.drop_column("pictures", "content")
    op.add_column("port_projects", sa.Column("pin_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("port_projects", sa.Column("operator", sa.String(length=100), nullable=True))
    op.add_column(
        "port_projects",
        sa.Column("answered", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
    )
    op.add_column(
        "port_projects",
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column("port_projects", sa.Column("shared", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("port_projects", sa.Column("share_version", sa.BigInteger(), server_default="1", nullable=False))
    _fetch_media_again()


def _keep_call_plans() -> None:
    """What was three columns is a document of two nodes: ring the phones, then take a message."""
    op.execute("""
        UPDATE call_plans SET document = jsonb_build_object(
            'version', 1, 'opening', 'ring', 'closed', 'message', 'nodes', jsonb_build_object(
                'ring', jsonb_build_object(
                    'kind', 'ringphones', 'then', 'message', 'seconds', ring_seconds, 'in_turn', in_turn
                ),
                'message', jsonb_build_object('kind', 'voicemail', 'greeting', jsonb_build_object('text', greeting))
            )
        )
    """)


def _fetch_media_again() -> None:
    """Our copies were in the rows; jobs of the reading lane fetch them into the media store."""
    op.execute("UPDATE pictures SET fetched_at = NULL")
    op.execute("""
        INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        SELECT 'reading', 'service.inbox.effects.fetch_picture', jsonb_build_object('picture_id', id) FROM pictures
        UNION ALL
        SELECT 'reading', 'service.calls.recordings.fetch_voicemail', jsonb_build_object('call_id', id) FROM calls
        WHERE voicemail_url <> ''
    """)

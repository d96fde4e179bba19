"""Call columns by their names: the kind of a notification, the channels of a choice, the settings of a cutover's line.

A process of the version before still reads and writes the old columns while this one starts, so they stay for now, and
a trigger keeps both the same; drop them in a later release. Jobs keep the names they were queued under, which
`service/jobs.py` lists as aliases.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for table, old, new, kind in RENAMED:
        op.add_column(table, sa.Column(new, kind))
        op.execute(f"UPDATE {table} SET {new} = {old}")
        op.alter_column(table, new, nullable=False)
        op.execute(SAME.format(table=table, old=old, new=new))
        op.execute(
            f"CREATE TRIGGER same_{new} BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION same_{new}_of_{table}()"
        )
    op.drop_constraint("uq_notifications_project_id_message_version_channel", "notifications")
    op.create_unique_constraint(
        "uq_notifications_project_id_kind_version_channel",
        "notifications",
        ["project_id", "kind", "version", "channel"],
    )


def downgrade() -> None:
    op.drop_constraint("uq_notifications_project_id_kind_version_channel", "notifications")
    op.create_unique_constraint(
        "uq_notifications_project_id_message_version_channel",
        "notifications",
        ["project_id", "message", "version", "channel"],
    )
    for table, _, new, _ in RENAMED:
        op.execute(f"DROP TRIGGER same_{new} ON {table}")
        op.execute(f"DROP FUNCTION same_{new}_of_{table}")
        op.drop_column(table, new)
    for old, new in JOBS.items():
        op.execute(f"UPDATE procrastinate_jobs SET task_name = '{old}' WHERE task_name = '{new}'")
    # the clock of the version before queues them again, one for each number
    op.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'look_up_all_callers'")


RENAMED = (
    ("notifications", "message", "kind", sa.String(32)),
    ("notice_choices", "told", "channels", postgresql.JSONB()),
    ("cutovers", "plan", "line_setup", postgresql.JSONB()),
)

# a row inserted without the new column, or in which the old one was changed, is by the version before
SAME = """
    CREATE FUNCTION same_{new}_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.{new} := coalesce(NEW.{new}, NEW.{old});
        ELSIF NEW.{old} IS DISTINCT FROM OLD.{old} THEN
            NEW.{new} := NEW.{old};
        END IF;
        NEW.{old} := NEW.{new};
        RETURN NEW;
    END $$
"""

JOBS = {
    "tell_of_missed": "notify_missed_call",
    "tell_without_words": "notify_voicemail",
    "try_out": "run_trial",
}

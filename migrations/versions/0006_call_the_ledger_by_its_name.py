"""Call the ledger and the texts without a conversation by their names, and jobs by their functions.

A web process of the version before still writes under the old names while this one starts, so views keep those for
now, and a trigger gives a job that it defers its new name. Its workers would fail jobs of the new names: stop them
before.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for old, new, constraints in RENAMED:
        op.rename_table(old, new)
        for name in constraints:
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}")
        op.execute(f"CREATE VIEW {old} AS TABLE {new}")
    op.execute("ALTER INDEX ix_effects_open RENAME TO ix_ledger_entries_open")
    op.execute(NEW_NAME)
    op.execute(
        "CREATE TRIGGER new_name BEFORE INSERT OR UPDATE ON procrastinate_jobs"
        " FOR EACH ROW WHEN (NEW.task_name LIKE '%.%') EXECUTE FUNCTION new_name_of_job()"
    )
    op.execute("UPDATE procrastinate_jobs SET task_name = task_name")


def downgrade() -> None:
    op.execute("DROP TRIGGER new_name ON procrastinate_jobs")
    op.execute("DROP FUNCTION new_name_of_job")
    for name, module in MODULES.items():
        op.execute(f"UPDATE procrastinate_jobs SET task_name = 'service.{module}.{name}' WHERE task_name = '{name}'")
    op.execute("""
        UPDATE procrastinate_jobs SET args = jsonb_build_object('effect_id', args -> 'entry_id') WHERE args ? 'entry_id'
    """)
    op.execute("ALTER INDEX ix_ledger_entries_open RENAME TO ix_effects_open")
    for old, new, constraints in RENAMED:
        op.execute(f"DROP VIEW {old}")
        op.rename_table(new, old)
        for name in constraints:
            op.execute(f"ALTER TABLE {old} RENAME CONSTRAINT {name.format(new)} TO {name.format(old)}")


NEW_NAME = """
    CREATE FUNCTION new_name_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.task_name := regexp_replace(NEW.task_name, '^.*[.]', '');
        IF NEW.args ? 'effect_id' THEN
            NEW.args := jsonb_build_object('entry_id', NEW.args -> 'effect_id');
        END IF;
        RETURN NEW;
    END $$
"""


RENAMED = (
    ("effects", "ledger_entries", ("pk_{}", "uq_{}_kind_subject_id", "uq_{}_tag")),
    ("heard", "processed_texts", ("pk_{}", "uq_{}_reference")),
)

# where the version before has the functions of its jobs
MODULES = {
    "send_code": "accounts.effects",
    "send_invitation": "accounts.letters",
    "audit": "audit.effects",
    "catch_up": "backfill.effects",
    "watch_callbacks": "callbacks",
    "drop_recording": "calls.greetings",
    "tell_of_missed": "calls.notices",
    "tell_without_words": "calls.notices",
    "fetch_voicemail": "calls.recordings",
    "fetch_talk": "calls.recordings",
    "advance_cutover": "cutover.effects",
    "withdraw_texts": "cutover.effects",
    "take_down": "cutover.effects",
    "look_up_callers": "cutover.half_ports",
    "check_readiness": "cutover.readiness",
    "try_out": "cutover.trials",
    "fetch_picture": "inbox.effects",
    "perform_at_carrier": "ledger.promises",
    "perform_notification": "ledger.promises",
    "enrol_for_texts": "lines.effects",
    "release_number": "lines.effects",
    "ask_whether_proven": "lines.own_number",
    "forget_proof": "lines.own_number",
    "read_words": "porting.bills",
    "ask_portability": "porting.effects",
    "ask_operator": "porting.effects",
    "ask_carrier": "porting.effects",
    "ask_about": "porting.effects",
    "cancel_at_carrier": "porting.effects",
    "correct_at_carrier": "porting.effects",
    "deliver": "team.delivery",
}

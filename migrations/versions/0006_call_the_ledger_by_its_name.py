"""Call the ledger and the texts without a conversation by their names, and jobs by their functions.

A web process of the version before still writes under the old names while this one starts, so views keep those for
now, and a trigger gives a job that it defers its new name. Its workers would fail jobs of the new names: stop them
before.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _rename("effects", "ledger_entries", constraints=("pk_{}", "uq_{}_kind_subject_id", "uq_{}_tag"))
    op.execute("ALTER INDEX ix_effects_open RENAME TO ix_ledger_entries_open")
    _rename("heard", "processed_texts", constraints=("pk_{}", "uq_{}_reference"))
    op.execute(NEW_NAME)
    op.execute(
        "CREATE TRIGGER new_name BEFORE INSERT OR UPDATE ON procrastinate_jobs"
        " FOR EACH ROW WHEN (NEW.task_name LIKE '%.%') EXECUTE FUNCTION new_name_of_job()"
    )
    op.execute("UPDATE procrastinate_jobs SET task_name = task_name")


def _rename(old: str, new: str, *, constraints: tuple[str, ...]) -> None:
    op.rename_table(old, new)
    for name in constraints:
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}")
    op.execute(f"CREATE VIEW {old} AS TABLE {new}")


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

"""Fetch a job by looking up its lock in an index, however the planner judges the queue.

With the statistics of an empty table PostgreSQL at times compares every job with every other: nine million rows for
3,000 jobs. What `procrastinate_fetch_job_v2` (Procrastinate 3.10) asks is the same as before; a status is compared as
text so that only the new index can serve it, and `OFFSET 0` keeps the planner from making a join of it.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0026"
down_revision = "0025"

_FETCH = """
    CREATE OR REPLACE FUNCTION procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint)
        RETURNS procrastinate_jobs
        LANGUAGE plpgsql
        SET plan_cache_mode = force_custom_plan
        SET enable_sort = off
        SET enable_seqscan = off
    AS $$
    DECLARE
        found_jobs procrastinate_jobs;
    BEGIN
        WITH candidate AS (
            SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE NOT EXISTS (
                    SELECT FROM procrastinate_jobs AS other
                    WHERE other.lock = jobs.lock
                        AND (
                            other.status::text = 'doing'
                            OR (
                                other.status::text = 'todo'
                                AND (
                                    other.priority > jobs.priority
                                    OR (other.priority = jobs.priority AND other.id < jobs.id)
                                )
                            )
                        )
                    OFFSET 0
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY (target_queue_names))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id
            LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
        )
        UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        WHERE id = (SELECT candidate.id FROM candidate)
        RETURNING procrastinate_jobs.* INTO found_jobs;
        RETURN found_jobs;
    END;
    $$
"""


def upgrade() -> None:
    op.execute("CREATE INDEX ix_procrastinate_jobs_lock ON procrastinate_jobs (lock) WHERE lock IS NOT NULL")
    op.execute(_FETCH)


def downgrade() -> None:
    op.execute(_fetch_of_the_library())
    op.execute("DROP INDEX ix_procrastinate_jobs_lock")


def _fetch_of_the_library() -> str:
    _, created, rest = SchemaManager.get_schema().partition("CREATE FUNCTION procrastinate_fetch_job_v2(")
    body, end, _ = rest.partition("$$;")
    return created.replace("CREATE", "CREATE OR REPLACE") + body + end

"""Keep since when a number is in its state and by which day it is to leave it, and list transfers for the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064"
down_revision = "0063"

# the targets of the settings, of which weekends are not left out here: the next state has its exact day
FILL = """
    UPDATE port_numbers SET since = came.at, due_on = CASE
            WHEN state IN ('live', 'returned', 'canceled', 'expired', 'not_portable') THEN NULL
            WHEN state IN ('scheduled', 'activating') AND committed_on IS NOT NULL THEN committed_on
            WHEN state IN ('in_review', 'with_losing_carrier', 'scheduled', 'activating') THEN came.at::date + 5
            WHEN state IN ('awaiting_signature', 'cancel_requested') THEN came.at::date + 3
            WHEN state = 'draft' THEN came.at::date + 2
            ELSE came.at::date + 1 END
        FROM (SELECT one.id, COALESCE(
                (SELECT max(at) FROM port_history WHERE port_number_id = one.id AND before <> after),
                (SELECT made_at FROM port_projects WHERE port_projects.id = one.project_id), one.since) AS at
            FROM port_numbers AS one) AS came
        WHERE came.id = port_numbers.id
"""

LIST = """
    INSERT INTO port_cases (project_id, number_id, count, state, since, due_on, carrier, operator, country, reasons)
        SELECT DISTINCT ON (project_id) project_id, number.id, count(*) OVER (PARTITION BY project_id), state, since,
            due_on, carrier, COALESCE(operator, ''), country, reasons
        FROM port_numbers AS number JOIN port_projects ON port_projects.id = project_id
        WHERE due_on IS NOT NULL ORDER BY project_id, due_on, number.id
"""


def upgrade() -> None:
    op.add_column(
        "port_numbers", sa.Column("since", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
    )
    op.add_column("port_numbers", sa.Column("due_on", sa.Date(), nullable=True))
    op.execute(FILL)
    _make_cases()
    op.create_table(
        "desk_cases",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("next_step", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["port_projects.id"],
            name=op.f("fk_desk_cases_project_id_port_projects"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["users.id"], name=op.f("fk_desk_cases_assignee_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_desk_cases")),
    )
    op.create_index(op.f("ix_desk_cases_assignee_id"), "desk_cases", ["assignee_id"])
    op.create_table(
        "desk_views",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_desk_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_desk_views_user_id_name")),
    )


def _make_cases() -> None:
    op.create_table(
        "port_cases",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("number_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["port_projects.id"],
            name=op.f("fk_port_cases_project_id_port_projects"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["number_id"], ["port_numbers.id"], name=op.f("fk_port_cases_number_id_port_numbers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_port_cases")),
    )
    op.create_index("ix_port_cases_due_on_project_id", "port_cases", ["due_on", "project_id"])
    op.create_index(op.f("ix_port_cases_number_id"), "port_cases", ["number_id"])
    op.execute(LIST)


def downgrade() -> None:
    op.drop_table("desk_views")
    op.drop_table("desk_cases")
    op.drop_table("port_cases")
    op.drop_column("port_numbers", "due_on")
    op.drop_column("port_numbers", "since")

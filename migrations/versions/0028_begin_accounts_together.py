"""Begin several accounts at old operators in one transfer, a project for each."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("port_projects", sa.Column("begun_with_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_port_projects_begun_with_id", "port_projects", "port_projects", ["begun_with_id"], ["id"])
    op.create_index("ix_port_projects_begun_with_id", "port_projects", ["begun_with_id"])


def downgrade() -> None:
    op.drop_column("port_projects", "begun_with_id")

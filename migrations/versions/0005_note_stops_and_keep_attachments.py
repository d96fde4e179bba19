"""Add the team's note that a contact wants no texts and the size of attachments; store line ends as LF.

Browsers send CRLF, and scheduled texts and saved replies were stored with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("opt_outs", sa.Column("by_team", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("pictures", sa.Column("size", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        r"UPDATE messages SET text = replace(text, E'\r\n', E'\n') WHERE leaves_at IS NOT NULL AND text LIKE E'%\r\n%'"
    )
    op.execute(r"UPDATE saved_replies SET text = replace(text, E'\r\n', E'\n') WHERE text LIKE E'%\r\n%'")
    op.execute(
        r"UPDATE inbox_settings SET after_hours_text = replace(after_hours_text, E'\r\n', E'\n')"
        r" WHERE after_hours_text LIKE E'%\r\n%'"
    )


def downgrade() -> None:
    op.drop_column("pictures", "size")
    op.drop_column("opt_outs", "by_team")

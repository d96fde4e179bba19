"""Forget opt-outs that were written into the rows of a business and were meant for another one.

All businesses texted from one pool, in which the carrier refuses texts of all after a STOP to one. Each refusal was
kept as a STOP to the business that had texted. Beside such a row stands a text that was refused, and none of that
person's; and another business, or the platform, has an earlier STOP of theirs.
"""

from alembic import op

revision = "0035"
down_revision = "0034"

FORGET = """
    WITH said AS (
        SELECT p.workspace_id, right(p.number, 8) AS number, m.direction, m.trouble, m.at
        FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = c.contact_id
    )
    DELETE FROM opt_outs refused USING opt_outs theirs
    WHERE NOT refused.lifted AND NOT refused.by_team
      AND theirs.number = refused.number AND theirs.id <> refused.id
      AND NOT theirs.lifted AND NOT theirs.by_team AND theirs.at <= refused.at
      AND refused.workspace_id IS NOT NULL
      AND EXISTS (
        SELECT FROM said WHERE said.workspace_id = refused.workspace_id AND said.number = right(refused.number, 8)
          AND said.direction = 'out' AND said.trouble = 'opted_out'
          AND said.at BETWEEN refused.at - interval '1 hour' AND refused.at + interval '1 minute'
      )
      AND NOT EXISTS (
        SELECT FROM said WHERE said.workspace_id = refused.workspace_id AND said.number = right(refused.number, 8)
          AND said.direction = 'in'
          AND said.at BETWEEN refused.at - interval '1 minute' AND refused.at + interval '1 minute'
      )
"""


def upgrade() -> None:
    op.execute(FORGET)


def downgrade() -> None:
    """What was meant for another business is not written down again."""

"""Call two kinds of alert by their names. The version before shows a kind that it does not know as it is written."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for old, new in KINDS.items():
        _rename(old, new)


def downgrade() -> None:
    for old, new in KINDS.items():
        _rename(new, old)


KINDS = {"effect_parked": "entry_parked", "nobody_to_tell": "no_contact"}


def _rename(old: str, new: str) -> None:
    op.execute(f"""
        UPDATE alerts SET kind = '{new}' WHERE kind = '{old}'
        AND NOT EXISTS (SELECT FROM alerts AS other WHERE other.kind = '{new}' AND other.about = alerts.about)
    """)

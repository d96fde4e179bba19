"""Call the notices to members and the changes without a callback by their names.

A process of the version before still reads and writes under the old names while this one starts, so views keep those
for now; drop them in a later release.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _rename("ways", "team_channels", "pk_{}", "fk_{}_member_id")
    op.execute("ALTER INDEX ix_ways_member_id RENAME TO ix_team_channels_member_id")
    op.execute("CREATE VIEW ways AS TABLE team_channels")

    _rename("notices", "team_notices", "pk_{}", "fk_{}_member_id", "fk_{}_line_id")
    op.alter_column("team_notices", "way_id", new_column_name="channel_id")
    _rename_constraint("team_notices", "fk_notices_way_id", "fk_team_notices_channel_id")
    _rename_constraint(
        "team_notices",
        "uq_notices_member_id_event_reference_way_id",
        "uq_team_notices_member_id_event_reference_channel_id",
    )
    op.execute(
        "CREATE VIEW notices AS SELECT"
        " id, member_id, channel_id AS way_id, line_id, event, reference, facts, made_at, sent_at FROM team_notices"
    )

    _rename("missed", "unannounced", "pk_{}")
    op.execute("ALTER INDEX ix_missed_waiting RENAME TO ix_unannounced_waiting")
    op.execute("CREATE VIEW missed AS TABLE unannounced")


def downgrade() -> None:
    for view in ("ways", "notices", "missed"):
        op.execute(f"DROP VIEW {view}")
    _rename("team_channels", "ways", "pk_{}", "fk_{}_member_id")
    op.execute("ALTER INDEX ix_team_channels_member_id RENAME TO ix_ways_member_id")
    _rename("team_notices", "notices", "pk_{}", "fk_{}_member_id", "fk_{}_line_id")
    op.alter_column("notices", "channel_id", new_column_name="way_id")
    _rename_constraint("notices", "fk_team_notices_channel_id", "fk_notices_way_id")
    _rename_constraint(
        "notices",
        "uq_team_notices_member_id_event_reference_channel_id",
        "uq_notices_member_id_event_reference_way_id",
    )
    _rename("unannounced", "missed", "pk_{}")
    op.execute("ALTER INDEX ix_unannounced_waiting RENAME TO ix_missed_waiting")


def _rename(old: str, new: str, *constraints: str) -> None:
    op.rename_table(old, new)
    for name in constraints:
        _rename_constraint(new, name.format(old), name.format(new))


def _rename_constraint(table: str, old: str, new: str) -> None:
    op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")

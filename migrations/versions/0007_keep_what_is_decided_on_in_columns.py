"""Store what code decides on in columns, and callers' networks in a table: taking a cutover back emptied them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "caller_networks",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("port_number_id", sa.BigInteger(), nullable=False),
        sa.Column("caller", sa.String(length=16), nullable=False),
        sa.Column("network", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["port_number_id"], ["port_numbers.id"], name=op.f("fk_caller_networks_port_number_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_networks")),
        sa.UniqueConstraint("port_number_id", "caller", name=op.f("uq_caller_networks_port_number_id_caller")),
    )
    op.add_column("cutover_steps", sa.Column("sender", sa.String(length=64), server_default="", nullable=False))
    op.add_column("cutover_steps", sa.Column("trial", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("cutovers", sa.Column("replaced", sa.String(length=16), server_default="", nullable=False))
    op.add_column("cutovers", sa.Column("astray_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("port_numbers", sa.Column("carrier_status", sa.String(length=32), nullable=True))
    for statement in MOVED:
        op.execute(statement)


def downgrade() -> None:
    for statement in MOVED_BACK:
        op.execute(statement)
    op.drop_column("port_numbers", "carrier_status")
    op.drop_column("cutovers", "astray_at")
    op.drop_column("cutovers", "replaced")
    op.drop_column("cutover_steps", "trial")
    op.drop_column("cutover_steps", "sender")
    op.drop_table("caller_networks")


MOVED = (
    """
    INSERT INTO caller_networks (port_number_id, caller, network, made_at)
        SELECT port_number_id, asked.key, asked.value, now()
        FROM cutover_steps, jsonb_each_text(evidence -> 'networks') AS asked
        WHERE name = 'prove_voice' AND jsonb_typeof(evidence -> 'networks') = 'object'
    """,
    """
    UPDATE cutovers SET astray_at = (evidence ->> 'astray_at')::timestamptz FROM cutover_steps
        WHERE cutover_steps.port_number_id = cutovers.port_number_id AND name = 'prove_voice'
        AND evidence ->> 'astray_at' <> ''
    """,
    """
    UPDATE cutovers SET replaced = coalesce(evidence -> 'retiring' ->> 0, '') FROM cutover_steps
        WHERE cutover_steps.port_number_id = cutovers.port_number_id AND name = 'swap_roles'
    """,
    """
    UPDATE cutover_steps
        SET sender = left(evidence ->> 'sender', 64), trial = coalesce(evidence ->> 'trial' = 'true', false)
        WHERE evidence ? 'sender'
    """,
    "UPDATE port_numbers SET carrier_status = seen ->> 'status'",
)


MOVED_BACK = (
    """
    UPDATE cutover_steps SET evidence = evidence || jsonb_build_object('sender', sender, 'trial', trial)
        WHERE sender <> ''
    """,
    """
    UPDATE cutover_steps SET evidence = evidence || jsonb_build_object('networks', asked.networks)
        FROM (
            SELECT port_number_id, jsonb_object_agg(caller, network) AS networks
            FROM caller_networks GROUP BY port_number_id
        ) AS asked
        WHERE asked.port_number_id = cutover_steps.port_number_id AND name = 'prove_voice'
    """,
    """
    UPDATE cutover_steps SET evidence = evidence || jsonb_build_object('astray_at', astray_at) FROM cutovers
        WHERE cutovers.port_number_id = cutover_steps.port_number_id AND name = 'prove_voice' AND astray_at IS NOT NULL
    """,
    """
    UPDATE cutover_steps SET evidence = evidence || jsonb_build_object('retiring', array_remove(ARRAY[replaced], ''))
        FROM cutovers
        WHERE cutovers.port_number_id = cutover_steps.port_number_id AND name = 'swap_roles' AND done_at IS NOT NULL
    """,
)

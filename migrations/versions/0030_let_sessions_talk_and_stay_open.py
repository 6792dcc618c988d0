"""let sessions say who gives a name, stay open for days, talk group by group, say who carries what"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TEXTS = (
    ("workshop", "identity", 9, "optional"),
    ("card_group", "carrier", 80, ""),
    ("card_group", "talk", 4, ""),
    ("proposal", "carrier", 80, ""),
)


def upgrade() -> None:
    for table, column, size, default in TEXTS:
        text = sa.Column(column, sa.String(size), nullable=False, server_default=default)
        op.add_column(table, text)
    op.add_column("card_group", sa.Column("timer_until", sa.DateTime(), nullable=True))
    op.add_column("card_group", sa.Column("timer_left_seconds", sa.Integer(), nullable=True))
    op.add_column("card_group", sa.Column("merged_into_id", sa.String(12), nullable=True))
    op.create_table(
        "remark",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("group_id", sa.String(12), nullable=True),
        sa.Column("participant_id", sa.String(12), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hidden_reason", sa.String(120), nullable=False, server_default=""),
        _key("remark", "workshop_id", "workshop", "CASCADE"),
        _key("remark", "group_id", "card_group", "SET NULL"),
        _key("remark", "participant_id", "participant", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_remark_workshop_id"), "remark", ["workshop_id"])
    op.create_table(
        "phase_window",
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("phase", sa.String(8), nullable=False),
        sa.Column("opens", sa.DateTime(), nullable=True),
        sa.Column("closes", sa.DateTime(), nullable=False),
        sa.Column("following", sa.String(8), nullable=False, server_default=""),
        _key("phase_window", "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("workshop_id", "phase", name=op.f("pk_phase_window")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("phase_window", "remark"):
        op.drop_table(table)
    for column in ("merged_into_id", "timer_left_seconds", "timer_until"):
        op.drop_column("card_group", column)
    for table, column, _size, _default in TEXTS:
        op.drop_column(table, column)


def _key(table: str, column: str, other: str, on_delete: str) -> object:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=on_delete
    )

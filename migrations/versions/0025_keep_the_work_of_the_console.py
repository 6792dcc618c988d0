"""keep the work of the console: second facilitators, undo, proposals, locks, duplicates, dry runs"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = {
    "workshop": (
        sa.Column("acts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("focus", sa.Integer(), nullable=True),
        sa.Column("suggested_seal", sa.String(16), nullable=False, server_default=""),
        sa.Column("suggested_how", sa.String(8), nullable=False, server_default=""),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False, server_default="0"),
    ),
    "participant": (sa.Column("pretend", sa.Boolean(), nullable=False, server_default="0"),),
    "card_group": (sa.Column("locked", sa.Boolean(), nullable=False, server_default="0"),),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    _second_facilitators()
    _duplicates()
    _acts()
    _suggestions()


def downgrade() -> None:
    for table in ("group_suggestion", "board_act", "duplicate", "co_facilitator"):
        op.drop_table(table)
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)


def _to(table: str, column: str, own: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{own}_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=then)


def _second_facilitators() -> None:
    op.create_table(
        "co_facilitator",
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _to("workshop", "workshop_id", "co_facilitator"),
        _to("account", "account_id", "co_facilitator"),
        sa.PrimaryKeyConstraint("workshop_id", "account_id", name=op.f("pk_co_facilitator")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_co_facilitator_account_id"), "co_facilitator", ["account_id"])


def _duplicates() -> None:
    op.create_table(
        "duplicate",
        sa.Column("card_id", sa.String(12), nullable=False),
        sa.Column("of_id", sa.String(12), nullable=False),
        _to("card", "card_id", "duplicate"),
        _to("card", "of_id", "duplicate"),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_duplicate")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_duplicate_of_id"), "duplicate", ["of_id"])


def _acts() -> None:
    op.create_table(
        "board_act",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        _to("workshop", "workshop_id", "board_act"),
        _to("account", "account_id", "board_act", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_act")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_board_act_workshop_id"), "board_act", ["workshop_id"])


def _suggestions() -> None:
    op.create_table(
        "group_suggestion",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("card_ids", sa.JSON(), nullable=False),
        sa.Column("seal", sa.String(16), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        _to("workshop", "workshop_id", "group_suggestion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_suggestion")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_group_suggestion_workshop_id"), "group_suggestion", ["workshop_id"])

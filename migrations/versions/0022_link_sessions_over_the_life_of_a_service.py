"""link sessions over the life of a service: processes, trials with a diary, one map of several sites"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        _key("process", "service_id", "service"),
        _key("process", "keeper_id", "account", cascade=False),
        _primary("process"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_process_service_id"), "process", ["service_id"])
    _trials()
    op.create_table(
        "panel_seat",
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("code_id", sa.String(12), nullable=False),
        _key("panel_seat", "workshop_id", "workshop"),
        _key("panel_seat", "code_id", "kept_code"),
        _primary("panel_seat", "workshop_id", "code_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shared_group",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("process_id", sa.String(12), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        _key("shared_group", "process_id", "process"),
        _primary("shared_group"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_shared_group_process_id"), "shared_group", ["process_id"])
    for column, size in (("step", 12), ("site", 80)):
        text = sa.Column(column, sa.String(size), nullable=False, server_default="")
        op.add_column("workshop", text)
    _add_key("workshop", "process_id", "process")
    _add_key("card_group", "shared_id", "shared_group")


def downgrade() -> None:
    op.drop_column("card_group", "shared_id")
    for column in ("process_id", "site", "step"):
        op.drop_column("workshop", column)
    for table in ("shared_group", "panel_seat", "diary_entry", "trial", "process"):
        op.drop_table(table)


def _trials() -> None:
    op.create_table(
        "trial",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("process_id", sa.String(12), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        _key("trial", "process_id", "process"),
        _primary("trial"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_trial_process_id"), "trial", ["process_id"])
    op.create_table(
        "diary_entry",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("trial_id", sa.String(12), nullable=False),
        sa.Column("code_id", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("prompt", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _key("diary_entry", "trial_id", "trial"),
        _key("diary_entry", "code_id", "kept_code"),
        _primary("diary_entry"),
        sqlite_with_rowid=False,
    )
    for column in ("trial_id", "code_id"):
        op.create_index(op.f(f"ix_diary_entry_{column}"), "diary_entry", [column])


def _key(table: str, column: str, other: str, cascade: bool = True) -> object:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.id"],
        name=op.f(f"fk_{table}_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _primary(table: str, *columns: str) -> object:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _add_key(table: str, column: str, other: str) -> None:
    """Add a column that refers to ``other``: a table made anew would lose what hangs on it."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(12) "
        f"CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id)"
    )

"""keep templates of sessions, participants' codes, ballots on paper"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LINKED = ("participant", "card")


def upgrade() -> None:
    _templates()
    _codes()
    paper = sa.Column("paper", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("participant", paper)


def downgrade() -> None:
    op.drop_column("participant", "paper")
    for table in LINKED:
        op.drop_column(table, "code_id")
    op.drop_table("kept_code")
    op.drop_table("own_outline")


def _templates() -> None:
    op.create_table(
        "own_outline",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("votes_each", sa.Integer(), nullable=False),
        sa.Column("votes_per_group", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_own_outline_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_outline")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_own_outline_account_id_name")),
        sqlite_with_rowid=False,
    )


def _codes() -> None:
    op.create_table(
        "kept_code",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("seen", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name=op.f("fk_kept_code_workshop_id_workshop"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_kept_code_code_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_kept_code_workshop_id"), "kept_code", ["workshop_id"])
    for table in LINKED:  # a table made anew would lose the rows that hang on it
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN code_id VARCHAR(12) "
            f"CONSTRAINT fk_{table}_code_id_kept_code REFERENCES kept_code (id)"
        )

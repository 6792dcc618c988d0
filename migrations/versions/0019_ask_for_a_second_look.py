"""ask for a second look on an answer that says a change is made"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_look",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.String(length=12), nullable=True),
        sa.Column("theme_id", sa.String(length=12), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("canned", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(_of(table) for table in ("service", "feedback", "theme", "account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
        sa.UniqueConstraint("feedback_id", name=op.f("uq_second_look_feedback_id")),
        sa.UniqueConstraint("theme_id", name=op.f("uq_second_look_theme_id")),
        sa.CheckConstraint(
            "(feedback_id IS NULL) <> (theme_id IS NULL)",
            name=op.f("ck_second_look_one_addressee"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_second_look_service_id"), "second_look", ["service_id"])
    op.create_index(op.f("ix_second_look_account_id"), "second_look", ["account_id"])


def _of(table: str) -> sa.ForeignKeyConstraint:
    column = f"{table}_id"
    name = op.f(f"fk_second_look_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("second_look")

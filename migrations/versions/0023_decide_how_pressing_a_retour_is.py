"""decide how pressing a retour is, and let one wait that its team could recognise"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _of_retour(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_feedback_id_feedback")
    return sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "urgency",
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked", sa.Date(), nullable=True),
        _of_retour("urgency"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_urgency_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_urgency")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_urgency_account_id"), "urgency", ["account_id"])
    op.create_index(op.f("ix_urgency_wanted"), "urgency", ["wanted"])
    op.create_table(
        "hold_window",
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        _of_retour("hold_window"),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_hold_window")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("hold_window")
    op.drop_table("urgency")

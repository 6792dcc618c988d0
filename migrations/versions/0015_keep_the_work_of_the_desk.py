"""keep drafts, refusals and counts of decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _of_retour(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_feedback_id_feedback")
    return sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name=name, ondelete="CASCADE")


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_account")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _of_account("answer_draft"),
        _of_retour("answer_draft"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
        sa.UniqueConstraint(
            "account_id", "feedback_id", name=op.f("uq_answer_draft_account_id_feedback_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answer_draft_feedback_id"), "answer_draft", ["feedback_id"])
    op.create_table(
        "refusal",
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _of_retour("refusal"),
        _of_account("refusal"),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_refusal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_count",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_count")),
        sa.UniqueConstraint(
            "month", "why", "outcome", "days", name=op.f("uq_decision_count_month_why_outcome_days")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("decision_count", "refusal", "answer_draft"):
        op.drop_table(table)

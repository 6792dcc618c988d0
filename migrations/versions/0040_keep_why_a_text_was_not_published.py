"""keep why a text was not published, and its author's appeal"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
TABLE = "publication_refusal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("appealed", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_publication_refusal_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_publication_refusal_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_publication_refusal")),
        sqlite_with_rowid=False,
    )
    for column in ("account_id", "appealed"):
        op.create_index(op.f(f"ix_publication_refusal_{column}"), TABLE, [column])


def downgrade() -> None:
    op.drop_table(TABLE)

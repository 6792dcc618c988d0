"""keep what a session leaves: participants' opinions, notes, its term"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop", sa.Column("heads", sa.Integer(), nullable=True))
    notes = sa.Column("notes", sa.Text(), nullable=False, server_default="")
    op.add_column("workshop", notes)
    op.add_column("workshop", sa.Column("emptied", sa.Date(), nullable=True))
    op.create_table(
        "opinion",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("workshop_id", sa.String(12), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("spoke", sa.String(6), nullable=False),
        sa.Column("knows", sa.String(6), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
            name=op.f("fk_opinion_workshop_id_workshop"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_opinion_token_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_opinion_workshop_id"), "opinion", ["workshop_id"])


def downgrade() -> None:
    op.drop_table("opinion")
    for column in ("emptied", "notes", "heads"):
        op.drop_column("workshop", column)

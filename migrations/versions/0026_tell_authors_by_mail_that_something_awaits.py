"""tell authors by mail that something awaits behind their code"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "author_mail",
        sa.Column("feedback_id", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.String(length=600), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("leave_token", sa.String(length=24), nullable=False),
        sa.Column("mail_key", sa.String(length=24), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("created", sa.Date(), nullable=False),
        sa.Column("told", sa.Date(), nullable=True),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_author_mail_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_author_mail")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_author_mail_token_hash")),
        sa.UniqueConstraint("leave_token", name=op.f("uq_author_mail_leave_token")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("author_mail")

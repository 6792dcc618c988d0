"""tell the holders of session codes by mail that something awaits, let a session leave phases out
and say words of its own before one joins
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

CHOSEN = ("workshop", "own_outline")


def upgrade() -> None:
    for table in CHOSEN:
        left_out = sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]")
        op.add_column(table, left_out)
        consent = sa.Column("consent", sa.Text(), nullable=False, server_default="")
        op.add_column(table, consent)
    op.create_table(
        "holder_mail",
        sa.Column("code_id", sa.String(length=12), nullable=False),
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
            ["code_id"],
            ["kept_code.id"],
            name=op.f("fk_holder_mail_code_id_kept_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_holder_mail")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_holder_mail_token_hash")),
        sa.UniqueConstraint("leave_token", name=op.f("uq_holder_mail_leave_token")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("holder_mail")
    for table in CHOSEN:
        op.drop_column(table, "consent")
        op.drop_column(table, "left_out")

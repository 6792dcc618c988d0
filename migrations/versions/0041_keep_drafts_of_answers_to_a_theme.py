"""keep drafts of answers to a whole theme too"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NO_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    with op.batch_alter_table("answer_draft", table_kwargs=NO_ROWID) as batch:
        batch.alter_column("feedback_id", existing_type=sa.String(12), nullable=True)
        batch.add_column(sa.Column("theme_id", sa.String(12), nullable=True))
        batch.create_foreign_key(
            op.f("fk_answer_draft_theme_id_theme"), "theme", ["theme_id"], ["id"], ondelete="CASCADE"
        )
        name = op.f("uq_answer_draft_account_id_theme_id")
        batch.create_unique_constraint(name, ["account_id", "theme_id"])
        batch.create_check_constraint(
            op.f("ck_answer_draft_one_addressee"), "(feedback_id IS NULL) <> (theme_id IS NULL)"
        )
        batch.create_index(op.f("ix_answer_draft_theme_id"), ["theme_id"])


def downgrade() -> None:
    op.execute("DELETE FROM answer_draft WHERE feedback_id IS NULL")
    with op.batch_alter_table("answer_draft", table_kwargs=NO_ROWID) as batch:
        batch.drop_index(op.f("ix_answer_draft_theme_id"))
        batch.drop_constraint(op.f("ck_answer_draft_one_addressee"), type_="check")
        batch.drop_constraint(op.f("uq_answer_draft_account_id_theme_id"), type_="unique")
        batch.drop_constraint(op.f("fk_answer_draft_theme_id_theme"), type_="foreignkey")
        batch.drop_column("theme_id")
        batch.alter_column("feedback_id", existing_type=sa.String(12), nullable=False)

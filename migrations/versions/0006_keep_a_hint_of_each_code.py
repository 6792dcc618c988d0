"""keep a keyed hint of each code, so that a guess costs no slow hash

Codes of before get theirs when they are next entered (feedback/code_tries.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("code_hint", sa.String(length=6)))
    op.create_index("ix_feedback_code_hint", "feedback", ["code_hint"])
    before = sa.text("code_hint IS NULL AND code_hash IS NOT NULL")
    op.create_index(
        "ix_feedback_unhinted",
        "feedback",
        ["id"],
        sqlite_where=before,
        postgresql_where=before,
    )


def downgrade() -> None:
    op.drop_index("ix_feedback_unhinted", "feedback")
    op.drop_index("ix_feedback_code_hint", "feedback")
    op.execute('ALTER TABLE "feedback" DROP COLUMN "code_hint"')

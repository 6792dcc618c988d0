"""keep a keyed hint of each participant's code, so that a guess costs no slow hash

Codes of before get theirs when they are next entered (feedback/code_tries.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kept_code", sa.Column("code_hint", sa.String(length=6)))
    op.create_index("ix_kept_code_code_hint", "kept_code", ["code_hint"])
    before = sa.text("code_hint IS NULL")
    op.create_index(
        "ix_kept_code_unhinted",
        "kept_code",
        ["id"],
        sqlite_where=before,
        postgresql_where=before,
    )


def downgrade() -> None:
    op.drop_index("ix_kept_code_unhinted", "kept_code")
    op.drop_index("ix_kept_code_code_hint", "kept_code")
    op.execute('ALTER TABLE "kept_code" DROP COLUMN "code_hint"')

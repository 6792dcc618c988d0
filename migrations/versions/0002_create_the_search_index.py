"""create the search index

A virtual table of SQLite: no model stands behind it, ``feedback/search.py`` alone knows it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE feedback_search USING fts5("
        "feedback_id UNINDEXED, words, tokenize=\"unicode61 remove_diacritics 2\")"
    )


def downgrade() -> None:
    op.execute("DROP TABLE feedback_search")

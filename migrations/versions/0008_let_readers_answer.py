"""keep what readers add to published messages: taps, answers of their own, notices

``feedback_search_words`` is a view of FTS5 on the words of the search index: it holds no row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _of_feedback(name: str, **kwargs: object) -> tuple[sa.Column, ...]:
    key = sa.ForeignKey("feedback.id", ondelete="CASCADE")
    return (sa.Column(name, sa.String(12), key, nullable=False, **kwargs),)


def upgrade() -> None:
    op.create_table(
        "me_too",
        *_of_feedback("feedback_id", primary_key=True),
        sa.Column("taps", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "peer_answer",
        *_of_feedback("feedback_id", primary_key=True),
        *_of_feedback("parent_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_peer_answer_parent_id", "peer_answer", ["parent_id"])
    op.create_table(
        "content_notice",
        sa.Column("id", sa.String(12), primary_key=True),
        *_of_feedback("feedback_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("decided", sa.Date()),
        sa.Column("answer", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_content_notice_feedback_id", "content_notice", ["feedback_id"])
    op.create_index("ix_content_notice_outcome", "content_notice", ["outcome"])
    op.create_index("ix_feedback_state", "feedback", ["service_id", "state", "day"])
    op.execute(
        "CREATE VIRTUAL TABLE feedback_search_words USING fts5vocab('feedback_search', 'row')"
    )


def downgrade() -> None:
    op.execute("DROP TABLE feedback_search_words")
    op.drop_index("ix_feedback_state", "feedback")
    op.drop_table("content_notice")
    op.drop_table("peer_answer")
    op.drop_table("me_too")

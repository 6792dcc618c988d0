"""let teams sort their inbox: who cares, notes, what is read, views, and a search of word forms

The search index is written anew: words stand in it in one form each, beside the service that they
speak of. ``feedback_search_words`` looks into it and goes and comes with it.
"""

import sqlalchemy as sa
from alembic import op

from nlp.search_forms import search_words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DESK = ("functionality_id", "release_id", "channel", "face", "thread_state", "state")
ORDERS = {
    "awaited": ("reply_due", "waiting_since"),
    "recent": ("day",),
    "changed": ("changed",),
}
AWAITED = "thread_state IN ('waiting', 'replied')"
WORDS = "CREATE VIRTUAL TABLE feedback_search_words USING fts5vocab('feedback_search', 'row')"
TOKENS = 'tokenize="unicode61 remove_diacritics 2")'
READABLE = (
    "SELECT id, service_id, text FROM feedback "
    "WHERE text IS NOT NULL AND names_masked AND state != 'withdrawn' AND channel != 'peer' "
    "ORDER BY day, id"
)


def _feedback(**kwargs: object) -> sa.Column:
    key = sa.ForeignKey("feedback.id", ondelete="CASCADE")
    return sa.Column("feedback_id", sa.String(12), key, nullable=False, **kwargs)


def _account(ondelete: str = "CASCADE", nullable: bool = False, **kwargs: object) -> sa.Column:
    key = sa.ForeignKey("account.id", ondelete=ondelete)
    return sa.Column("account_id", sa.Integer(), key, nullable=nullable, **kwargs)


def upgrade() -> None:
    _add_tables()
    op.add_column("feedback", sa.Column("changed", sa.Date()))
    op.execute(
        "UPDATE feedback SET changed = max(day, coalesce(last_author_day, day), "
        "coalesce(first_answer_day, day)) WHERE state != 'withdrawn'"
    )
    for name, order in ORDERS.items():
        where = {"sqlite_where": sa.text(AWAITED)} if name == "awaited" else {}
        columns = ["service_id", *order, "id", *DESK, "names_masked"]
        op.create_index(f"ix_feedback_{name}", "feedback", columns, **where)
    op.drop_index("ix_feedback_state", "feedback")  # the same as ix_feedback_service_state
    g8 = sa.text("question = 'G8'")
    op.create_index("ix_answer_place", "answer", ["value", "feedback_id"], sqlite_where=g8)
    contested = sa.text("verdict = 'not'")
    op.create_index(
        "ix_commitment_link_contested", "commitment_link", ["feedback_id"], sqlite_where=contested
    )
    _write_index("feedback_id UNINDEXED, service, words", in_forms=True)


def _add_tables() -> None:
    op.create_table(
        "assignment",
        _feedback(primary_key=True),
        _account(),
        sa.Column("day", sa.Date(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_assignment_account_id", "assignment", ["account_id"])
    op.create_table(
        "team_note",
        sa.Column("id", sa.String(12), primary_key=True),
        _feedback(),
        sa.Column("position", sa.Integer(), nullable=False),
        _account("SET NULL", nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.UniqueConstraint("feedback_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_reading",
        _account(primary_key=True),
        _feedback(primary_key=True),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_reading_feedback_id", "desk_reading", ["feedback_id"])
    op.create_table(
        "desk_visit",
        _account(primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("previous", sa.Date()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(12), primary_key=True),
        _account(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.UniqueConstraint("account_id", "name"),
        sqlite_with_rowid=False,
    )
    _add_acts()


def _add_acts() -> None:
    op.create_table(
        "desk_act",
        sa.Column("id", sa.String(12), primary_key=True),
        _account(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("target", sa.String(12), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_act_account_id", "desk_act", ["account_id"])
    op.create_index("ix_desk_act_made", "desk_act", ["made"])
    act = sa.ForeignKey("desk_act.id", ondelete="CASCADE")
    op.create_table(
        "desk_act_row",
        sa.Column("act_id", sa.String(12), act, primary_key=True, nullable=False),
        _feedback(primary_key=True),
        sa.Column("was", sa.String(12), nullable=False),
        sa.Column("became", sa.String(12), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_act_row_feedback_id", "desk_act_row", ["feedback_id"])


def _write_index(columns: str, in_forms: bool) -> None:
    op.execute("DROP TABLE feedback_search_words")
    op.execute("DROP TABLE feedback_search")
    op.execute(f"CREATE VIRTUAL TABLE feedback_search USING fts5({columns}, {TOKENS}")
    connection = op.get_bind()
    rows = connection.exec_driver_sql(READABLE).all()
    if in_forms:
        values = [(i, f"service{s}", " ".join(search_words(t))) for i, s, t in rows]
        insert = "INSERT INTO feedback_search (feedback_id, service, words) VALUES (?, ?, ?)"
    else:
        values = [(i, t) for i, _, t in rows]
        insert = "INSERT INTO feedback_search (feedback_id, words) VALUES (?, ?)"
    if values:
        connection.exec_driver_sql(insert, values)
    op.execute(WORDS)


def downgrade() -> None:
    _write_index("feedback_id UNINDEXED, words", in_forms=False)
    op.drop_index("ix_commitment_link_contested", "commitment_link")
    op.drop_index("ix_answer_place", "answer")
    op.create_index("ix_feedback_state", "feedback", ["service_id", "state", "day"])
    for name in ORDERS:
        op.drop_index(f"ix_feedback_{name}", "feedback")
    op.execute("ALTER TABLE feedback DROP COLUMN changed")  # in place: the triggers stay
    for table in (
        "desk_act_row",
        "desk_act",
        "saved_view",
        "desk_visit",
        "desk_reading",
        "team_note",
        "assignment",
    ):
        op.drop_table(table)

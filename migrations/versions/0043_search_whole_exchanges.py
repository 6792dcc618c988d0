"""search whole exchanges, in an index apart from that of what may be public

A row stands for a retour that has turns of an exchange or a surprise in its author's own words;
its number is made of the retour's id, so that it shows no order and is found at once.
"""

from alembic import op

from nlp.search_forms import search_words

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKENS = 'tokenize="unicode61 remove_diacritics 2"'
COLUMNS = "feedback_id UNINDEXED, service, words"
SAID = (
    "SELECT f.id, f.service_id, f.text, said.text FROM feedback f JOIN ("
    "SELECT feedback_id, position, text FROM message WHERE NOT held UNION ALL "
    "SELECT feedback_id, 1000000, value FROM answer WHERE question = 'G5' AND status = 'given'"
    ") said ON said.feedback_id = f.id "
    "WHERE f.names_masked AND f.state != 'withdrawn' AND f.channel != 'peer' "
    "ORDER BY f.id, said.position"
)


def upgrade() -> None:
    op.execute(f"CREATE VIRTUAL TABLE feedback_search_turns USING fts5({COLUMNS}, {TOKENS})")
    connection = op.get_bind()
    exchanges: dict[tuple[str, int, str], list[str]] = {}
    for number, service, text, said in connection.exec_driver_sql(SAID):
        exchanges.setdefault((number, service, text or ""), []).append(said or "")
    rows = [
        (_number(i), i, f"service{service}", " ".join(search_words("\n".join((text, *said)))))
        for (i, service, text), said in exchanges.items()
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO feedback_search_turns (rowid, feedback_id, service, words) "
            "VALUES (?, ?, ?, ?)",
            rows,
        )


def _number(feedback_id: str) -> int:
    number = 0
    for sign in feedback_id:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number


def downgrade() -> None:
    op.execute("DROP TABLE feedback_search_turns")

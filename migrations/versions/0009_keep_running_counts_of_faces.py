"""keep running counts of faces and of who spoke

Pages read these counts instead of all retours. Triggers keep them: whatever writes a retour or an
answer, by rows or in bulk, changes the counts in its own transaction. A later migration that makes
``feedback`` or ``answer`` anew drops the triggers with the old table: a test looks for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ("id", "service_id", "functionality_id", "day", "channel", "face", "state")
NEW = "(SELECT " + ", ".join(f"NEW.{c} AS {c}" for c in COLUMNS) + ")"
OLD = "(SELECT " + ", ".join(f"OLD.{c} AS {c}" for c in COLUMNS) + ")"
CHANGED = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in COLUMNS[1:])
TRAITS = "('G6', 'G7', 'G8')"
AGE = (
    "COALESCE((SELECT a.value FROM answer AS a WHERE a.feedback_id = f.id"
    " AND a.question = 'G7' AND a.status = 'given'), '')"
)


def faces(source: str, sign: int, age: str = AGE, where: str = "1") -> str:
    """Return the statement that adds ``sign`` to the cell of each retour of ``source``."""
    return (
        "INSERT INTO face_count (service_id, functionality_id, channel, age, face, retours) "
        f"SELECT f.service_id, COALESCE(f.functionality_id, 0), f.channel, {age}, f.face, {sign} "
        f"FROM {source} AS f WHERE {where} AND f.face IS NOT NULL "
        "AND f.state NOT IN ('withdrawn', 'refused') "
        "ON CONFLICT (service_id, functionality_id, channel, age, face) "
        "DO UPDATE SET retours = retours + excluded.retours;"
    )


def voices(source: str, sign: int, facet: str, value: str, where: str = "1") -> str:
    """Return the statement that adds ``sign`` to one facet's month; ``source`` names itself f."""
    return (
        "INSERT INTO voice_count (service_id, month, facet, value, retours) "
        f"SELECT f.service_id, date(f.day, 'start of month'), {facet}, {value}, {sign} "
        f"FROM {source} WHERE {where} AND f.state != 'withdrawn' "
        "ON CONFLICT (service_id, month, facet, value) "
        "DO UPDATE SET retours = retours + excluded.retours;"
    )


def retour(source: str, sign: int) -> str:
    """Return the statements that count a whole retour in or out."""
    rows = f"{source} AS f"
    faced = "f.face IS NOT NULL AND f.state != 'refused'"
    answers = f"{rows} JOIN answer AS a ON a.feedback_id = f.id"
    given = f"a.question IN {TRAITS} AND a.status = 'given'"
    return (
        faces(source, sign)
        + voices(rows, sign, "'channel'", "f.channel")
        + voices(rows, sign, "'face'", "CAST(f.face AS TEXT)", faced)
        + voices(answers, sign, "a.question", "a.value", given)
    )


def answer(row: str, sign: int) -> str:
    """Return the statements that count one answer in or out; the age moves a face's cell."""
    own = f"f.id = {row}.feedback_id AND {row}.status = 'given'"
    aged = f"{own} AND {row}.question = 'G7'"
    trait = f"{own} AND {row}.question IN {TRAITS}"
    return (
        faces("feedback", sign, f"{row}.value", aged)
        + faces("feedback", -sign, "''", aged)
        + voices("feedback AS f", sign, f"{row}.question", f"{row}.value", trait)
    )


def sweep(service: str) -> str:
    """Return the statements that drop cells of nobody: they would tell that somebody was there."""
    return "".join(
        f"DELETE FROM {table} WHERE retours = 0 AND service_id = {service};"
        for table in ("face_count", "voice_count")
    )


NEW_SERVICE = "(SELECT service_id FROM feedback WHERE id = NEW.feedback_id)"
OLD_SERVICE = "(SELECT service_id FROM feedback WHERE id = OLD.feedback_id)"
TRIGGERS = {
    "count_feedback_added": f"AFTER INSERT ON feedback BEGIN {retour(NEW, 1)} END",
    "count_feedback_changed": (
        f"AFTER UPDATE OF {', '.join(COLUMNS[1:])} ON feedback WHEN {CHANGED} "
        f"BEGIN {retour(OLD, -1)} {retour(NEW, 1)} {sweep('OLD.service_id')} END"
    ),
    # Before: its answers, which say in which cell it was counted, go with it.
    "count_feedback_dropped": (
        f"BEFORE DELETE ON feedback BEGIN {retour(OLD, -1)} {sweep('OLD.service_id')} END"
    ),
    "count_answer_added": (
        f"AFTER INSERT ON answer BEGIN {answer('NEW', 1)} {sweep(NEW_SERVICE)} END"
    ),
    "count_answer_changed": (
        "AFTER UPDATE OF feedback_id, question, status, value ON answer "
        f"BEGIN {answer('OLD', -1)} {answer('NEW', 1)} {sweep(OLD_SERVICE)} END"
    ),
    "count_answer_dropped": (
        f"AFTER DELETE ON answer BEGIN {answer('OLD', -1)} {sweep(OLD_SERVICE)} END"
    ),
}


def upgrade() -> None:
    op.create_table(
        "face_count",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("functionality_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("age", sa.Text(), nullable=False),
        sa.Column("face", sa.Integer(), nullable=False),
        sa.Column("retours", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "service_id", "functionality_id", "channel", "age", "face", name=op.f("pk_face_count")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "voice_count",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("facet", sa.String(20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("retours", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "service_id", "month", "facet", "value", name=op.f("pk_voice_count")
        ),
        sqlite_with_rowid=False,
    )
    for statement in retour("feedback", 1).rstrip(";").split(";"):
        op.execute(statement)
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")
    op.create_index("ix_feedback_service_state", "feedback", ["service_id", "state", "day"])


def downgrade() -> None:
    op.drop_index("ix_feedback_service_state", table_name="feedback")
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.drop_table("voice_count")
    op.drop_table("face_count")

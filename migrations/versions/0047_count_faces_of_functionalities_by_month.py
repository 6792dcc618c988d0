"""count the faces of each functionality by month, beside those of the whole service

Cells of ``voice_count`` whose facet is « face. » and the functionality's id; triggers of their own
keep them, as those of 0009 keep the rest.
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

COLUMNS = ("service_id", "functionality_id", "day", "face", "state")
NEW = "(SELECT " + ", ".join(f"NEW.{c} AS {c}" for c in COLUMNS) + ")"
OLD = "(SELECT " + ", ".join(f"OLD.{c} AS {c}" for c in COLUMNS) + ")"
CHANGED = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in COLUMNS)


def count(source: str, sign: int) -> str:
    """Return the statement that adds ``sign`` to the cell of each retour of ``source``."""
    return (
        "INSERT INTO voice_count (service_id, month, facet, value, retours) "
        "SELECT f.service_id, date(f.day, 'start of month'), 'face.' || f.functionality_id, "
        f"CAST(f.face AS TEXT), {sign} FROM {source} AS f "
        "WHERE f.functionality_id IS NOT NULL AND f.face IS NOT NULL "
        "AND f.state NOT IN ('withdrawn', 'refused') "
        "ON CONFLICT (service_id, month, facet, value) "
        "DO UPDATE SET retours = retours + excluded.retours;"
    )


SWEEP = "DELETE FROM voice_count WHERE retours = 0 AND service_id = OLD.service_id;"
TRIGGERS = {
    "count_part_added": f"AFTER INSERT ON feedback BEGIN {count(NEW, 1)} END",
    "count_part_changed": (
        f"AFTER UPDATE OF {', '.join(COLUMNS)} ON feedback WHEN {CHANGED} "
        f"BEGIN {count(OLD, -1)} {count(NEW, 1)} {SWEEP} END"
    ),
    "count_part_dropped": f"AFTER DELETE ON feedback BEGIN {count(OLD, -1)} {SWEEP} END",
}


def upgrade() -> None:
    op.execute(count("feedback", 1).rstrip(";"))
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DELETE FROM voice_count WHERE facet LIKE 'face.%'")

"""let the database itself refuse to alter the journal

An entry is appended; erasing a retour may empty its entry of everything but the digests. A later
migration that makes ``trace`` anew drops the triggers with the old table: doctor looks for them.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEPT = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in ("id", "previous", "digest"))
EMPTIED = " AND ".join(f"NEW.{c} IS NULL" for c in ("payload", "salt", "day", "feedback_id"))
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
TRIGGERS = {
    "trace_is_not_altered": (
        "BEFORE UPDATE ON trace "
        f"WHEN NOT ({KEPT} AND {EMPTIED} AND OLD.feedback_id IS NOT NULL) {REFUSE}"
    ),
    "trace_is_not_shortened": f"BEFORE DELETE ON trace {REFUSE}",
}


def upgrade() -> None:
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")

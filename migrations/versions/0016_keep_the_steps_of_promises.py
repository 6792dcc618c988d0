"""keep the steps of promises, who follows them, and what of a workshop may be shown

Promises made before get the steps whose day is known.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
def upgrade() -> None:
    op.create_table(
        "commitment_step",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("commitment_id", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            "fk_commitment_step_commitment_id_commitment",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment_step"),
        sa.UniqueConstraint(
            "commitment_id", "position", name="uq_commitment_step_commitment_id_position"
        ),
        sqlite_with_rowid=False,
    )
    _make_follow_up()
    op.add_column("proposal", sa.Column("shown_since", sa.Date()))
    may_show = sa.Column("may_show", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("card", may_show)
    _write_known_steps()


def _make_follow_up() -> None:
    targets = {"commitment_id": "commitment", "account_id": "account", "release_id": "release"}
    op.create_table(
        "commitment_follow_up",
        sa.Column("commitment_id", sa.String(12), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("release_id", sa.Integer()),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{target}.id"],
                f"fk_commitment_follow_up_{column}_{target}",
                ondelete="CASCADE" if target == "commitment" else "SET NULL",
            )
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint("commitment_id", name="pk_commitment_follow_up"),
        sqlite_with_rowid=False,
    )


def _write_known_steps() -> None:
    connection = op.get_bind()
    query = sa.text("SELECT id, made, announced, evidence, state, reason FROM commitment")
    insert = sa.text(
        "INSERT INTO commitment_step (id, commitment_id, position, day, kind, role, words) "
        "VALUES (:id, :commitment, :position, :day, :kind, :role, :words)"
    )
    for row_id, made, announced, evidence, state, reason in connection.execute(query).fetchall():
        known = [(made, "promised", "promoter", "")]
        if announced:
            known.append((announced, "announced", "moderator", evidence))
        if announced and state == "reopened":  # on which day is not known: not before this one
            known.append((announced, "reopened", "moderator", reason))
        for position, (day, kind, role, words) in enumerate(known, start=1):
            step_id = "".join(secrets.choice(CROCKFORD) for _ in range(12))
            values = {"day": day, "kind": kind, "role": role, "words": words}
            connection.execute(
                insert, {"id": step_id, "commitment": row_id, "position": position, **values}
            )


def downgrade() -> None:
    op.execute('ALTER TABLE "card" DROP COLUMN "may_show"')
    op.execute('ALTER TABLE "proposal" DROP COLUMN "shown_since"')
    op.drop_table("commitment_follow_up")
    op.drop_table("commitment_step")

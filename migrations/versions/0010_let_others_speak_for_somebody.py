"""let others speak for somebody: sheets, codes to claim, counts; short addresses, widgets

Columns are added and dropped by plain statements, as in 0005.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SHORT_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def upgrade() -> None:
    _make_tables()
    op.add_column("feedback", sa.Column("consent_day", sa.Date()))
    op.add_column("feedback", sa.Column("charter_version", sa.Integer()))
    flag = sa.Column("asks_new_code", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("feedback", flag)
    origins = sa.Column("widget_origins", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("service", origins)
    short = sa.Column("short", sa.String(6), nullable=False, server_default="")
    op.add_column("service", short)
    _draw_short_addresses()
    op.create_index("ix_service_short", "service", ["short"], unique=True)


def _make_tables() -> None:
    unordered = {"sqlite_with_rowid": False}
    op.create_table(
        "code_sheet",
        sa.Column("number", sa.String(8), nullable=False),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("code_hint", sa.String(6)),
        sa.Column("service_id", sa.Integer()),
        sa.Column("printed", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], "fk_code_sheet_service_id_service", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_code_sheet"),
        sa.UniqueConstraint("code_hash", name="uq_code_sheet_code_hash"),
        **unordered,
    )
    op.create_table(
        "code_claim",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("feedback_id", sa.String(12), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("key_hash", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            "fk_code_claim_feedback_id_feedback",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_claim"),
        sa.UniqueConstraint("feedback_id", name="uq_code_claim_feedback_id"),
        sa.UniqueConstraint("token_hash", name="uq_code_claim_token_hash"),
        **unordered,
    )
    op.create_index("ix_code_claim_until", "code_claim", ["until"])
    op.create_table(
        "entry_batch",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], "fk_entry_batch_account_id_account", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_entry_batch"),
        **unordered,
    )
    op.create_table(
        "entry_count",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], "fk_entry_count_account_id_account", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], "fk_entry_count_service_id_service", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "day", "service_id", "channel", name="pk_entry_count"
        ),
        **unordered,
    )


def _draw_short_addresses() -> None:
    connection = op.get_bind()
    taken: set[str] = set()
    for (number,) in connection.execute(sa.text("SELECT id FROM service")).fetchall():
        short = ""
        while not short or short in taken:
            short = "".join(secrets.choice(SHORT_LETTERS) for _ in range(6))
        taken.add(short)
        update = sa.text("UPDATE service SET short = :short WHERE id = :id")
        connection.execute(update, {"short": short, "id": number})


def downgrade() -> None:
    op.drop_index("ix_service_short", "service")
    for column in ("short", "widget_origins"):
        op.execute(f'ALTER TABLE "service" DROP COLUMN "{column}"')
    for column in ("asks_new_code", "charter_version", "consent_day"):
        op.execute(f'ALTER TABLE "feedback" DROP COLUMN "{column}"')
    for table in ("entry_count", "entry_batch", "code_claim", "code_sheet"):
        op.drop_table(table)

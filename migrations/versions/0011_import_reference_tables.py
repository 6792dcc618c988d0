"""import reference tables"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reference_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("imported", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("scale", sa.String(6), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("top", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_table")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_reference_table_fingerprint")),
    )
    op.create_table(
        "reference_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(11), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("region", sa.String(4)),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer()),
        sa.Column("fair", sa.Integer()),
        sa.Column("good", sa.Integer()),
        sa.Column("value", sa.Double()),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["reference_table.id"],
            name=op.f("fk_reference_row_table_id_reference_table"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_row")),
    )
    op.create_index("ix_reference_row_table_level", "reference_row", ["table_id", "level"])
    op.create_table(
        "reference_digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(4), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("n", sa.Integer()),
        sa.Column("value", sa.Double()),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["reference_table.id"],
            name=op.f("fk_reference_digest_table_id_reference_table"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_digest")),
    )
    op.create_index("ix_reference_digest_table_place", "reference_digest", ["table_id", "place"])


def downgrade() -> None:
    op.drop_table("reference_digest")
    op.drop_table("reference_row")
    op.drop_table("reference_table")

"""keep what people ask of themes

Columns are added and dropped by plain statements: the batch way makes a table anew, and dropping
the old one would take every placement with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = {
    "analysis_run": [sa.Column("kind", sa.String(7), nullable=False, server_default="full")],
    "placement": [sa.Column("runner_up_score", sa.Double())],
    "subject": [
        sa.Column("merged_into", sa.String(12)),
        sa.Column("seen", sa.Integer(), nullable=False, server_default="1"),
    ],
    "theme": [
        sa.Column("split_from", sa.String(12)),
        sa.Column("centroid", sa.LargeBinary()),
        sa.Column("threshold", sa.Double(), nullable=False, server_default="0"),
        sa.Column("map_x", sa.Double()),
        sa.Column("map_y", sa.Double()),
    ],
    "theme_event": [sa.Column("before", sa.JSON()), sa.Column("undone", sa.Date())],
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(
                table,
                sa.Column(
                    column.name,
                    column.type,
                    nullable=column.nullable,
                    server_default=column.server_default,
                ),
            )
    op.create_table(
        "subject_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_subject_event_subject_id_subject"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_event")),
    )
    with op.batch_alter_table("subject_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_event_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "reference_margin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_reference_margin_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_margin")),
    )
    with op.batch_alter_table("reference_margin", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reference_margin_service_id"), ["service_id"], unique=False
        )

    op.create_table(
        "theme_bond",
        sa.Column("one_id", sa.String(length=12), nullable=False),
        sa.Column("other_id", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"], ["theme.id"], name=op.f("fk_theme_bond_one_id_theme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["theme.id"],
            name=op.f("fk_theme_bond_other_id_theme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_theme_bond")),
    )
    op.create_table(
        "segment_bond",
        sa.Column("one_id", sa.String(length=12), nullable=False),
        sa.Column("other_id", sa.String(length=12), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["one_id"],
            ["segment.id"],
            name=op.f("fk_segment_bond_one_id_segment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["segment.id"],
            name=op.f("fk_segment_bond_other_id_segment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_segment_bond_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_segment_bond")),
    )
    with op.batch_alter_table("segment_bond", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_segment_bond_service_id"), ["service_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("segment_bond", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_bond_service_id"))

    op.drop_table("segment_bond")
    op.drop_table("theme_bond")
    with op.batch_alter_table("reference_margin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reference_margin_service_id"))

    op.drop_table("reference_margin")
    with op.batch_alter_table("subject_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_event_subject_id"))

    op.drop_table("subject_event")
    for table, columns in COLUMNS.items():
        for column in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column.name}"')

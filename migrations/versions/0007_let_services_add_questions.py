"""let services and territories add questions, with every wording they had"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("territory_code", sa.String(length=4), nullable=True),
        sa.Column("functionality_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("from_risk", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_local_question_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
            name=op.f("fk_local_question_territory_code_territory"),
        ),
        sa.ForeignKeyConstraint(
            ["functionality_id"],
            ["functionality.id"],
            name=op.f("fk_local_question_functionality_id_functionality"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_question")),
    )
    for column in ("service_id", "territory_code"):
        op.create_index(op.f(f"ix_local_question_{column}"), "local_question", [column])
    op.create_table(
        "local_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["local_question.id"],
            name=op.f("fk_local_wording_question_id_local_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_wording")),
        sa.UniqueConstraint(
            "question_id", "version", name=op.f("uq_local_wording_question_id_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("local_wording")
    op.drop_table("local_question")

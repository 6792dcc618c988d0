"""write down when the jobs of the clock ended, and count bursts of retours while they come"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("succeeded", sa.DateTime(), nullable=True),
        sa.Column("did", sa.String(length=200), nullable=False),
        sa.Column("failed", sa.DateTime(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_job_run")),
    )
    op.create_table(
        "burst",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.DateTime(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_burst_service_id_service"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_burst")),
    )


def downgrade() -> None:
    op.drop_table("burst")
    op.drop_table("job_run")

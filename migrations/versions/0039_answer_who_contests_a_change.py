"""keep what a moderator answers to who contests a change"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "commitment_link", sa.Column("answer", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("commitment_link", "answer")

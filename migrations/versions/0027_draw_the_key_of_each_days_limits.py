"""draw the key of each day's rate limits

It was derived from SECRET_KEY: whoever held that could tell a network from a kept window. The
windows that are open start anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_key",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_limit_key")),
    )


def downgrade() -> None:
    op.drop_table("limit_key")

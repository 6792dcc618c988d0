"""remember when a room fell silent"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop", sa.Column("quiet_since", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("workshop", "quiet_since")

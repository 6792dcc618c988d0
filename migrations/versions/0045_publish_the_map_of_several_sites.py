"""publish the map of several sites, session by session"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop", sa.Column("mapped_since", sa.Date()))


def downgrade() -> None:
    op.drop_column("workshop", "mapped_since")

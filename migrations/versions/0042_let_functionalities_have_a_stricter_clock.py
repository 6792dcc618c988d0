"""let functionalities have a stricter reply clock than the matrix"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("functionality", sa.Column("own_reply_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("functionality", "own_reply_days")

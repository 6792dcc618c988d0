"""let people leave the pages of a service at once

Where the law guarantees anonymity the button is on from the start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    flag = sa.Column("quick_exit", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("service", flag)
    op.execute("UPDATE service SET quick_exit = 1 WHERE anonymous_by_law")


def downgrade() -> None:
    op.execute('ALTER TABLE "service" DROP COLUMN "quick_exit"')

"""group short retours whole, and end a subject at the second miss

Columns are added and dropped by plain statements: the batch way makes a table anew, and dropping
the old one would take every placement with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("segment", sa.Column("whole_vector", sa.LargeBinary()))
    flag = sa.Column("with_whole", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("placement", flag)
    missed = sa.Column("missed", sa.Integer(), nullable=False, server_default="0")
    op.add_column("subject", missed)


def downgrade() -> None:
    op.execute('ALTER TABLE "subject" DROP COLUMN "missed"')
    op.execute('ALTER TABLE "placement" DROP COLUMN "with_whole"')
    op.execute('ALTER TABLE "segment" DROP COLUMN "whole_vector"')

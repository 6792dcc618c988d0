"""note when phones of a crowded room last asked, and which words of sessions wait for masking,
and who took a session over
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


WORDS = ("card", "remark", "diary_entry", "opinion")


def upgrade() -> None:
    crowded = sa.Column("crowded", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("workshop", crowded)
    op.add_column("participant", sa.Column("seen", sa.DateTime()))
    op.add_column("workshop", sa.Column("crew_seen", sa.DateTime()))
    took_over = sa.Column("took_over", sa.Boolean(), nullable=False, server_default="0")
    op.add_column("co_facilitator", took_over)
    for table in WORDS:
        masked = sa.Column("names_masked", sa.Boolean(), nullable=False, server_default="1")
        op.add_column(table, masked)


def downgrade() -> None:
    for table in WORDS:
        op.drop_column(table, "names_masked")
    op.drop_column("co_facilitator", "took_over")
    op.drop_column("workshop", "crew_seen")
    op.drop_column("participant", "seen")
    op.drop_column("workshop", "crowded")

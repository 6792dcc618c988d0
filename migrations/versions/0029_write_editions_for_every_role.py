"""write editions for every role, at the day and hour that their reader chose

Editions and subscriptions are no longer of one service only: ``about`` says of what.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NO_ROWID = {"sqlite_with_rowid": False}
OLD_EDITION = "uq_edition_audience_service_id_frequency_start"
OLD_READERS = (
    ("uq_subscription_audience_service_id_account_id", "account_id"),
    ("uq_subscription_audience_service_id_address", "address"),
)


def upgrade() -> None:
    _keep_deliveries()
    with op.batch_alter_table("edition", table_kwargs=NO_ROWID) as batch:
        batch.add_column(sa.Column("about", sa.String(24), nullable=False, server_default=""))
        batch.alter_column("audience", type_=sa.String(12), existing_nullable=False)
        batch.alter_column("service_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint(op.f(OLD_EDITION), type_="unique")
        name = op.f("uq_edition_audience_about_frequency_start")
        batch.create_unique_constraint(name, ["audience", "about", "frequency", "start"])
    with op.batch_alter_table("subscription", table_kwargs=NO_ROWID) as batch:
        batch.add_column(sa.Column("about", sa.String(24), nullable=False, server_default=""))
        batch.add_column(sa.Column("weekday", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("hour", sa.Integer(), nullable=False, server_default="7"))
        batch.add_column(sa.Column("bursts", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("nags", sa.Boolean(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("nagged", sa.Date(), nullable=True))
        batch.alter_column("audience", type_=sa.String(12), existing_nullable=False)
        batch.alter_column("service_id", existing_type=sa.Integer(), nullable=True)
        for old, column in OLD_READERS:
            batch.drop_constraint(op.f(old), type_="unique")
            name = op.f(f"uq_subscription_audience_about_{column}")
            batch.create_unique_constraint(name, ["audience", "about", column])
    for table in ("edition", "subscription"):
        op.execute(f"UPDATE {table} SET about = 'service-' || service_id")
    _give_deliveries_back()


def downgrade() -> None:
    for table in ("edition", "subscription"):
        op.execute(f"DELETE FROM {table} WHERE service_id IS NULL")
    _keep_deliveries()
    with op.batch_alter_table("subscription", table_kwargs=NO_ROWID) as batch:
        for old, column in OLD_READERS:
            batch.drop_constraint(op.f(f"uq_subscription_audience_about_{column}"), type_="unique")
            batch.create_unique_constraint(op.f(old), ["audience", "service_id", column])
        batch.alter_column("audience", type_=sa.String(8), existing_nullable=False)
        batch.alter_column("service_id", existing_type=sa.Integer(), nullable=False)
        for column in ("about", "weekday", "hour", "bursts", "nags", "nagged"):
            batch.drop_column(column)
    with op.batch_alter_table("edition", table_kwargs=NO_ROWID) as batch:
        batch.drop_constraint(op.f("uq_edition_audience_about_frequency_start"), type_="unique")
        columns = ["audience", "service_id", "frequency", "start"]
        batch.create_unique_constraint(op.f(OLD_EDITION), columns)
        batch.alter_column("audience", type_=sa.String(8), existing_nullable=False)
        batch.alter_column("service_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("about")
    _give_deliveries_back()


def _keep_deliveries() -> None:
    """Put deliveries aside: a table made anew under them would take them away."""
    op.execute("CREATE TABLE kept_delivery AS SELECT * FROM delivery")


def _give_deliveries_back() -> None:
    columns = "id, edition_id, subscription_id, day, delivered"
    op.execute(f"INSERT INTO delivery ({columns}) SELECT {columns} FROM kept_delivery")
    op.execute("DROP TABLE kept_delivery")

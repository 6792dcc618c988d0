"""give signals their proof and what experts say

A signal may now belong to no single service. SQLite makes the table anew for that, and dropping the
old one takes the rows that point to it: they are put aside and put back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

NEW_IN_SIGNAL = [
    sa.Column("subject_id", sa.String(12)),
    sa.Column("facet", sa.String(16), nullable=False, server_default=""),
    sa.Column("facet_value", sa.String(60), nullable=False, server_default=""),
    sa.Column("tone", sa.String(8), nullable=False, server_default=""),
    sa.Column("unlisted", sa.Boolean()),
    sa.Column("known_effect_id", sa.Integer()),
    sa.Column("priority", sa.Double(), nullable=False, server_default="0"),
    sa.Column("proof", sa.JSON(), nullable=False, server_default="{}"),
    sa.Column("unexpected", sa.Boolean()),
    sa.Column("link", sa.String(10), nullable=False, server_default=""),
    sa.Column("merged_into", sa.String(12)),
]
KEYS = {"subject_id": "subject", "known_effect_id": "known_effect"}


@contextmanager
def _children_kept() -> Iterator[None]:
    """Put the rows that point to a signal aside, and put them back."""
    connection = op.get_bind()
    kept = {}
    for name in ("signal_evidence", "signal_note"):
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        kept[name] = (table, [dict(row) for row in connection.execute(table.select()).mappings()])
    yield
    for table, rows in kept.values():
        if rows:
            connection.execute(table.insert(), rows)


def upgrade() -> None:
    op.create_table('declared_public',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.Column('facet', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('declared', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_declared_public_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declared_public')),
    sa.UniqueConstraint('service_id', 'facet', 'value', name=op.f('uq_declared_public_service_id_facet_value'))
    )
    op.create_table('form_views',
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_form_views_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('service_id', 'day', name=op.f('pk_form_views'))
    )
    op.create_table('known_effect',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('added', sa.Date(), nullable=False),
    sa.Column('ended', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_known_effect_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_effect'))
    )
    with op.batch_alter_table('known_effect', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_known_effect_service_id'), ['service_id'], unique=False)

    op.create_table('watch_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('promised_weeks', sa.Integer(), nullable=False),
    sa.Column('streams', sa.Integer(), nullable=False),
    sa.Column('weeks', sa.Integer(), nullable=False),
    sa.Column('alarms', sa.Integer(), nullable=False),
    sa.Column('mean_weeks', sa.Double(), nullable=True),
    sa.Column('low_weeks', sa.Double(), nullable=True),
    sa.Column('high_weeks', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_watch_check_service_id_service'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watch_check'))
    )
    with op.batch_alter_table('watch_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watch_check_service_id'), ['service_id'], unique=False)

    op.create_table('release_watch',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('service_id', sa.Integer(), nullable=False),
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.String(length=12), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('declared', sa.Date(), nullable=False),
    sa.Column('declared_by', sa.String(length=120), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('planned_weeks', sa.Integer(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('looks', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('ended', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_release_watch_release_id_release'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_release_watch_service_id_service'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_release_watch_theme_id_theme'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_watch')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('release_watch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_watch_service_id'), ['service_id'], unique=False)

    op.create_table('signal_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('signal_id', sa.String(length=12), nullable=False),
    sa.Column('asked', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.String(length=120), nullable=False),
    sa.Column('field', sa.String(length=80), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answered', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.String(length=120), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['signal_id'], ['signal.id'], name=op.f('fk_signal_question_signal_id_signal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_question'))
    )
    with op.batch_alter_table('signal_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signal_question_signal_id'), ['signal_id'], unique=False)

    op.create_table('known_effect_example',
    sa.Column('id', sa.String(length=12), nullable=False),
    sa.Column('effect_id', sa.Integer(), nullable=False),
    sa.Column('segment_id', sa.String(length=12), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=True),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['effect_id'], ['known_effect.id'], name=op.f('fk_known_effect_example_effect_id_known_effect'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['segment_id'], ['segment.id'], name=op.f('fk_known_effect_example_segment_id_segment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_effect_example')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('known_effect_example', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_known_effect_example_effect_id'), ['effect_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_known_effect_example_segment_id'), ['segment_id'], unique=False)

    with (
        _children_kept(),
        op.batch_alter_table("signal", table_kwargs={"sqlite_with_rowid": False}) as batch_op,
    ):
        for column in NEW_IN_SIGNAL:
            batch_op.add_column(sa.Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default))
        batch_op.alter_column("service_id", existing_type=sa.Integer(), nullable=True)
        for column, table in KEYS.items():
            batch_op.create_foreign_key(
                batch_op.f(f"fk_signal_{column}_{table}"), table, [column], ["id"], ondelete="SET NULL"
            )
    op.add_column(
        "signal_note", sa.Column("answers", sa.JSON(), nullable=False, server_default="{}")
    )
    op.drop_column("service", "known_effects")  # no page ever wrote it; rows now


def downgrade() -> None:
    op.add_column(
        "service", sa.Column("known_effects", sa.Text(), nullable=False, server_default="")
    )
    op.drop_column("signal_note", "answers")
    op.execute(
        "DELETE FROM signal_evidence WHERE signal_id IN (SELECT id FROM signal WHERE service_id IS NULL)"
    )
    op.execute(
        "DELETE FROM signal_note WHERE signal_id IN (SELECT id FROM signal WHERE service_id IS NULL)"
    )
    op.execute("DELETE FROM signal WHERE service_id IS NULL")
    with (
        _children_kept(),
        op.batch_alter_table("signal", table_kwargs={"sqlite_with_rowid": False}) as batch_op,
    ):
        for column, table in KEYS.items():
            batch_op.drop_constraint(batch_op.f(f"fk_signal_{column}_{table}"), type_="foreignkey")
        batch_op.alter_column("service_id", existing_type=sa.Integer(), nullable=False)
        for new in reversed(NEW_IN_SIGNAL):
            batch_op.drop_column(new.name)
    with op.batch_alter_table('known_effect_example', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_known_effect_example_segment_id'))
        batch_op.drop_index(batch_op.f('ix_known_effect_example_effect_id'))

    op.drop_table('known_effect_example')
    with op.batch_alter_table('signal_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signal_question_signal_id'))

    op.drop_table('signal_question')
    with op.batch_alter_table('release_watch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_watch_service_id'))

    op.drop_table('release_watch')
    with op.batch_alter_table('watch_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_watch_check_service_id'))

    op.drop_table('watch_check')
    with op.batch_alter_table('known_effect', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_known_effect_service_id'))

    op.drop_table('known_effect')
    op.drop_table('form_views')
    op.drop_table('declared_public')

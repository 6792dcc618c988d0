"""support services in their life: answer templates, visits, lessons, evaluations of others"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _templates()
    _visits()
    _lessons()
    _evaluations()


def downgrade() -> None:
    op.drop_table("evaluation_count")
    op.drop_table("evaluation_file")
    op.drop_table("lesson_service")
    op.drop_table("lesson")
    op.drop_table("visit_service")
    op.drop_table("visit")
    op.drop_table("answer_template")


def _key(table: str, column: str, other: str, to: str = "id", cascade: bool = False) -> object:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.{to}"],
        name=op.f(f"fk_{table}_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _primary(table: str, *columns: str) -> object:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _links(table: str, one: str) -> None:
    column = f"{one}_id"
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        _key(table, column, one, cascade=True),
        _key(table, "service_id", "service", cascade=True),
        _primary(table, column, "service_id"),
    )


def _templates() -> None:
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed", sa.Date(), nullable=False),
        _key("answer_template", "service_id", "service", cascade=True),
        _primary("answer_template", "id"),
        sa.UniqueConstraint(
            "service_id", "name", name=op.f("uq_answer_template_service_id_name")
        ),
    )


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_code", sa.String(4), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _key("visit", "territory_code", "territory", "code"),
        _key("visit", "organisation_id", "organisation"),
        _primary("visit", "id"),
    )
    op.create_index("ix_visit_territory_day", "visit", ["territory_code", "day"])
    _links("visit_service", "visit")


def _lessons() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_code", sa.String(4), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(200), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        _key("lesson", "territory_code", "territory", "code"),
        _key("lesson", "organisation_id", "organisation"),
        _primary("lesson", "id"),
    )
    op.create_index("ix_lesson_day", "lesson", ["day"])
    _links("lesson_service", "lesson")


def _evaluations() -> None:
    op.create_table(
        "evaluation_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.Column("imported", sa.Date(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        _primary("evaluation_file", "id"),
        sa.UniqueConstraint("seal", name=op.f("uq_evaluation_file_seal")),
    )
    op.create_table(
        "evaluation_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(32), nullable=False),
        sa.Column("service", sa.String(60), nullable=False),
        sa.Column("service_name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        _key("evaluation_count", "file_id", "evaluation_file", cascade=True),
        _primary("evaluation_count", "id"),
        sa.UniqueConstraint(
            "instance", "service", "kind", "question", "version", "period", name="uq_provenance"
        ),
    )
    op.create_index(op.f("ix_evaluation_count_file_id"), "evaluation_count", ["file_id"])
    op.create_index(op.f("ix_evaluation_count_kind"), "evaluation_count", ["kind"])

"""keep second factors, sessions of staff, what opens a door once, and the term of each service"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FACTORS = {
    "tf_primary_method": sa.String(length=20),
    "tf_totp_secret": sa.String(length=255),
    "totp_counter": sa.Integer(),
    "mf_recovery_codes": sa.UnicodeText(),
    "fs_webauthn_user_handle": sa.String(length=64),
    "oidc_subject": sa.String(length=255),
}
ALONE = ("fs_webauthn_user_handle", "oidc_subject")
TABLES = ("retention_proof", "staff_token", "staff_session", "passkey")
RANDOM = sa.String(length=12)


def upgrade() -> None:
    # Columns are added rather than the table made anew: half of the database points at it.
    for name, kind in FACTORS.items():
        op.add_column("account", sa.Column(name, kind, nullable=True))
    for name in ALONE:
        op.create_index(op.f(f"ix_account_{name}"), "account", [name], unique=True)
    op.add_column(
        "service", sa.Column("kept_months", sa.Integer(), nullable=False, server_default="36")
    )
    _passkeys()
    _sessions()
    _tokens()
    _proofs()


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _of_account(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_account")
    return sa.ForeignKeyConstraint([column], ["account.id"], name=name, ondelete="CASCADE")


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("lastuse_datetime", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        _of_account("passkey", "user_id"),
        _key("passkey"),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])
    op.create_index(op.f("ix_passkey_credential_id"), "passkey", ["credential_id"], unique=True)


def _sessions() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", RANDOM, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("began", sa.DateTime(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_account("staff_session", "account_id"),
        _key("staff_session"),
    )
    op.create_index(op.f("ix_staff_session_key"), "staff_session", ["key"], unique=True)
    op.create_index(op.f("ix_staff_session_account_id"), "staff_session", ["account_id"])
    op.create_index(op.f("ix_staff_session_began"), "staff_session", ["began"])


def _tokens() -> None:
    op.create_table(
        "staff_token",
        sa.Column("id", RANDOM, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _of_account("staff_token", "account_id"),
        _key("staff_token"),
    )
    op.create_index(op.f("ix_staff_token_account_id"), "staff_token", ["account_id"])
    op.create_index(op.f("ix_staff_token_digest"), "staff_token", ["digest"])


def _proofs() -> None:
    op.create_table(
        "retention_proof",
        sa.Column("id", RANDOM, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_retention_proof_service_id_service"),
            ondelete="SET NULL",
        ),
        _key("retention_proof"),
    )
    op.create_index(op.f("ix_retention_proof_day"), "retention_proof", ["day"])
    op.create_index(op.f("ix_retention_proof_service_id"), "retention_proof", ["service_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("service", "kept_months")
    for name in ALONE:
        op.drop_index(op.f(f"ix_account_{name}"), "account")
    for name in reversed(FACTORS):
        op.drop_column("account", name)

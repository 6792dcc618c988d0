"""Staff accounts, their roles (model.md §5) and the services or territory each acts on.

Citizens never have one. Signing in is ``app/sign_in.py``; who may see what is ``app/access.py``.
"""

from datetime import date, datetime
from enum import StrEnum

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Organisation, Service, Territory
from app.db import Model, db


class Role(StrEnum):
    """The staff roles of the golden table."""

    PROMOTER = "promoter"
    MODERATOR = "moderator"
    EXPERT = "expert"
    FACILITATOR = "facilitator"
    MEDIATOR = "mediator"
    RELAY = "relay"
    ADMINISTRATOR = "administrator"


account_role = Table(
    "account_role",
    db.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class RoleRow(Model, RoleMixin):
    """A role as Flask-Security stores it; ``Role`` lists the names that exist."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(Model, UserMixin):
    """A member of staff."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    created: Mapped[date]
    # The second factor, under the names that Flask-Security looks for.
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))  # encrypted
    totp_counter: Mapped[int | None]  # of the last code: none opens twice
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList())  # encrypted
    )
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True, index=True
    )
    oidc_subject: Mapped[str | None] = mapped_column(String(255), unique=True, index=True)

    organisation: Mapped[Organisation] = relationship()
    territory: Mapped[Territory | None] = relationship()
    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]
        secondary=account_role, lazy="selectin"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin"
    )
    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan"
    )

    @property
    def role_names(self) -> set[Role]:
        """The roles that this account holds."""
        return {Role(role.name) for role in self.roles}

    @property
    def service_ids(self) -> set[int]:
        """The services that this account is a team member of."""
        return {membership.service_id for membership in self.memberships}

    def holds(self, *roles: Role) -> bool:
        """Say whether the account holds any of ``roles``."""
        return bool(self.role_names.intersection(roles))


class Passkey(Model, WebAuthnMixin):
    """A key that a device keeps for an account, as Flask-Security stores it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime] = mapped_column(DateTime)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))


class Membership(Model):
    """An account's seat in the team of one service."""

    __table_args__ = (UniqueConstraint("account_id", "service_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))

    account: Mapped[Account] = relationship(back_populates="memberships")
    service: Mapped[Service] = relationship()


def team_of(service: Service) -> list[Account]:
    """Return the active accounts that answer for ``service``, by name."""
    query = (
        select(Account)
        .join(Membership)
        .where(Membership.service_id == service.id, Account.active)
        .order_by(Account.name)
    )
    return list(db.session.scalars(query))

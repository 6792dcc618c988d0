"""The tables of what was composed and to whom it went; ``app/digests.py`` fills them.

One Edition for each (audience, subject, period), one Delivery for each (edition, subscription): the
unique keys are what makes a second run send nothing. Quotes are kept by the id of their retour,
never as words: what is erased there is gone here.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Service
from app.db import UNORDERED, Model, id_column
from app.subscriptions import ROLE_AUDIENCES, Subscription, about_service


class Edition(Model):
    """What one audience is told for [start, end) about one service, or what its role looks at."""

    __table_args__ = (
        UniqueConstraint("audience", "about", "frequency", "start"),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    audience: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(24), default=about_service, server_default="")
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    frequency: Mapped[str] = mapped_column(String(8))
    start: Mapped[date]
    end: Mapped[date]  # exclusive
    composed: Mapped[date]
    title: Mapped[str] = mapped_column(String(160))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # numbers and ids; quotes by retour id
    skipped: Mapped[str] = mapped_column(String(160), default="")  # why nothing was sent

    service: Mapped[Service] = relationship()

    @property
    def is_of_role(self) -> bool:
        """Whether it is about what a role looks at, not about one service."""
        return self.audience in ROLE_AUDIENCES

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)


class Delivery(Model):
    """One edition on its way to one reader; its id is the mail's key."""

    __table_args__ = (UniqueConstraint("edition_id", "subscription_id"), UNORDERED)
    id: Mapped[str] = id_column()
    edition_id: Mapped[str] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    day: Mapped[date]
    delivered: Mapped[bool] = mapped_column(default=False)

    edition: Mapped[Edition] = relationship()
    subscription: Mapped[Subscription] = relationship()

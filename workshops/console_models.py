"""The tables of a session's console: who else runs it, the last gestures, proposals.

What was done and proposed is live state: it goes when the session closes (``live_state.py``).
"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.db import UNORDERED, Model, id_column


class CoFacilitator(Model):
    """That an account runs a session beside its facilitator, with the same rights."""

    __table_args__ = (UNORDERED,)
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # while nobody was at the console, without having been invited
    took_over: Mapped[bool] = mapped_column(default=False, server_default="0")

    account: Mapped[Account] = relationship()


class BoardAct(Model):
    """One gesture on the board and what it changed, so that it can be undone exactly."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    number: Mapped[int]  # rises with each gesture of the session
    kind: Mapped[str] = mapped_column(String(10))
    count: Mapped[int] = mapped_column(default=0)  # ideas that it was about
    name: Mapped[str] = mapped_column(String(120), default="")  # of the group that it was about
    change: Mapped[dict[str, Any]] = mapped_column(JSON)  # see board_changes.py

    account: Mapped[Account | None] = relationship()


class GroupSuggestion(Model):
    """A group that the machine proposes; a person accepts or refuses it.

    It holds no word: what its ideas have in common is read from them when it is shown.
    """

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    card_ids: Mapped[list[str]] = mapped_column(JSON)
    seal: Mapped[str] = mapped_column(String(16))  # of what its cards said when it was made
    likeness: Mapped[int]  # in hundredths, 0 to 100
    refused: Mapped[bool] = mapped_column(default=False)

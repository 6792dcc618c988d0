"""The tables of a process: what links sessions, trials and sites over the life of a service."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.catalogue import Service
from app.db import UNORDERED, Model, id_column


class Process(Model):
    """Sessions and trials that belong together, kept by one facilitator."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    keeper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    title: Mapped[str] = mapped_column(String(120))
    aim: Mapped[str] = mapped_column(Text, default="")
    made: Mapped[date]

    service: Mapped[Service] = relationship()
    keeper: Mapped[Account] = relationship()


class Trial(Model):
    """People try a prototype at home for some days and write in a diary of short questions."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    process_id: Mapped[str] = mapped_column(
        ForeignKey("process.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(120))
    starts: Mapped[date]
    ends: Mapped[date]
    prompts: Mapped[list[str]] = mapped_column(JSON)

    process: Mapped[Process] = relationship()


class DiaryEntry(Model):
    """A few words of a code's holder on one day of a trial, masked."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    trial_id: Mapped[str] = mapped_column(ForeignKey("trial.id", ondelete="CASCADE"), index=True)
    code_id: Mapped[str] = mapped_column(ForeignKey("kept_code.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    prompt: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    names_masked: Mapped[bool] = mapped_column(default=True, server_default="1")  # unmasked.py

    trial: Mapped[Trial] = relationship()


class PanelSeat(Model):
    """That the holder of a code took part in a session: the panel that comes back."""

    __table_args__ = (UNORDERED,)
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    code_id: Mapped[str] = mapped_column(
        ForeignKey("kept_code.id", ondelete="CASCADE"), primary_key=True
    )


class SharedGroup(Model):
    """Groups of several sites that say one thing, as the keeper of the process decided."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    process_id: Mapped[str] = mapped_column(
        ForeignKey("process.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(120))

"""Values that belong to the instance and are drawn once: the salt of receipt codes."""

import secrets

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, db


class SystemValue(Model):
    """A named value of this instance."""

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


def drawn_once(name: str) -> str:
    """Return the random value called ``name``, drawn and stored the first time it is asked for."""
    row = db.session.get(SystemValue, name)
    if row is None:
        row = SystemValue(name=name, value=secrets.token_hex(16))
        db.session.add(row)
        db.session.flush()
    return row.value

"""What each test of recognition found: numbers and a day, no retour's id."""

from datetime import date

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class RecognitionTest(Model):
    """One run of the test over everything that the site shows to the public."""

    day: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    passed: Mapped[bool]

"""A service with a year of retours on three themes, and bursts of one of them, for signal tests."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.catalogue import Service
from app.db import db
from feedback.models import Answer, Feedback, Subject, Theme
from tests import factories
from tests.feedback import corpus, placed

DISTINCT = (  # of fourteen authors, none a near-copy of another
    *corpus.BURST,
)
NOISE = 200  # retours of a year and a month


def themes_of(service: Service, today: date, **subjects: Subject) -> dict[str, Theme]:
    """Return three themes of ``service``, each with a retour every tenth day for a year.

    Beside them, what stands in no theme: a rise of one theme is not most of all that is said.
    """
    made = {}
    noise(service, today, NOISE, 2)
    for name in corpus.SUBJECTS:
        theme = placed.theme(service, name, born=today, subject=subjects.get(name))
        for number, text in enumerate(corpus.sentences(name)):
            say(theme, text, today - timedelta(days=30 + number * 10))
        made[name] = theme
    return made


def say(theme: Theme, text: str, day: date, place: str = "", **values: object) -> Feedback:
    """Store one retour of ``theme``; ``place`` is the code of a département."""
    row = factories.retour(theme.service, text=text, day=day, **values)
    placed.place(row, theme)
    if place:
        db.session.add(Answer(feedback_id=row.id, question="G8", status="given", value=place))
        db.session.flush()
    return row


def burst(
    theme: Theme, today: date, texts: Sequence[str] = DISTINCT, place: str = "", **values: object
) -> list[Feedback]:
    """A sudden rise of one theme in the last three weeks."""
    return [
        say(theme, text, today - timedelta(days=1 + number % 20), place, **values)
        for number, text in enumerate(texts)
    ]


def noise(service: Service, today: date, count: int, every_days: int, **values: object) -> None:
    """Store retours that stand in no theme, back from a month ago."""
    for number in range(count):
        day = today - timedelta(days=number * every_days)
        factories.retour(service, text=f"Mot numéro {number}.", day=day, **values)

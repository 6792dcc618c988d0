"""A theme with a steady past, and weeks that bring what a test wants, for release watches."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Theme
from tests import factories
from tests.feedback import placed
from tests.feedback.watched_town import say

WEEK = timedelta(weeks=1)
PAST = 40  # weeks: one retour of the theme and four others in each
SUBJECTS = ("mesure", "carte", "montre", "balance", "courbe", "alarme", "page", "liste")
VERBS = ("disparaît", "se ferme", "clignote", "ment", "tarde", "se vide", "se bloque")
ENDS = ("le soir", "au travail", "en voiture", "chez moi", "sous la pluie", "à midi", "parfois")


def sentences() -> Iterator[str]:
    """Yield sentences that no rule takes for copies of each other."""
    for number in range(len(SUBJECTS) * len(VERBS) * len(ENDS)):
        rest, first = divmod(number, len(SUBJECTS))
        last, middle = divmod(rest, len(VERBS))
        yield f"Ma {SUBJECTS[first]} {VERBS[middle]} {ENDS[last]}, n° {number}."


def with_a_past(service: Service, today: date) -> Theme:
    """Return a theme of ``service`` with one retour a week for forty weeks, among four others."""
    theme = placed.theme(service, "Mesures perdues", born=today - PAST * WEEK)
    for number, text in enumerate(islice(sentences(), PAST), start=1):
        day = week_start(today) - number * WEEK + timedelta(days=number % 5)
        say(theme, text, day)
        for _each in range(4):
            factories.retour(service, text="", day=day)
    return theme


def hear(theme: Theme, monday: date, count: int, others: int = 4) -> None:
    """Let a week bring ``count`` retours of the theme and ``others``, on three days."""
    words = [f"Depuis {monday:%d %m %y}, {text}" for text in islice(sentences(), 60)]
    for number in range(count):
        text = words[(number * 7 + monday.day) % len(words)]
        say(theme, text, monday + timedelta(days=number % 3))
    for _each in range(others):
        factories.retour(theme.service, text="", day=monday)
    db.session.flush()

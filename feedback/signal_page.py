"""What the page of one signal shows, gathered into a frozen record before it is printed.

Decides nothing about access: who may read the messages and qualify is the view's to say.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.charts import LineChart, Mark, Point, line_chart
from app.said import as_said
from app.web import written_day
from feedback.models import Signal, SignalKind, SignalNote, SignalQuestion
from feedback.proof_words import ProofWords, proof_words
from feedback.qualification import history
from feedback.signal_evidence import merged_into, target_of
from feedback.signal_facets import facet_words
from feedback.signal_questions import questions_of
from feedback.signal_steps import Step, steps
from feedback.theme_page import chips

SHOWN_WEEKS = 26


@dataclass(frozen=True)
class SignalPage:
    """Everything that the page prints about a signal, but its retours."""

    signal: Signal
    finding: str
    where: str
    chart: LineChart | None
    proof: ProofWords
    chips: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    questions: tuple[SignalQuestion, ...]
    target: Signal | None
    merged: tuple[Signal, ...]


def signal_page(signal: Signal) -> SignalPage:
    """Return what the page of ``signal`` shows."""
    about = signal.theme or signal.subject
    notes: list[SignalNote] = history(signal)
    return SignalPage(
        signal=signal,
        finding=finding(signal),
        where=facet_words(signal),
        chart=_chart(signal) if signal.history and signal.first_week else None,
        proof=proof_words(signal),
        chips=chips(about.words) if about else (),
        steps=tuple(steps(notes)),
        questions=tuple(questions_of(signal)),
        target=target_of(signal),
        merged=tuple(merged_into(signal)),
    )


def finding(signal: Signal) -> str:
    """Return the one sentence of ``signal``; silences and release watches have their own words."""
    if signal.kind == SignalKind.SILENCE or "watch" in (signal.proof or {}):
        return ""
    if signal.kind == SignalKind.SERIOUS or signal.e_value is None:
        return str(
            _(
                "Un retour nomme un dommage. C’est une règle sur des mots, pas une statistique : "
                "une personne le lit et décide."
            )
        )
    numbers = {
        "name": as_said(signal.name),
        "observed": signal.observed,
        "weeks": signal.weeks,
        "expected": format_decimal(signal.expected, "0.#"),
    }
    return str(_rise(signal, numbers))


def _rise(signal: Signal, numbers: dict[str, object]) -> str:
    if signal.release and signal.facet:
        return _(
            "Depuis la version %(number)s, les retours « %(name)s » (%(where)s) sont plus "
            "fréquents que d’ordinaire : %(observed)d en %(weeks)d semaines, pour %(expected)s "
            "attendus.",
            number=signal.release.number,
            where=facet_words(signal),
            **numbers,
        )
    if signal.release:
        return _(
            "Depuis la version %(number)s, les retours « %(name)s » sont plus fréquents que "
            "d’ordinaire : %(observed)d en %(weeks)d semaines, pour %(expected)s attendus.",
            number=signal.release.number,
            **numbers,
        )
    if signal.facet:
        return _(
            "Les retours « %(name)s » (%(where)s) sont plus fréquents que d’ordinaire : "
            "%(observed)d en %(weeks)d semaines, pour %(expected)s attendus.",
            where=facet_words(signal),
            **numbers,
        )
    return _(
        "Les retours « %(name)s » sont plus fréquents que d’ordinaire : "
        "%(observed)d en %(weeks)d semaines, pour %(expected)s attendus.",
        **numbers,
    )


def _chart(signal: Signal) -> LineChart:
    rows = signal.history[-SHOWN_WEEKS:]
    assert signal.first_week is not None
    first = signal.first_week + timedelta(weeks=len(signal.history) - len(rows))
    weeks = [first + timedelta(weeks=n) for n in range(len(rows))]
    marks = [
        Mark((release.day - first).days // 7, release.number)
        for release in (signal.service.releases if signal.service else ())
        if 0 <= (release.day - first).days // 7 < len(weeks)
    ]
    return line_chart(
        [Point(written_day(week, "d MMM"), row[0]) for week, row in zip(weeks, rows, strict=True)],
        expected=[row[1] for row in rows],
        band=[(0.0, max(row[2], 0.0)) for row in rows],
        marks=marks,
    )

"""The one page that a person takes to an authority about a signal, as plain records.

It may leave the team, so counts stand above the floor only; no text of a citizen who did not want
it published, no id of a message. HTML and PDF print the same record.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_decimal, get_locale, gettext, ngettext
from sqlalchemy import select

from app.db import db
from app.floors import FLOOR, may_show
from app.said import as_said, together
from app.web import written_day
from feedback.models import Feedback, Signal, SignalEvidence, SignalKind, State
from feedback.report_door import door_facts
from feedback.report_experts import expert_facts, short
from feedback.representativeness_words import panel_of
from feedback.routing_words import NOT_A_CHANNEL
from feedback.signal_facets import facet_words
from feedback.signal_odds import likelihood
from feedback.signal_words import KIND_NAMES
from feedback.voices import of_signal

QUOTES = 2  # published messages: it must stay one page


@dataclass(frozen=True)
class Part:
    """One block of the page: facts by name, then sentences, then published words."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything that the page prints."""

    language: str
    day: str
    title: str
    service: str
    notice: str
    parts: tuple[Part, ...]
    blanks: tuple[str, ...]  # to be filled in by hand


def report_of(signal: Signal, day: date, floor: int = FLOOR) -> Report:
    """Return the page about ``signal`` as it stands on ``day``, in the reader's language."""
    where = signal.service
    return Report(
        str(get_locale() or "fr"),
        written_day(day),
        as_said(signal.name),
        together((as_said(where.name), as_said(where.organisation.name)), " · ")
        if where
        else gettext("tous les services"),
        str(NOT_A_CHANNEL),
        (
            _observed(signal, floor),
            _expected(signal),
            _spoke(signal, floor),
            Part(gettext("Ce qu’en disent les experts"), *expert_facts(signal)),
            Part(gettext("À quelle porte frapper"), *door_facts(signal)),
        ),
        (
            gettext("Nom et fonction"),
            gettext("Organisation"),
            gettext("Téléphone et courriel"),
            gettext("Date, et numéro donné par l’autorité"),
        ),
    )


def count_words(count: int, floor: int) -> str:
    """Return a number of retours, or that it is under the floor."""
    if not may_show(count, floor):
        return str(gettext("moins de %(floor)d retours", floor=floor))
    return str(ngettext("%(num)d retour", "%(num)d retours", count))


def _observed(signal: Signal, floor: int) -> Part:
    start, end = period_of(signal)
    facts = [
        (gettext("Pourquoi ce signal"), str(KIND_NAMES[signal.kind])),
        (gettext("Repéré le"), written_day(signal.raised)),
        (gettext("Période"), gettext("du %(start)s au %(end)s", start=start, end=end)),
        (gettext("Observé"), count_words(signal.observed, floor)),
    ]
    if signal.facet:
        facts.append((gettext("Pour"), facet_words(signal)))
    if signal.release is not None:
        since = gettext(
            "%(number)s, du %(day)s",
            number=signal.release.number,
            day=written_day(signal.release.day),
        )
        facts.append((gettext("Version"), since))
    return Part(gettext("Ce qui a été observé"), tuple(facts))


def period_of(signal: Signal) -> tuple[str, str]:
    """Return the first and the last day of what is counted, in words."""
    proof = signal.proof or {}
    if "from" in proof:  # a release watch
        return written_day(proof["from"]), written_day(proof["to"])
    if quarters := proof.get("quarters"):  # a silence
        last = date.fromisoformat(quarters[-1]["end"]) - timedelta(days=1)
        return written_day(quarters[0]["start"]), written_day(last)
    if not signal.history or signal.first_week is None:
        start = signal.raised - timedelta(weeks=signal.weeks)
        return written_day(start), written_day(signal.raised)
    past = signal.first_week + timedelta(weeks=len(signal.history))
    start = past - timedelta(weeks=signal.weeks)
    return written_day(start), written_day(past - timedelta(days=1))


def _expected(signal: Signal) -> Part:
    title = gettext("Ce qui était attendu")
    if signal.kind == SignalKind.SERIOUS:
        rule = gettext(
            "Ce signal vient d’une règle, pas d’une statistique : aucun nombre n’était attendu."
        )
        return Part(title, sentences=(rule,))
    weeks = ngettext("en %(num)d semaine", "en %(num)d semaines", signal.weeks)
    number = format_decimal(signal.expected, "0.0")
    return Part(title, ((gettext("Attendu"), f"{number} {weeks}"),), _how_sure(signal))


def _how_sure(signal: Signal) -> tuple[str, ...]:
    """Return what the numbers say and what they do not."""
    if signal.e_value is not None:
        honest = gettext("Ce n’est pas la probabilité que la hausse soit réelle.")
        return likelihood(signal.e_value), honest
    if signal.kind == SignalKind.SILENCE:
        return (gettext("C’est une règle sur des comptes, pas une statistique."),)
    asked = gettext("Une question posée d’avance a dépassé sa limite ; d’autres causes possibles.")
    return (asked,)


def _spoke(signal: Signal, floor: int) -> Part:
    voices = panel_of(of_signal(signal), signal.service, floor)
    said = tuple(each for each in (voices.summary, voices.missing) if each)
    return Part(gettext("Qui a parlé"), sentences=said, quotes=_published(signal))


def _published(signal: Signal) -> tuple[str, ...]:
    """Return a few masked texts whose authors wanted them public."""
    query = (
        select(Feedback.text)
        .join(SignalEvidence)
        .where(
            SignalEvidence.signal_id == signal.id,
            Feedback.state == State.PUBLISHED,
            Feedback.names_masked,
            Feedback.text.is_not(None),
        )
        .order_by(Feedback.day.desc(), Feedback.id)
        .limit(QUOTES)
    )
    return tuple(short(text) for text in db.session.scalars(query) if text)

"""The one page that a person takes to an authority about a signal, as plain records.

It may leave the team, so counts stand above the floor only; no text of a citizen who did not want
it published, no id of a message. HTML and PDF print the same record.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from flask_babel import get_locale, gettext, ngettext
from sqlalchemy import select

from app.db import db
from app.floors import FLOOR, may_show
from app.web import written_day
from feedback.models import Feedback, Signal, SignalEvidence, SignalNote, State
from feedback.report_door import door_facts
from feedback.representativeness_words import panel_of
from feedback.routing_words import NOT_A_CHANNEL
from feedback.signal_facets import facet_words
from feedback.signal_words import KIND_NAMES, STATE_NAMES
from feedback.voices import of_signal

QUOTES, LONGEST = 2, 320  # published messages, letters of each text: it must stay one page


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
        signal.name,
        f"{where.name} · {where.organisation.name}" if where else gettext("tous les services"),
        str(NOT_A_CHANNEL),
        (
            _observed(signal, floor),
            _expected(signal),
            _spoke(signal, floor),
            _said_by_experts(signal),
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
    """Return the first and the last day of the weeks that are counted, in words."""
    if not signal.history or signal.first_week is None:
        start = signal.raised - timedelta(weeks=signal.weeks)
        return written_day(start), written_day(signal.raised)
    past = signal.first_week + timedelta(weeks=len(signal.history))
    start = past - timedelta(weeks=signal.weeks)
    return written_day(start), written_day(past - timedelta(days=1))


def _expected(signal: Signal) -> Part:
    title = gettext("Ce qui était attendu")
    if signal.e_value is None:
        rule = gettext(
            "Ce signal vient d’une règle, pas d’une statistique : aucun nombre n’était attendu."
        )
        return Part(title, sentences=(rule,))
    weeks = ngettext("en %(num)d semaine", "en %(num)d semaines", signal.weeks)
    number = f"{signal.expected:.1f}".replace(".", "," if str(get_locale()) != "en" else ".")
    return Part(title, ((gettext("Attendu"), f"{number} {weeks}"),), e_value_words(signal))


def e_value_words(signal: Signal) -> tuple[str, ...]:
    """Return what the e-value of ``signal`` says and what it does not."""
    e_value = signal.e_value or 0.0
    if e_value > 10000:
        said = gettext(
            "Ces chiffres sont plus de 10 000 fois plus vraisemblables avec une hausse qu’à "
            "l’ordinaire."
        )
    else:
        said = gettext(
            "Ces chiffres sont environ %(e)s fois plus vraisemblables avec une hausse qu’à "
            "l’ordinaire.",
            e=round(e_value),
        )
    return said, gettext("Ce n’est pas la probabilité que la hausse soit réelle.")


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
    return tuple(_short(text) for text in db.session.scalars(query) if text)


def _said_by_experts(signal: Signal) -> Part:
    note = _last_step(signal)
    yes_no = {True: gettext("oui"), False: gettext("non"), None: gettext("pas encore dit")}
    facts = [
        (gettext("État"), str(STATE_NAMES[signal.state])),
        (gettext("Inattendu"), yes_no[signal.unexpected]),
        (gettext("Lien avec le service"), _link(signal.link)),
        (gettext("Effet"), _effect(signal, note)),
    ]
    said = [_short(signal.sentence)] if signal.sentence else []
    if note is not None:
        said.append(
            gettext(
                "%(who)s, le %(day)s : %(reason)s",
                who=note.organisation,
                day=written_day(note.day),
                reason=_short(note.reason),
            )
        )
    if note is None:
        facts, said = facts[:1], [gettext("Aucun expert ne l’a encore qualifié.")]
    return Part(gettext("Ce qu’en disent les experts"), tuple(facts), tuple(said))


def _short(text: str) -> str:
    """Return ``text`` on one line, cut between two words where it is long."""
    return shorten(text, LONGEST, placeholder=" […]")


def _effect(signal: Signal, note: SignalNote | None) -> str:
    """Return what the experts said of the effect; a doubt is no verdict."""
    kept = (note.answers or {}).get("effect", "") if note else ""
    if signal.beneficial or kept == "beneficial":
        return str(gettext("bénéfique"))
    return str(gettext("nuisible") if kept == "harmful" else gettext("pas encore dit"))


def _link(link: str) -> str:
    names = {
        "unlikely": gettext("peu plausible"),
        "possible": gettext("possible"),
        "probable": gettext("probable"),
        "unclear": gettext("on ne peut pas le dire"),
    }
    return str(names.get(link, gettext("pas encore dit")))


def _last_step(signal: Signal) -> SignalNote | None:
    """Return the last move of the qualification; a choice of door moves nothing."""
    moved = SignalNote.from_state != SignalNote.to_state
    query = select(SignalNote).where(SignalNote.signal_id == signal.id, moved)
    return db.session.scalars(query.order_by(SignalNote.id.desc()).limit(1)).first()

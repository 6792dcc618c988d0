"""What the report of a signal says of its door: the one that an expert chose, or a proposal."""

from textwrap import shorten

from flask_babel import gettext

from app.said import as_said
from app.web import written_day
from feedback.authorities import confirmed_on
from feedback.door_suggestion import suggest
from feedback.models import Signal
from feedback.routing import Reporter, Situation, Way, chosen, situation_of, way_to, ways
from feedback.routing_words import DUTY_NAMES, REPORTER_NAMES, why_of

Facts = tuple[tuple[str, str], ...]
LONGEST = 320  # letters of a reason: the report stays one page


def door_facts(signal: Signal) -> tuple[Facts, tuple[str, ...]]:
    """Return the facts of the door of ``signal``, then who chose it and when it was checked."""
    note = chosen(signal)
    if note is None:
        found = suggest(signal)
        said = Situation(found.about, Reporter.ESTABLISHMENT, found.device)
        way = ways(said)[0]
        by = gettext("Proposée par la machine ; aucune personne ne l’a encore choisie.")
        return _facts(way, said), (by, _checked(way))
    said = situation_of(note)
    way = way_to(note.answers["door"], said)
    by = gettext(
        "Choisie par %(who)s, le %(day)s : %(reason)s",
        who=as_said(note.organisation),
        day=written_day(note.day),
        reason=as_said(shorten(note.reason, LONGEST, placeholder=" […]")),
    )
    return _facts(way, said), (by, _checked(way))


def _facts(way: Way, said: Situation) -> tuple[tuple[str, str], ...]:
    duty = f"{REPORTER_NAMES[said.reporter]} {DUTY_NAMES[way.duty]}"
    facts = [
        (
            gettext("Porte"),
            f"{way.door.name}" + (f" ({way.door.address})" if way.door.address else ""),
        ),
        (gettext("Pourquoi"), why_of(way, said.about)),
        (gettext("Qui déclare"), duty),
        (gettext("Doivent"), str(way.door.must)),
        (gettext("Peuvent"), str(way.door.may)),
    ]
    terms = [
        (gettext("Délai : %(limit)s", limit=each.limit), f"{each.when} ({each.source})")
        for each in way.deadlines + way.others
    ]
    return tuple(facts) + tuple(dict.fromkeys(terms))


def _checked(way: Way) -> str:
    """Return when this door was checked, and whether the operator has confirmed it."""
    said = gettext("Vérifié le %(day)s.", day=written_day(way.door.checked))
    day = confirmed_on()
    if day is None:
        return f"{said} " + gettext("L’exploitant de ce site ne l’a pas encore confirmé.")
    return f"{said} " + gettext("Confirmé par l’exploitant le %(day)s.", day=written_day(day))

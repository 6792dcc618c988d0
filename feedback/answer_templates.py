"""Templates of answers: texts that a team begins from, with a fixed list of placeholders.

A placeholder says something of the service, never of who wrote. ``template_behind`` tells whether
a text is still a template's, so that whoever sends it can say so.
"""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback.models import AnswerTemplate, Feedback
from nlp.minhash import cut_shingles

LONGEST = 4_000  # characters, so that an answer has room for a sentence of its own
MOST = 40  # templates of a service
SAME_SHARE = 0.8  # of a template's shingles: above it the answer is still the template's
PLACEHOLDERS = {
    "service": _("le nom du service"),
    "organisation": _("qui porte le service"),
    "telephone": _("son téléphone"),
    "lieu": _("le lieu où une personne aide"),
    "horaires": _("ses horaires"),
    "jour": _("le jour du retour"),
}
_BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Unfit:
    """Why a text is no template: placeholders that are not known, or a brace without its other."""

    unknown: tuple[str, ...]
    has_stray_brace: bool


class TemplateExists(ValueError):
    """The service already has a template of this name."""


class TooManyTemplates(ValueError):
    """The service has as many templates as it may."""


def unfit(text: str) -> Unfit | None:
    """Return what is wrong with the placeholders of ``text``, or None."""
    unknown = tuple(
        dict.fromkeys(name for name in _BRACED.findall(text) if name not in PLACEHOLDERS)
    )
    stray = bool(re.search(r"[{}]", _BRACED.sub("", text)))
    return Unfit(unknown, stray) if unknown or stray else None


def of_service(service: Service) -> list[AnswerTemplate]:
    """Return the templates of ``service``, by name."""
    query = select(AnswerTemplate).where(AnswerTemplate.service_id == service.id)
    return list(db.session.scalars(query.order_by(AnswerTemplate.name)))


def save(service: Service, row: AnswerTemplate | None, name: str, text: str, day: date) -> None:
    """Write ``row`` anew, or a new one. Raises ``TemplateExists`` or ``TooManyTemplates``."""
    known = of_service(service)
    if any(each.name == name and each is not row for each in known):
        raise TemplateExists(name)
    if row is None:
        if len(known) >= MOST:
            raise TooManyTemplates(f"at most {MOST}, got {len(known)}")
        row = AnswerTemplate(service_id=service.id)
        db.session.add(row)
    row.name, row.text, row.changed = name, text, day
    db.session.flush()


def fill(text: str, service: Service, day: date | None = None) -> str:
    """Return ``text`` with its placeholders filled; ``day`` is the retour's."""
    values = {
        "service": service.name,
        "organisation": service.organisation.name,
        "telephone": service.phone,
        "lieu": service.place,
        "horaires": service.hours,
        "jour": format_date(day, "d MMMM y") if day else "…",
    }
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), text)


def choices_for(feedback: Feedback) -> list[tuple[int, str, str]]:
    """Return (id, name, filled text) of each template that an answer to ``feedback`` may use."""
    service = feedback.service
    return [
        (row.id, row.name, fill(row.text, service, feedback.day)) for row in of_service(service)
    ]


def template_behind(feedback: Feedback, text: str) -> str | None:
    """Return the name of the template that ``text`` still is, or None where it was rewritten.

    Most of the template's own words must stand in the text; further sentences change nothing.
    """
    said = cut_shingles(text)
    shares = ((_share(filled, said), name) for _id, name, filled in choices_for(feedback))
    best, name = max(shares, default=(0.0, ""))
    return name if best > SAME_SHARE else None


def _share(filled: str, said: frozenset[str]) -> float:
    own = cut_shingles(filled)  # none under five words: too little to be anybody's template
    return len(own & said) / len(own) if own else 0.0

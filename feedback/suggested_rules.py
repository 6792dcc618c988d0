"""Which rules a moderator may want to look at for a text, and what makes each one speak.

Written rules over what is stored. Nothing is chosen beforehand and nothing moves: a person decides.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.db import db
from feedback.models import Feedback
from feedback.rules import BY_CODE
from feedback.theme_counts import READABLE
from nlp.lexicons import fold
from nlp.recognised import recognised

OF_OTHERS = ("PERSON", "PHONE", "EMAIL", "ADDRESS")  # types of what was masked
RECENT = timedelta(days=28)
FEW = 5  # retours that a team had lately: among fewer, the day alone may tell who wrote
INSULTS = frozenset(  # folded; a start for the eye, not a judgement
    ("abruti", "abrutis", "connard", "connards", "connasse", "cretin", "cretins", "debile")
    + ("debiles", "encule", "encules", "imbecile", "imbeciles", "ordure", "ordures", "pourris")
    + ("salaud", "salauds", "salope", "pute")
)


@dataclass(frozen=True)
class Suggested:
    """A rule to look at, its name, and why."""

    code: str
    name: Any
    because: str


def suggested_rules(feedback: Feedback) -> tuple[Suggested, ...]:
    """Return the rules to look at for ``feedback``, in the order of the list of rules."""
    reasons = {
        "others": _others(feedback),
        "insult": _insults(feedback),
        "advertising": str(_("un lien a été masqué")) if feedback.masked.get("URL") else "",
        "unreadable": _unreadable(feedback),
        "danger": str(_("des mots de danger")) if feedback.dangers else "",
    }
    return tuple(
        Suggested(code, rule.name, reasons[code])
        for code, rule in BY_CODE.items()
        if reasons.get(code)
    )


@dataclass(frozen=True)
class Hints:
    """Why a team could recognise an author: what they wrote, and how few wrote lately."""

    quoted: tuple[str, ...]
    few: str  # empty when there are enough


def hold_hints(feedback: Feedback, day: date) -> Hints:
    """Return why the team could recognise who wrote ``feedback``."""
    text = feedback.text or ""
    quoted = tuple(text[span.start : span.end] for span in recognised(text))
    query = select(func.count()).select_from(Feedback)
    lately = query.where(Feedback.service_id == feedback.service_id, Feedback.day > day - RECENT)
    number = db.session.scalar(lately.where(Feedback.state.in_(READABLE))) or 0
    if number >= FEW:
        return Hints(quoted, "")
    few = ngettext(
        "L’équipe n’a reçu que %(num)s retour en 28 jours.",
        "L’équipe n’a reçu que %(num)s retours en 28 jours.",
        number,
    )
    return Hints(quoted, str(few))


def _others(feedback: Feedback) -> str:
    number = sum(feedback.masked.get(kind, 0) for kind in OF_OTHERS)
    if not number:
        return ""
    words = ngettext("%(num)s passage masqué", "%(num)s passages masqués", number)
    return str(words)


def _insults(feedback: Feedback) -> str:
    found = sorted(INSULTS & set(re.findall(r"[a-z]+", fold(feedback.text or ""))))
    return ", ".join(found)


def _unreadable(feedback: Feedback) -> str:
    text = feedback.text or ""
    if not text or re.search(r"[^\W\d_]{2,}", text):
        return ""
    return str(_("aucun mot"))

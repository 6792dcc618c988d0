"""Which rules a moderator may want to look at for a text, and what makes each one speak.

Written rules over what is stored. Nothing is chosen beforehand and nothing moves: a person decides.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback.models import Feedback
from feedback.rules import BY_CODE
from nlp.lexicons import fold

OF_OTHERS = ("PERSON", "PHONE", "EMAIL", "ADDRESS")  # types of what was masked
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

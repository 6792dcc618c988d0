"""What the machine proposes for a signal's door, with its reasons: rules on words and classes."""

import re
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.catalogue import Functionality
from app.db import db
from app.matrix import FunctionalityClass
from feedback.answer_safety import DECIDED, DECLARED, harms_of
from feedback.authorities import table
from feedback.models import Feedback, Signal, SignalEvidence
from feedback.routing import About

# What a functionality of these classes tells people may be a device's diagnosis or therapy.
VAGUE = (DECLARED, DECIDED)  # kinds that tell of harm, not of which
DEVICE_CLASSES = (
    FunctionalityClass.DECISION_SUPPORT.value,
    FunctionalityClass.DIAGNOSIS.value,
    FunctionalityClass.THERAPY.value,
)
# Kinds of harm that words name and the subject that they point to. A harm that was only ticked may
# be of health, of money or of rights: it points to an event where nothing else points anywhere.
OF_HARM = {
    "injury": About.EVENT,
    "hospital": About.EVENT,
    "emergency": About.EVENT,
    "care": About.EVENT,
    "medicine": About.MEDICINE,
    "record": About.DATA,
    "leak": About.DATA,
    "money": About.RIGHTS,
    "rights": About.RIGHTS,
}


@dataclass(frozen=True)
class Suggestion:
    """What the machine proposes, and what that rests on."""

    about: About
    device: bool
    words: tuple[str, ...]  # of the theme's name, which a person may read
    harms: dict[str, int]  # kind of harm -> retours that name it
    functionality: Functionality | None  # of a class that may be a device


def suggest(signal: Signal) -> Suggestion:
    """Return what the words, the harms and the functionalities of ``signal`` point to."""
    texts = _evidence(signal)
    harms = Counter(kind for row in texts for kind in harms_of(row))
    named = {about: _words(signal.name, about) for about in About if about.value in table().words}
    points: Counter[About] = Counter()
    for kind, count in harms.items():
        points[OF_HARM.get(kind, About.EVENT)] += count if kind not in VAGUE else 0
    for about, words in named.items():
        points[about] += (1 + len(texts)) * len(words)  # the name speaks for all its retours
    best = max(About, key=lambda about: (points[about], -list(About).index(about)))
    vague = About.EVENT if any(harms[kind] for kind in VAGUE) else About.OTHER
    about = best if points[best] else vague
    behind = _device_functionality(signal, texts)
    return Suggestion(about, behind is not None, named.get(about, ()), dict(harms), behind)


def _words(name: str, about: About) -> tuple[str, ...]:
    """Return the words of ``name`` that begin as one of the table's for ``about``."""
    begins = "|".join(re.escape(word) for word in table().words[about.value])
    found = re.findall(rf"\b(?:{begins})\w*", name.lower())
    return tuple(dict.fromkeys(found))


def _evidence(signal: Signal) -> list[Feedback]:
    query = select(Feedback).join(SignalEvidence).where(SignalEvidence.signal_id == signal.id)
    query = query.options(selectinload(Feedback.answers)).order_by(Feedback.id)
    return list(db.session.scalars(query))


def _device_functionality(signal: Signal, texts: list[Feedback]) -> Functionality | None:
    """Return the functionality that may be a device: of a retour, else of the service."""
    named = [row.functionality for row in texts if row.functionality is not None]
    own = list(signal.service.functionalities) if signal.service else []
    for each in [*named, *own]:
        if each.kind in DEVICE_CLASSES:
            return each
    return None

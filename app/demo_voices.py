"""Who speaks in the demonstration: invented channels, invented traits, an invented public.

The debate published none of it. Older people, relatives and Haute-Loire are made to speak less than
their share of the public, so that the panel *Qui a parlé* has something to say.
"""

import random
from datetime import date

from app.db import db
from feedback import margins
from feedback.margins_import import MarginLine
from feedback.models import Answer, AnswerStatus, Channel, Feedback
from feedback.questions import VERSION

SEED = 28
SOURCE = "Chiffres inventés pour la démonstration"
CHANNELS = {
    Channel.WEB: 58,
    Channel.LINK: 12,
    Channel.PAPER: 11,
    Channel.MEDIATOR: 10,
    Channel.POSTER: 9,
}
SPEAKS = {  # of those who say it
    "G6": {"user": 84, "relative": 9, "professional": 7},
    "G7": {"-18": 2, "18-29": 17, "30-44": 33, "45-59": 29, "60-74": 14, "75-": 5},
    "G8": {"42": 68, "43": 4, "69": 28},
}
SAYS = {"G6": 0.62, "G7": 0.55, "G8": 0.48}  # the others leave the question
PUBLIC = {
    "channel": {"web": 52, "link": 10, "paper": 16, "mediator": 14, "poster": 8},
    "G6": {"user": 78, "relative": 15, "professional": 7},
    "G7": {"-18": 4, "18-29": 16, "30-44": 24, "45-59": 24, "60-74": 19, "75-": 13},
    "G8": {"42": 66, "43": 11, "69": 23},
}
NAMES_PART = 0.5  # of the authors
SCALE = 1_000  # the public is counted in people


def draw_channel(rng: random.Random) -> Channel:
    """Return the channel by which one answer is said to have come."""
    return rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]


def declare(feedback: Feedback, rng: random.Random) -> None:
    """Have the author of ``feedback`` answer some questions about themselves."""
    for question, shares in SPEAKS.items():
        if rng.random() >= SAYS[question]:
            continue
        value = rng.choices(list(shares), list(shares.values()))[0]
        row = Answer(
            feedback=feedback,
            question=question,
            version=VERSION,
            status=AnswerStatus.GIVEN.value,
            value=value,
        )
        db.session.add(row)


def name_functionality(feedback: Feedback, rng: random.Random) -> None:
    """Have half of the authors say which part of the service they speak of; their words decide."""
    parts = feedback.service.functionalities
    if rng.random() >= NAMES_PART or not parts:
        return
    said = (feedback.text or "").lower()
    spoken = [each for each in parts if _longest_word(each.name) in said]
    feedback.functionality_id = rng.choice(spoken or parts).id


def _longest_word(name: str) -> str:
    return max(name.lower().split(), key=len).rstrip("s")


def make_margins(today: date) -> None:
    """Load the invented public for all services."""
    lines = [
        MarginLine(facet, value, size * SCALE, SOURCE)
        for facet, sizes in PUBLIC.items()
        for value, size in sizes.items()
    ]
    margins.replace(lines, None, today)

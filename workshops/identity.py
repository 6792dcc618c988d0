"""Who gives a name in a session and who reads it: chosen at creation, said on every page of it.

A name never reaches the big screen, the report or a file, and all are erased at the close.
"""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.db import db
from workshops.models import Card, Participant, Phase, Workshop


class Identity(StrEnum):
    """The rule of a session; it does not change once people may join."""

    ANONYMOUS = "anonymous"
    OPTIONAL = "optional"
    SHOWN = "shown"


CHOICES: dict[Identity, Any] = {
    Identity.ANONYMOUS: _("Anonyme : personne ne donne de nom"),
    Identity.OPTIONAL: _("Prénom facultatif, lu par vous seul, relié à aucune idée"),
    Identity.SHOWN: _("Prénom affiché sous chaque idée, sur les téléphones"),
}
SENTENCES: dict[Identity, Any] = {
    Identity.ANONYMOUS: _("Personne ne donne son nom."),
    Identity.OPTIONAL: _(
        "Un prénom est facultatif. Seule la personne qui anime le voit. "
        "Rien ne le relie à une idée."
    ),
    Identity.SHOWN: _(
        "Dans cette séance, votre prénom est écrit sous vos idées, sur les téléphones. "
        "Il n’est ni sur le grand écran, ni dans le compte rendu."
    ),
}


def sentence(workshop: Workshop) -> str:
    """Return what every page of the session says of names; once it is closed there are none."""
    return "" if workshop.phase == Phase.CLOSED else str(SENTENCES[Identity(workshop.identity)])


def kept_name(workshop: Workshop, typed: str) -> str:
    """Return the name to keep of who joins: none where nobody gives one."""
    return "" if workshop.identity == Identity.ANONYMOUS else " ".join(typed.split())


def authors(workshop: Workshop) -> dict[str, str]:
    """Return the name to write under each card, by the card's id; none but in such a session."""
    if workshop.identity != Identity.SHOWN:
        return {}
    query = select(Card.id, Participant.name).join(
        Participant, Participant.id == Card.participant_id
    )
    named = query.where(Card.workshop_id == workshop.id, Participant.name != "")
    return dict(db.session.execute(named).all())

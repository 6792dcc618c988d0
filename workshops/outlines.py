"""The templates that a session starts from: five of the house, and those that facilitators keep.

A template fills the page of a new session; whatever it proposes may be changed there.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.accounts import Account
from app.db import db
from workshops.around_models import OwnOutline
from workshops.models import Workshop

MOST_OWN = 50  # templates of one account
LONGEST_NAME = 80


class TooManyOutlines(Exception):
    """The account keeps as many templates as it may."""


class NameTaken(Exception):
    """The account has a template of that name."""


@dataclass(frozen=True)
class Outline:
    """A template; its words are lazy where they are the house's."""

    key: str
    name: Any
    purpose: Any
    prompts: tuple[Any, ...]
    title: Any = ""
    votes_each: int = 5
    votes_per_group: int = 3
    several_sites: bool = False
    left_out: tuple[str, ...] = ()
    consent: str = ""


HOUSE = (
    Outline(
        key="idees",
        name=_("Recueil d’idées"),
        purpose=_("Partir de ce qui gêne et de ce qui aide, finir par ce qui change en premier."),
        prompts=(
            _("Qu’est-ce qui vous gêne aujourd’hui ?"),
            _("Qu’est-ce qui vous aide, et qu’il faut garder ?"),
            _("Que faudrait-il changer en premier ?"),
        ),
    ),
    Outline(
        key="parcours",
        name=_("Carte du parcours"),
        purpose=_("Suivre une personne étape par étape, et dire où elle se perd."),
        prompts=(
            _("Avant : comment avez-vous connu ce service ?"),
            _("Au début : qu’est-ce qui a été facile ou difficile ?"),
            _("Pendant : à quel moment avez-vous eu besoin d’aide ?"),
            _("Après : qu’est-ce qui a changé pour vous ?"),
            _("À quelle étape faut-il agir en premier ?"),
        ),
    ),
    Outline(
        key="retrospective",
        name=_("Rétrospective"),
        purpose=_("Revenir sur une période ou une version : garder, arrêter, essayer."),
        prompts=(
            _("Qu’est-ce qui a bien marché ?"),
            _("Qu’est-ce qui n’a pas marché ?"),
            _("Qu’est-ce qui vous a surpris ?"),
            _("Que faut-il essayer maintenant ?"),
        ),
    ),
    Outline(
        key="etats-generaux",
        name=_("États généraux"),
        purpose=_("Poser les mêmes questions dans plusieurs lieux, puis réunir les réponses."),
        prompts=(
            _("Que vivez-vous aujourd’hui avec ce service ?"),
            _("Qu’est-ce qui marche ici, et que d’autres devraient connaître ?"),
            _("Que demandez-vous, ici, à ceux qui décident ?"),
        ),
        several_sites=True,
    ),
    Outline(
        key="prototype",
        name=_("Essai d’un prototype"),
        purpose=_("Essayer une maquette ensemble, et dire ce qui bloque avant qu’elle soit finie."),
        prompts=(
            _("Qu’avez-vous réussi à faire sans aide ?"),
            _("À quel endroit avez-vous hésité ou bloqué ?"),
            _("Qu’est-ce qui vous inquiète pour vous ou pour d’autres ?"),
            _("Que faut-il changer avant de le proposer à tous ?"),
        ),
        votes_each=3,
        votes_per_group=2,
    ),
)


def own(account: Account) -> list[Outline]:
    """Return the templates that ``account`` keeps, by name."""
    query = select(OwnOutline).where(OwnOutline.account_id == account.id)
    return [_as_outline(row) for row in db.session.scalars(query.order_by(OwnOutline.name))]


def _as_outline(row: OwnOutline) -> Outline:
    return Outline(
        key=row.id,
        name=row.name,
        purpose=" · ".join(row.prompts),
        prompts=tuple(row.prompts),
        title=row.name,
        votes_each=row.votes_each,
        votes_per_group=row.votes_per_group,
        left_out=tuple(row.left_out),
        consent=row.consent,
    )


def outline(account: Account, key: str | None) -> Outline | None:
    """Return the template called ``key`` that ``account`` may start from, or None."""
    known = {each.key: each for each in (*HOUSE, *own(account))}
    return known.get(key or "")


def keep(workshop: Workshop, account: Account, name: str) -> OwnOutline:
    """Keep what ``workshop`` was prepared with as a template of ``account``: no word of its room.

    Raises ``TooManyOutlines`` or ``NameTaken``.
    """
    mine = OwnOutline.account_id == account.id
    if (db.session.scalar(select(func.count()).where(mine)) or 0) >= MOST_OWN:
        raise TooManyOutlines
    if db.session.scalar(select(OwnOutline.id).where(mine, OwnOutline.name == name)):
        raise NameTaken
    row = OwnOutline(
        account_id=account.id,
        name=name,
        prompts=list(workshop.prompts),
        votes_each=workshop.votes_each,
        votes_per_group=workshop.votes_per_group,
        left_out=list(workshop.left_out),
        consent=workshop.consent,
    )
    db.session.add(row)
    db.session.flush()
    return row


def drop(account: Account, key: str) -> bool:
    """Delete a template of ``account``; say whether there was one."""
    row = db.session.get(OwnOutline, key)
    if row is None or row.account_id != account.id:
        return False
    db.session.delete(row)
    db.session.flush()
    return True

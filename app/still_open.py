"""What anybody can still do about a service: verify, answer, join in, say; a public edition’s end.

What is open is kept with the edition; each line leads to where it is done.
"""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import exists, select

from app.catalogue import Service
from app.db import db
from app.digest_items import Content, Item
from app.said import as_said
from feedback.local_questions import open_shapes
from feedback.question_shapes import ALWAYS
from workshops.models import Phase, Workshop

MOST_QUESTIONS = 3


def still_open(service: Service, day: date) -> Content:
    """Return what ``service`` asks of anybody on ``day``, and whether a session is ahead.

    A session has neither name nor date here: its door is for those whom its team invites.
    """
    ahead = exists().where(
        Workshop.service_id == service.id,
        Workshop.phase != Phase.CLOSED,
        Workshop.day >= day,
        ~Workshop.is_dry_run,
    )
    asked = [str(each.words) for each in open_shapes(service, day) if each.when == ALWAYS]
    return {"asked": asked[:MOST_QUESTIONS], "session": bool(db.session.scalar(select(ahead)))}


def open_items(content: Content, slug: str) -> list[Item]:
    """Return a line for each thing to do, what waits for an author's word first."""
    return list(_items(content, content.get("open") or {"asked": [], "session": False}, slug))


def _items(content: Content, found: Content, slug: str) -> Iterator[Item]:
    here = {"slug": slug}
    if content["announced"]:
        words = _("Un changement annoncé vous touche ? Dites avec votre code s’il vous aide.")
        yield Item("", words, "", "feedback.code", {}, _("Taper mon code"))
    for question in found["asked"]:
        words = _("Une question vous est posée : « %(question)s »", question=as_said(question))
        yield Item("", words, "", "feedback.service", here, _("Répondre"))
    if content.get("quotes"):
        words = _("Vous vivez la même chose qu’un autre ? Dites « moi aussi ».")
        yield Item("", words, "", "feedback.messages", here, _("Lire les messages publiés"))
    if found["session"]:
        words = _("Un atelier se prépare. Invité ? Entrez avec le code reçu.")
        yield Item("", words, "", "workshops.join", {}, _("Entrer dans l’atelier"))
    words = _("Autre chose vous est arrivé ? Dites-le ici, sans compte.")
    yield Item("", words, "", "feedback.service", here, _("Dire ce qui m’est arrivé"))

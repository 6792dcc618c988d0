"""What the author's page tells: what happened to the retour, and what is still to come.

Words only; the facts come from the journal, the exchange and the commitments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import traces
from app.days import today
from app.db import db
from app.said import as_said, together
from feedback.contests import UPHELD
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
)
from feedback.moderation import Decision
from feedback.promises import public_stage
from feedback.publication import ASKED, LEFT_PAGE, NO_LONGER
from feedback.second_looks import BY_A_LOOK
from feedback.urgency import SET_LEVEL

C = CommitmentState
ANNOUNCED = (C.ANNOUNCED, C.UNVERIFIED, C.CONFIRMED, C.REOPENED)


@dataclass(frozen=True)
class Event:
    """One line of the timeline; ``done`` is False for what is still to come."""

    day: date
    words: str
    done: bool = True


def commitment_links(feedback: Feedback) -> list[CommitmentLink]:
    """Return the commitments that answer ``feedback``, with its author's verdicts."""
    query = (
        select(CommitmentLink)
        .join(Commitment)
        .where(CommitmentLink.feedback_id == feedback.id)
        .options(joinedload(CommitmentLink.commitment))
        .order_by(Commitment.made, Commitment.id)
    )
    return list(db.session.scalars(query))


def events(
    feedback: Feedback, links: list[CommitmentLink], placed: Iterable[date] = ()
) -> list[Event]:
    """Return what happened to ``feedback``, oldest first, then what was promised for later.

    Args:
        placed: the days on which the machine put it into a theme.
    """
    told = [_event(entry) for entry in traces.journal(feedback.id)]
    past = [event for event in told if event is not None]
    for link in links:
        past += _promised(link.commitment)
    machine = _("Analysé par la machine : rangé dans un thème.")
    past += [Event(day, machine) for day in placed]
    unique = list(dict.fromkeys(past))
    if feedback.waiting_since and feedback.reply_due:
        unique.append(Event(feedback.reply_due, _("Date limite pour vous répondre."), False))
    return sorted(unique, key=lambda event: event.day)


def _event(entry: dict[str, str]) -> Event | None:
    """Return a journal entry in the author's words; what commitments tell better is left out."""
    who = _who(entry["role"], entry["organisation"])
    mine = entry["role"] == "author"
    words = {
        "sent": _("Vous avez envoyé votre retour.")
        if mine
        else _("Écrit pour vous par %(who)s.", who=who),
        "consented": _("Vous avez donné votre accord."),
        "took code": _("Un téléphone a pris votre code."),
        "changed code": _("Vous avez changé votre code."),
        "kept code": _("Vous avez gardé votre code."),
        "opened": _("Ouvert par %(who)s.", who=who),
        "listed": _("Vu dans une liste par %(who)s.", who=who),
        "answered": _("Vous avez écrit.") if mine else _("Répondu par %(who)s.", who=who),
        "confirmed": _("Vous avez donné votre avis : le changement vous aide."),
        "contested": _("Vous avez contesté le changement."),
        "reported": _("Un lecteur a signalé votre texte."),
        "moderated": _("Décidé par %(who)s.", who=who),
        "exported": _("Vous avez copié vos données.")
        if mine
        else _("Exporté par %(who)s.", who=who),
        "corrected": _("Vous avez corrigé votre texte."),
        "grouped": _("Rangé dans un thème par %(who)s.", who=who),
        "ungrouped": _("Sorti d’un thème par %(who)s.", who=who),
        "not meant": _("Vous avez dit qu’un thème n’est pas ce que vous vouliez dire."),
        "meant after all": _("Vous avez remis votre retour dans un thème."),
        "contested level": _("Vous avez contesté le niveau d’urgence."),
        "agreed": _("Vous avez laissé l’équipe lire votre texte."),
        "objected": _("Vous vous êtes opposé à l’analyse par la machine."),
        ASKED: _("Vous avez demandé la publication de votre texte."),
        NO_LONGER: _("Vous avez renoncé à publier votre texte."),
        LEFT_PAGE: _("Votre texte a quitté la page publique, par vous."),
        "masked again": _("Les noms restants ont été masqués."),
    }.get(entry["verb"])
    if words is None:
        return None
    return Event(date.fromisoformat(entry["day"]), str(_verdict_words(entry) or words))


def _verdict_words(entry: dict[str, str]) -> str:
    said = {
        "partly": _("Vous avez dit : le changement aide en partie."),
        "no_longer": _("Vous avez dit : le changement ne vous concerne plus."),
        UPHELD: _("Un modérateur a lu votre contestation : le changement tient."),
        SET_LEVEL: _("Niveau d’urgence décidé par un modérateur."),
        BY_A_LOOK: _("Une réponse à votre retour a été relue par un modérateur."),
        Decision.DECLINE.value: _("Un modérateur n’a pas publié votre texte."),
        Decision.WAIT.value: _("Un modérateur laisse du temps avant que l’équipe lise."),
        "sans suite": _("60 jours sans nouveau message : l’échange est classé sans suite."),
    }
    if entry["verb"] == "confirmed" and not entry["detail"]:
        return str(_("Vous avez dit que c’est réglé pour vous."))
    return str(said.get(entry["detail"], ""))


def _who(role: str, organisation: str) -> str:
    names = {
        "promoter": _("l’équipe du service"),
        "moderator": _("un modérateur"),
        "expert": _("un expert"),
        "mediator": _("un médiateur"),
        "relay": _("un relais de territoire"),
        "rule": _("une règle écrite"),
    }
    name = names.get(role, _("un membre du personnel"))
    return together((name, " (", as_said(organisation), ")"), "") if organisation else str(name)


def _promised(commitment: Commitment) -> list[Event]:
    found = [
        Event(
            commitment.made, _("L’équipe s’est engagée : %(text)s", text=as_said(commitment.text))
        )
    ]
    if commitment.announced:
        found.append(Event(commitment.announced, _("Changement annoncé : à vous de vérifier.")))
    elif public_stage(commitment, today()) == C.PROMISED:
        found.append(Event(commitment.due, _("Date promise pour le changement."), False))
    elif commitment.state in (C.LATE, C.CLAIMED):
        found.append(Event(commitment.due, _("Date promise, dépassée."), False))
    return found

"""What stands beside the inbox: the names of its views, the other rooms, the empty states."""

from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access import Verb, limit, may
from app.accounts import Account
from app.db import db
from app.desk import Inbox
from app.desk_filters import View
from feedback.desk_thread import LINKABLE
from feedback.models import Commitment, Feedback, Signal, SignalState, Theme
from workshops.models import Proposal, ProposalState

_ = lazy_gettext
VIEW_NAMES = {
    View.TO_ANSWER: _("À répondre"),
    View.LATE: _("En retard"),
    View.SOON: _("À rendre bientôt"),
    View.UNREAD: _("Non lus"),
    View.MINE: _("Confiés à moi"),
    View.CONTESTED: _("Contestés"),
    View.ALL: _("Tous les retours"),
}
_CALM = {
    View.TO_ANSWER: _("Personne n’attend de réponse."),
    View.LATE: _("Aucune réponse n’est en retard."),
    View.SOON: _("Aucune réponse n’est due dans les deux jours ouvrés."),
    View.UNREAD: _("Vous avez tout lu."),
    View.MINE: _("Rien ne vous est confié."),
    View.CONTESTED: _("Aucun changement annoncé n’est contesté."),
}
_SIDES = (
    (
        _("Engagements à tenir"),
        "feedback_desk.commitments",
        Verb.ANSWER,
        Commitment,
        tuple(state.value for state in LINKABLE),
    ),
    (
        _("Signaux"),
        "vigilance.signals",
        Verb.READ_SIGNALS,
        Signal,
        (SignalState.CANDIDATE.value, SignalState.UNDER_REVIEW.value),
    ),
    (
        _("Propositions"),
        "workshops_desk.proposals",
        Verb.ANSWER_PROPOSALS,
        Proposal,
        (ProposalState.TO_ANSWER.value,),
    ),
)


def side_links(account: Account) -> list[tuple[str, str, int]]:
    """Return (label, address, count) of what waits in other rooms, as ``account`` may see it."""
    found = []
    for label, endpoint, verb, table, states in _SIDES:
        if not may(account, verb):
            continue
        query = select(func.count()).select_from(table)
        query = query.where(limit(table.service_id, account, verb), table.state.in_(states))
        found.append((str(label), url_for(endpoint), db.session.scalar(query) or 0))
    return found


def themes_offered(found: Inbox) -> dict[str, list[Theme]]:
    """Return the standing themes of the services on this page, by the service's name."""
    services = select(Feedback.service_id).where(Feedback.id.in_(x.row.id for x in found.lines))
    query = select(Theme).where(Theme.service_id.in_(services), Theme.ended.is_(None))
    themes = query.order_by(Theme.name, Theme.id).options(joinedload(Theme.service))
    groups: dict[str, list[Theme]] = {}
    for theme in db.session.scalars(themes):
        groups.setdefault(theme.service.name, []).append(theme)
    return dict(sorted(groups.items()))


def empty_state(found: Inbox) -> dict[str, Any] | None:
    """Return why the list is empty and what to do; None when it is not."""
    if found.lines:
        return None
    if not found.services:
        return {
            "why": gettext("Vous ne faites partie de l’équipe d’aucun service."),
            "what_to_do": gettext("Demandez à l’administration de vous ajouter à une équipe."),
        }
    if found.filters:
        return {
            "why": gettext("Aucun retour ne répond à ces critères."),
            "url": url_for("desk.inbox", vue=found.view.value),
            "action": gettext("Retirer les filtres"),
        }
    return _calm(found)


def _calm(found: Inbox) -> dict[str, Any]:
    everything = {
        "url": url_for("desk.inbox", vue="tous"),
        "action": gettext("Voir tous les retours"),
    }
    if found.counts[View.ALL]:
        return {"why": str(_CALM.get(found.view, "")), **everything}
    service = found.services[0]
    return {
        "why": gettext("Aucun retour n’est encore arrivé."),
        "what_to_do": gettext("Affichez l’adresse de la page là où passent les usagers."),
        "url": url_for("feedback.poster", slug=service.slug),
        "action": gettext("Imprimer l’affiche"),
    }

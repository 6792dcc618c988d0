"""What the team's page of one commitment shows, gathered before it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.accounts import Account, team_of
from app.catalogue import Release
from app.db import db
from feedback.commitment_follow_up import may_unlink
from feedback.commitment_list import CommitmentLine, line_of
from feedback.commitment_steps import history
from feedback.commitments import TO_KEEP, concerns_of
from feedback.models import Commitment, CommitmentStep, Feedback, StepKind, Theme
from feedback.rows import Row, told
from feedback.words import ROLE_NAMES

MOST_SHOWN = 50  # linked retours, the newest; their number is said whole
MOST_OFFERED = 20  # further concerns of the theme
S = StepKind
STEP_NAMES: dict[StepKind, Any] = {
    S.PROMISED: _("Promis"),
    S.DUE: _("La date est aujourd’hui"),
    S.LATE: _("La date est passée"),
    S.CLAIMED: _("Annonce transmise à la modération"),
    S.SENT_BACK: _("Annonce rendue à l’équipe"),
    S.ANNOUNCED: _("Annoncé aux auteurs"),
    S.UNVERIFIED: _("28 jours sans avis des auteurs"),
    S.CONFIRMED: _("Confirmé par les auteurs"),
    S.DISPUTED: _("Les contestations l’emportent de nouveau"),
    S.JUDGED: _("Un auteur a donné son avis"),
    S.UPHELD: _("Contesté, le changement tient"),
    S.REOPENED: _("Rouvert"),
    S.DROPPED: _("Abandonné"),
    S.THEME: _("Thème"),
    S.RELEASE: _("Version"),
    S.OWNER: _("Qui s’en charge"),
    S.REMINDED: _("Rappel envoyé avant la date"),
    S.REMINDED_LATE: _("Rappel envoyé après la date"),
}


@dataclass(frozen=True)
class Linked:
    """A retour that the commitment answers."""

    row: Row
    may_unlink: bool


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened, in words."""

    day: date
    who: str
    what: str
    words: str


@dataclass(frozen=True)
class CommitmentPage:
    """Everything that the page prints."""

    line: CommitmentLine
    linked: tuple[Linked, ...]
    offered: tuple[Row, ...]  # concerns of the theme that it does not answer yet
    more_offered: int
    themes: Sequence[Theme]
    releases: Sequence[Release]
    colleagues: Sequence[Account]
    history: tuple[HistoryLine, ...]
    may_arrange: bool  # before the change is announced


def commitment_page(commitment: Commitment, day: date) -> CommitmentPage:
    """Return what the page of ``commitment`` shows on ``day``."""
    offered = _offered(commitment)
    service = commitment.service
    return CommitmentPage(
        line_of(commitment, day),
        _linked(commitment, day),
        told(offered[:MOST_OFFERED], day),
        max(0, len(offered) - MOST_OFFERED),
        _themes(commitment),
        tuple(reversed(service.releases)),
        team_of(service),
        tuple(_told_step(step) for step in reversed(history(commitment))),
        commitment.state in TO_KEEP,
    )


def _linked(commitment: Commitment, day: date) -> tuple[Linked, ...]:
    readable = [link for link in commitment.links if link.feedback.is_readable_by_team]
    shown = sorted(readable, key=lambda link: (link.feedback.day, link.feedback_id), reverse=True)
    shown = shown[:MOST_SHOWN]
    rows = told([link.feedback for link in shown], day)
    return tuple(
        Linked(row, may_unlink(commitment, link)) for row, link in zip(rows, shown, strict=True)
    )


def _offered(commitment: Commitment) -> list[Feedback]:
    if commitment.theme is None or commitment.state not in TO_KEEP:
        return []
    known = {link.feedback_id for link in commitment.links}
    found = [each for each in concerns_of(commitment.theme) if each.id not in known]
    return sorted(found, key=lambda each: (each.day, each.id), reverse=True)


def _themes(commitment: Commitment) -> list[Theme]:
    query = select(Theme).where(
        Theme.service_id == commitment.service_id,
        Theme.ended.is_(None) | (Theme.id == commitment.theme_id),
    )
    return list(db.session.scalars(query.order_by(Theme.name)))


def _told_step(step: CommitmentStep) -> HistoryLine:
    kind = StepKind(step.kind)
    who = str(ROLE_NAMES.get(step.role, step.role))
    if kind in (S.LINKED, S.UNLINKED):
        return HistoryLine(step.day, who, _links_in_words(kind, int(step.words)), "")
    nothing = {S.THEME: _("Sans thème"), S.RELEASE: _("Sans version")}
    name = STEP_NAMES[kind] if step.words else nothing.get(kind, STEP_NAMES[kind])
    return HistoryLine(step.day, who, str(name), step.words)


def _links_in_words(kind: StepKind, count: int) -> str:
    if kind is S.LINKED:
        return str(ngettext("%(num)s retour lié", "%(num)s retours liés", count))
    return str(ngettext("%(num)s retour délié", "%(num)s retours déliés", count))

"""The report of a session in words: the same facts, groups and opinions for page and files."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.said import as_said
from app.web import written_day
from feedback.masked_text import pieces
from workshops.ballot import Standing
from workshops.groups import Row
from workshops.models import Card, Proposal, ProposalState
from workshops.opinions import CHOICES, QUESTIONS
from workshops.phases import told_steps
from workshops.proposals import STATE_NAMES
from workshops.report import Report


@dataclass(frozen=True)
class Told:
    """One group: its name, its cards, and what was said of it."""

    name: str
    cards: tuple[str, ...]
    lines: tuple[str, ...]


def plain(text: str) -> str:
    """Return masked words as a file shows them: what was masked stands in brackets."""
    return "".join(f"[{words}]" if kind else words for words, kind in pieces(text))


def facts(report: Report) -> list[tuple[str, str]]:
    """Return the facts at the head of the report, each with its name."""
    room = report.workshop
    about = f"{room.service.name} · {room.functionality.name}" if room.functionality else ""
    each = ngettext("%(num)d vote par personne", "%(num)d votes par personne", room.votes_each)
    most = _("%(most)s au plus par groupe", most=room.votes_per_group)
    steps = [(_("Étapes"), ", ".join(told_steps(room)))] if room.left_out else []
    said = [(_("Lu avant d’entrer"), as_said(plain(room.consent)))] if room.consent else []
    return [
        (_("Service"), as_said(about or room.service.name)),
        (_("Séance du"), written_day(room.day)),
        (_("Questions"), as_said(" · ".join(room.prompts))),
        *steps,
        *said,
        (_("Dans la salle"), _room(report)),
        (_("Vote"), f"{each}, {most}"),
        (_("Conservé jusqu’au"), written_day(report.kept_until)),
    ]


def _room(report: Report) -> str:
    phones = ngettext("%(num)d téléphone", "%(num)d téléphones", report.phones)
    said = [phones if report.phones else _("aucun téléphone")]
    if report.paper_cards:
        said.append(
            ngettext("%(num)d idée sur papier", "%(num)d idées sur papier", report.paper_cards)
        )
    return ", ".join(said)


def who_spoke() -> str:
    """Return what the report knows of who was there: nothing, and it says so."""
    return _(
        "Personne n’a dit qui il est : ce compte rendu dit l’avis d’une salle, "
        "pas celui de tous les usagers."
    )


def told_groups(report: Report) -> list[Told]:
    """Return the groups in the order of votes, then the cards that stood in none."""
    standings = report.board.standings or {}
    groups = [_told(row, standings[row.group.id], report) for row in report.board.rows]
    return groups + [
        Told(plain(card.text), (), (_("Idée écrite, sans vote."), *_marks(card)))
        for card in report.board.cards
    ]


def _told(row: Row, standing: Standing, report: Report) -> Told:
    cards = () if row.is_single else tuple(_card(card) for card in row.cards)
    lines = [told_votes(standing), *(_marks(row.cards[0]) if row.is_single else ())]
    if decided := decision(row.group.decision):
        lines.append(decided)
    if host := report.hosts.get(row.group.id):
        lines.append(_("Réuni avec « %(name)s »", name=plain(host.title)))
    if row.group.carrier:
        lines.append(told_carrier(row.group.carrier))
    lines += [_("Dit dans le fil : %(words)s", words=plain(each)) for each in report.said_of(row)]
    if proposal := report.proposals.get(row.group.id):
        lines += told_proposal(proposal)
    return Told(plain(row.title), cards, tuple(lines))


def _card(card: Card) -> str:
    return " ".join([plain(card.text), *(f"({word})" for word in _marks(card))])


def _marks(card: Card) -> tuple[str, ...]:
    """Return what is said beside the words: on paper, and how often it was written."""
    paper = (_("papier"),) if card.paper else ()
    return (*paper, _("écrite %(num)s fois", num=card.doubles + 1)) if card.doubles else paper


def told_votes(standing: Standing) -> str:
    """Return « 6 votes de 3 personnes, ex æquo »."""
    if not standing.dots:
        return _("Aucun vote")
    votes = ngettext("%(num)d vote", "%(num)d votes", standing.dots)
    people = ngettext("de %(num)d personne", "de %(num)d personnes", standing.voters)
    return f"{votes} {people}" + (f", {_('ex æquo')}" if standing.tied else "")


def decision(kept: str) -> str:
    """Return the room's decision in words, empty without one."""
    return {"keep": _("Gardé"), "drop": _("Laissé de côté")}.get(kept, "")


def told_carrier(carrier: str) -> str:
    """Return who carries a group or a proposal."""
    return _("Porté par : %(who)s", who=plain(carrier))


def told_proposal(proposal: Proposal) -> list[str]:
    """Return where the proposal stands, and the team's answer or its day."""
    state = STATE_NAMES[ProposalState(proposal.state)]
    if proposal.answer:
        return [_("Proposition : %(state)s", state=state), proposal.answer]
    day = written_day(proposal.due)
    waits = _("L’équipe doit répondre avant le %(day)s.", day=day)
    return [_("Proposition : %(state)s", state=state), waits]


def told_opinions(report: Report) -> list[str]:
    """Return how many answered what, one question a line; nothing without answers."""
    found = report.opinions
    if not found.count:
        return []
    lines = [
        ngettext(
            "%(num)d réponse sur %(all)s téléphones.",
            "%(num)d réponses sur %(all)s téléphones.",
            found.count,
            all=report.phones,
        )
    ]
    for name, question in QUESTIONS.items():
        counts = found.answers[name]
        told = ", ".join(f"{word} {counts[key]}" for key, word in CHOICES.items())
        lines.append(f"{question} {told}")
    return lines

"""Why a retour stands where it stands on the desk, and what its proposed severity rests on.

Nothing is decided here: the sentences come from the functions and rows that order the lists and
propose the level, asked again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, literal_column, select, tuple_

from app.days import add_working_days, working_days_between
from app.db import db
from app.matrix import RISK_NAMES, Risk
from app.said import as_said, together
from app.web import written_day
from feedback.answer_safety import free_words, said_harm
from feedback.masked_text import pieces
from feedback.models import Feedback
from feedback.models.retours import AWAITED as IS_AWAITED
from feedback.rows import AWAITED
from feedback.theme_counts import is_readable
from feedback.threads import clock_days
from feedback.urgency import urgency_of
from nlp.danger import ANNOYANCE, BLOCKED, HARM, grounds

MOST_BEFORE = 500  # counted no further, as the lists do


@dataclass(frozen=True)
class WhyHere:
    """The reasons of the place and of the severity, in sentences."""

    place: tuple[str, ...]
    severity: int  # what stands
    because: tuple[str, ...]


def why_here(feedback: Feedback, day: date) -> WhyHere:
    """Return why ``feedback`` stands where it does on ``day``; a few queries."""
    return WhyHere(tuple(_place(feedback, day)), feedback.severity, tuple(_because(feedback)))


def count_before(feedback: Feedback) -> int:
    """Return how many retours of the service stand before ``feedback`` among those that wait.

    The order is that of the lists: the earliest day of reply, the longest wait, then the id.
    """
    if feedback.reply_due is None:
        return 0
    keys = Feedback.reply_due, Feedback.waiting_since, Feedback.id
    own = feedback.reply_due, feedback.waiting_since or feedback.day, feedback.id
    before = (
        select(Feedback.id)
        .where(
            Feedback.service_id == feedback.service_id,
            is_readable(),
            literal_column(f"feedback.{IS_AWAITED}"),
            tuple_(*keys) < tuple_(*own),
        )
        .limit(MOST_BEFORE + 1)
    )
    return db.session.scalar(select(func.count()).select_from(before.subquery())) or 0


def _place(feedback: Feedback, day: date) -> Iterator[str]:
    if feedback.thread_state not in AWAITED or feedback.reply_due is None:
        yield _("Ce retour n’attend pas de réponse. Les listes le rangent par sa date.")
        return
    yield _("La réponse due la plus tôt vient d’abord, puis l’attente la plus longue.")
    yield _due(feedback, day)
    yield _clock(feedback)
    before = count_before(feedback)
    if before > MOST_BEFORE:
        yield _("Plus de %(num)s retours de ce service passent avant.", num=MOST_BEFORE)
    elif before:
        yield ngettext(
            "%(num)s retour de ce service passe avant.",
            "%(num)s retours de ce service passent avant.",
            before,
        )
    else:
        yield _("Aucun retour de ce service ne passe avant.")


def _due(feedback: Feedback, day: date) -> str:
    due = feedback.reply_due
    assert due is not None
    since = feedback.waiting_since or feedback.day
    told = _("Attend depuis le %(since)s.", since=written_day(since))
    when = _("Réponse due le %(due)s.", due=written_day(due))
    late = working_days_between(due, day) if due < day else 0
    if not late:
        return f"{told} {when}"
    over = ngettext("Dépassée de %(num)s jour ouvré.", "Dépassée de %(num)s jours ouvrés.", late)
    return f"{told} {when} {over}"


def _clock(feedback: Feedback) -> str:
    days = clock_days(feedback)
    told = ngettext("Délai : %(num)s jour ouvré.", "Délai : %(num)s jours ouvrés.", days)
    since = feedback.waiting_since or feedback.day
    if add_working_days(since, days) != feedback.reply_due:
        told += " " + _("Il court depuis que l’équipe peut lire, ou a changé depuis.")
    part = feedback.functionality
    if part is None:
        return f"{told} " + _(
            "Le retour ne nomme aucune fonctionnalité : le plus court du service vaut."
        )
    risk = _(
        "Il vient de « %(name)s » : risque %(one)s pour une personne, %(all)s pour tous.",
        name=as_said(part.name),
        one=RISK_NAMES[Risk(part.individual_risk)],
        all=RISK_NAMES[Risk(part.collective_risk)],
    )
    stricter = _("L’équipe s’est donné un délai plus court que la règle.")
    is_own = part.reply_days < part.demands.reply_days
    return together([told, risk, *([stricter] if is_own else [])], " ")


def severity_name(level: int) -> str:
    """Return the words of a severity on 3."""
    names = {ANNOYANCE: _("une gêne"), BLOCKED: _("un blocage"), HARM: _("un tort ou une perte")}
    return str(_("%(level)s sur 3, %(name)s", level=level, name=names[level]))


def _because(feedback: Feedback) -> Iterator[str]:
    decided = urgency_of(feedback)
    if decided and decided.level and decided.decided:
        yield _("Une personne l’a décidé le %(day)s.", day=written_day(decided.decided))
    found = list(passages(feedback))
    for words, level in found:
        yield _("« %(words)s » : %(level)s", words=as_said(words), level=severity_name(level))
    if said_harm(feedback):
        yield _("L’auteur a coché qu’il a subi un tort.")
    elif feedback.dangers and not any(level == HARM for _words, level in found):
        yield _("Un danger a été lu dans les mots avant le masquage. Ils ne sont pas gardés.")
    if not found and feedback.severity == ANNOYANCE:
        yield _("Aucun mot de nos listes n’y est : sans autre signe, c’est une gêne.")
    yield _("Ces listes de mots sont écrites à la main. Elles proposent, une personne corrige.")


def passages(feedback: Feedback) -> Iterator[tuple[str, int]]:
    """Yield the masked passages that the written lists find, each with the severity it gives."""
    for text in (feedback.text or "", *free_words(feedback)):
        level, spans = grounds(text)
        for start, end in dict.fromkeys((span.start, span.end) for span in spans):
            yield "".join(words for words, _kind in pieces(text[start:end])), level

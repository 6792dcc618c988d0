"""The author's edition: what four weeks brought to one retour, for the page behind its code.

Its identities and counts are those of the other editions: the same conditions on the same rows, and
for themes the lines of the newest public edition, floors and all. Nothing notes when an author last
came, so that four weeks stand for it. Nothing is stored.
"""

from datetime import date, timedelta

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.computation import commitment_moved_in
from app.db import db
from app.digest_counts import count_answers
from app.digest_items import Content, Item
from app.editions import Edition
from app.periods import Period
from app.said import as_said
from app.subscriptions import Audience
from app.traces import Trace
from app.writings import Writing
from feedback.models import Commitment, CommitmentLink, Feedback, Placement, Segment

WEEKS = timedelta(weeks=4)


def author_items(feedback: Feedback, day: date) -> tuple[list[Item], str]:
    """Return what the author's page says first, or why it says nothing."""
    writing = for_author(feedback, day)
    return _items(writing.content), writing.skipped


def for_author(feedback: Feedback, day: date) -> Writing:
    """Return what happened to ``feedback`` in the four weeks up to ``day``, as plain values."""
    period = Period(day + timedelta(days=1) - WEEKS, day + timedelta(days=1))
    content = {
        "answers": count_answers(feedback.service, period, feedback.id),
        "decisions": _decisions(feedback, period),
        "commitments": _commitments(feedback, period),
        **_themes(feedback, period),
    }
    said = content["answers"] or content["decisions"] or content["commitments"]
    nothing = _("Rien de nouveau pour l’instant : ni réponse, ni engagement, ni décision.")
    return Writing(content, "" if said or content["themes"] else nothing)


def _decisions(feedback: Feedback, period: Period) -> int:
    """Return how often a moderator decided, as the journal says."""
    made = select(func.count()).where(
        Trace.feedback_id == feedback.id,
        Trace.payload["verb"].as_string() == "moderated",
        Trace.day >= period.start,
        Trace.day < period.end,
    )
    return int(db.session.scalar(made) or 0)


def _commitments(feedback: Feedback, period: Period) -> list[str]:
    """Return the ids of the commitments to this retour that moved, the first due first."""
    query = (
        select(Commitment.id)
        .join(CommitmentLink, CommitmentLink.commitment_id == Commitment.id)
        .where(CommitmentLink.feedback_id == feedback.id, commitment_moved_in(period))
        .order_by(Commitment.due, Commitment.id)
    )
    return list(db.session.scalars(query))


def _themes(feedback: Feedback, period: Period) -> Content:
    """Return the lines of the newest public edition about the themes of this retour."""
    told = select(Edition).where(
        Edition.audience == Audience.PUBLIC,
        Edition.service_id == feedback.service_id,
        Edition.skipped == "",
        Edition.end > period.start,
    )
    newest = db.session.scalar(told.order_by(Edition.start.desc()).limit(1))
    if newest is None:
        return {"themes": [], "edition": None}
    own = select(Placement.theme_id).join(Segment).where(
        Segment.feedback_id == feedback.id, ~Placement.contested
    )  # fmt: skip
    ids = set(db.session.scalars(own))
    lines = [line for line in newest.content["themes"] if line["id"] in ids]
    edition = {"id": newest.id, "start": newest.start, "end": newest.end}
    return {"themes": lines, "edition": edition if lines else None}


def _items(content: Content) -> list[Item]:
    found = []
    if content["answers"]:
        found.append(_counted_answers(content["answers"]))
    if content["decisions"]:
        found.append(Item(words=_("Un modérateur a pris une décision.")))
    if content["commitments"]:
        found.append(_counted_commitments(len(content["commitments"])))
    if content["themes"]:
        edition = content["edition"]
        period = Period(edition["start"], edition["end"]).words(str(get_locale() or "fr"))
        found += [Item(words=_theme(line, period)) for line in content["themes"]]
        link = {"edition_id": edition["id"]}
        label = _("Lire la synthèse du service")
        found[-1] = Item(found[-1].lead, found[-1].words, "", "digests.edition", link, label)
    return found


def _counted_answers(count: int) -> Item:
    said = ngettext("L’équipe vous a écrit une fois.", "L’équipe vous a écrit %(num)s fois.", count)
    return Item(words=said)


def _counted_commitments(count: int) -> Item:
    said = ngettext(
        "Un engagement de l’équipe a bougé.", "%(num)s engagements de l’équipe ont bougé.", count
    )
    return Item(words=said)


def _theme(line: Content, period: str) -> str:
    name = as_said(line["name"])
    if line["retours"] is None:
        return _("Votre thème « %(name)s » : cité (%(period)s).", name=name, period=period)
    return ngettext(
        "Votre thème « %(name)s » : %(num)s retour (%(period)s).",
        "Votre thème « %(name)s » : %(num)s retours (%(period)s).",
        line["retours"],
        name=name,
        period=period,
    )

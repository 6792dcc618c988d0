"""What a team's edition says of its promises: those to keep now, then the others that moved."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.digest_items import Content, Item, capped
from app.edition_news import marked
from app.said import as_said, together
from app.web import written_day
from feedback.models import CommitmentState
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS


def promises_to_keep(content: Content) -> list[Item]:
    """Return the promises whose date is near or past: each asks for a decision."""
    due = [line for line in content["commitments"] if line["id"] in content["due"]]
    return capped([marked(_to_keep(line), content, line["id"]) for line in due], _all())


def moved_promises(content: Content) -> list[Item]:
    """Return the others that were made, announced or judged in the period."""
    moved = [
        line
        for line in content["commitments"]
        if line.get("moved") and line["id"] not in content["due"]
    ]
    return capped([marked(_moved(line), content, line["id"]) for line in moved], _all())


def _all() -> Item:
    return Item(endpoint="feedback_desk.commitments", label=_("Tous les engagements"))


def _to_keep(line: Content) -> Item:
    day = written_day(line["due"], "d MMMM")
    lead = {
        CommitmentState.LATE: _("Engagement en retard depuis le %(day)s.", day=day),
        CommitmentState.REOPENED: _("Engagement rouvert : ses auteurs le contestent."),
    }.get(line["state"], _("Engagement à tenir le %(day)s.", day=day))
    linked = ngettext("Lié à %(num)d retour.", "Lié à %(num)d retours.", line["links"])
    ring = "contested" if line["state"] == CommitmentState.REOPENED else "answered"
    words = (
        together((as_said(line["text"]), linked), " ") if line["links"] else as_said(line["text"])
    )
    return Item(lead, words, ring, "feedback_desk.commitments", label=_("Ouvrir"))


def _moved(line: Content) -> Item:
    state = CommitmentState(line["state"])
    lead = _(
        "%(state)s, pour le %(day)s.",
        state=COMMITMENT_NAMES[state],
        day=written_day(line["due"], "d MMMM"),
    )
    link = {"commitment_id": line["id"]}
    ring = COMMITMENT_RINGS[state]
    return Item(lead, as_said(line["text"]), ring, "feedback_desk.commitment", link, _("Ouvrir"))

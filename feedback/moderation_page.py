"""The moderators' queue as a page, and the way back to it when a row changed meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user

from app.days import today
from app.db import db
from app.web import render
from feedback import content_notices, moderation_figures, publication_stop, theme_answers
from feedback.change_claims import claims
from feedback.commitment_list import CommitmentLine, line_of
from feedback.list_parts import FIRST, Asked, ListPart, holding, part_of
from feedback.masked_text import excerpt, pieces
from feedback.models import Commitment, CommitmentState
from feedback.moderation_forms import Checked, CheckForm
from feedback.moderation_items import Look
from feedback.moderation_queue import queue
from feedback.moderation_waits import waits_beside
from feedback.peer_forms import NOTICE_REASONS
from feedback.urgency_words import LEVEL_NAMES
from feedback.words import DANGER_NAMES, VERDICT_NAMES, WHY_HELD_NAMES

blueprint = Blueprint("moderation", __name__)


def show_queue(
    status: int = 200,
    failed: str = "",
    form: CheckForm | None = None,
    asked: Asked = FIRST,
) -> Response:
    """Return the page of the queue; ``form`` is what was typed about the row ``failed``.

    Each list shows a page of its own: of that row, or as ``asked``.
    """
    found, reported = queue(today()), content_notices.waiting(today())
    checked = {
        "claims": [each.id for each in found.claims],
        "contested": [each.id for each in found.contested],
        "looks": [each.look.id for each in found.looks],
    }
    pages = (holding(name, ids, failed) for name, ids in checked.items())
    here = next(filter(None, pages), asked)

    def part(name: str, rows: Sequence[Any]) -> ListPart:
        return part_of(name, rows, here)

    def own(row_id: str, checked: Checked) -> CheckForm:
        typed = form if form is not None and failed == row_id else None
        return (typed or CheckForm(checked=checked)).apart(row_id)

    def checks(each: Commitment) -> tuple[CommitmentLine, CheckForm]:
        return line_of(each), own(each.id, checked_of(each))

    return render(
        "moderation/queue.html",
        None,
        status,
        queue=found,
        is_stopped=publication_stop.is_stopped(),
        figures=moderation_figures.figures(found, waits_beside(found, reported, today()), today()),
        late=sum(item.is_late for item in found.held),
        part_url="moderation.queue",
        held=part("held", found.held),
        wishes=part("wishes", found.wishes),
        resting=part("resting", found.resting),
        messages=part("messages", found.messages),
        asked=part("asked", found.asked),
        VERDICT_NAMES=VERDICT_NAMES,
        DANGER_NAMES=DANGER_NAMES,
        why_names=WHY_HELD_NAMES,
        level_names=LEVEL_NAMES,
        excerpt=excerpt,
        pieces=pieces,
        reported=part("notices", reported),
        NOTICE_REASONS=NOTICE_REASONS,
        claims=_told(part("claims", found.claims), checks),
        contested=_told(part("contested", found.contested), checks),
        looks=_told(
            part("looks", found.looks),
            lambda each: _look_line(each, own(each.look.id, Checked.ANSWER)),
        ),
    )


def _told(part: ListPart, tell: Callable[[Any], Any]) -> ListPart:
    return replace(part, rows=[tell(each) for each in part.rows])


def checked_of(commitment: Commitment) -> Checked:
    """Return what there is to check about ``commitment``."""
    return Checked.CLAIM if commitment.state == CommitmentState.CLAIMED else Checked.CONTEST


def _look_line(each: Look, form: CheckForm) -> dict[str, Any]:
    look = each.look
    return {
        "look": look,
        "days": each.days,
        "is_late": each.is_late,
        "is_own": look.account_id == current_user.id,
        "claims": claims(look.text),
        "reach": theme_answers.reach(look.theme).count if look.theme else 1,
        "form": form,
    }


def moved_meanwhile() -> Any:
    """Undo what was begun and lead back to the queue, which shows the new state."""
    db.session.rollback()
    flash(_("L’état a changé entre-temps. Rien n’a été modifié."), "alert")
    return redirect(url_for("moderation.queue"), 303)

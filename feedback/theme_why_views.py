"""Pages that say why a theme is one, and why a sentence stands in it."""

from flask import Response, abort
from flask_security import current_user
from sqlalchemy import select

from app import traces
from app.access import Verb, actor_of, limit, staff
from app.days import today
from app.db import db
from app.web import render
from feedback import theme_facts, theme_reasons
from feedback.models import Feedback, Placement, Segment, Theme
from feedback.theme_views import bp


@bp.get("/equipe/themes/<theme_id>/pourquoi")
@staff(Verb.READ_THEMES)
def why_theme(theme_id: str) -> Response:
    """Show why a theme is one, in place for htmx or as a page."""
    reach = limit(Theme.service_id, current_user, Verb.READ_THEMES)
    theme = db.session.scalar(select(Theme).where(Theme.id == theme_id, reach))
    if theme is None:
        abort(404)
    facts = theme_facts.facts_of(theme)
    return render("feedback/why_theme.html", "feedback/_why_theme.html", facts=facts)


@bp.get("/equipe/placements/<segment_id>")
@staff(Verb.READ, writes=True)
def why(segment_id: str) -> Response:
    """Show why a segment stands in its theme, in place for htmx or as a page."""
    query = (
        select(Placement)
        .join(Segment)
        .join(Feedback)
        .where(
            Placement.segment_id == segment_id,
            limit(Feedback.service_id, current_user, Verb.READ),
        )
    )
    placement = db.session.scalar(query)
    if placement is None:
        abort(404)
    actor = actor_of(current_user, Verb.READ)
    traces.record_once("opened", actor, today(), placement.segment.feedback_id)
    found = theme_reasons.why(placement)
    shown = render("feedback/why.html", "feedback/_why_segment.html", why=found)
    db.session.commit()
    return shown

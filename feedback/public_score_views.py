"""The public page of the scores of a service; the team's is in ``score_views.py``."""

from flask import Response, current_app

from app.access import public, service_or_404
from app.web import render
from feedback.part_scores import part_scores
from feedback.public_trend import trend_of_whole
from feedback.representativeness_words import public_panel
from feedback.score_page import distribution, faces_for_all
from feedback.standing import standing
from feedback.standing_words import said
from feedback.views import bp


@bp.get("/s/<slug>/notes")
@public
def notes(slug: str) -> Response:
    """Show what people think of a service and of each thing that it does, above the floors."""
    service = service_or_404(slug)
    faces = faces_for_all(service)
    return render(
        "feedback/notes.html",
        service=service,
        stands=said(standing(service)),
        faces=distribution(faces) if faces else None,
        trend=trend_of_whole(service),
        parts=part_scores(service),
        voices=public_panel(service, current_app.config["FLOOR"]),
    )

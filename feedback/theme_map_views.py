"""The page of the map of a service's themes; stands on the blueprint of ``theme_views.py``."""

from flask import Response

from app.access import Verb, service_or_404, staff
from app.days import today
from app.web import render
from feedback.theme_map import theme_map
from feedback.theme_views import bp


@bp.get("/equipe/themes/carte/<slug>")
@staff(Verb.READ_THEMES)
def on_a_map(slug: str) -> Response:
    """Show the themes of one service on a flat map, with the table of what it draws."""
    service = service_or_404(slug, Verb.READ_THEMES)
    return render("feedback/theme_map.html", service=service, shown=theme_map(service, today()))

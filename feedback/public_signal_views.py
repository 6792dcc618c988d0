"""The public page of the signals of a service; staff read theirs in ``vigilance_views.py``."""

from flask import Response, current_app

from app.access import public, service_or_404
from app.web import render
from feedback.public_signals import public_signals
from feedback.signal_words import PUBLIC_STATE_NAMES
from feedback.views import bp


@bp.get("/s/<slug>/signaux")
@public
def told_signals(slug: str) -> Response:
    """Show which effects experts confirmed for a service, and what was done."""
    service = service_or_404(slug)
    floor = current_app.config["FLOOR"]
    found = public_signals(service, floor)
    return render(
        "feedback/told_signals.html",
        service=service,
        floor=floor,
        groups=(
            [each for each in found if not each.beneficial],
            [each for each in found if each.beneficial],
        ),
        STATE_NAMES=PUBLIC_STATE_NAMES,
    )

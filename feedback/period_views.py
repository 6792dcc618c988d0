"""The page that sets two periods of a service side by side; on the blueprint of the themes."""

from typing import Any

from flask import Response, current_app, request
from flask_security import current_user
from sqlalchemy import ColumnElement

from app.access import Verb, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.floors import TEAM_FLOOR
from app.web import render
from feedback.models import Feedback
from feedback.period_choice import (
    FIELDS,
    LONGEST_TYPED,
    BadPeriods,
    Periods,
    Span,
    choices,
    last_weeks,
    read_periods,
)
from feedback.period_page import period_page, release_words
from feedback.periods import compare
from feedback.representativeness_words import Panel, panel_of
from feedback.theme_counts import is_readable
from feedback.theme_views import bp
from feedback.voices import of_texts

LATEST = 6  # choices in view; those of older releases are folded


@bp.get("/equipe/themes/periodes/<slug>")
@staff(Verb.READ_THEMES)
def two_periods(slug: str) -> Response:
    """Compare two periods of one service: the last eight weeks with those before, or as typed."""
    service = service_or_404(slug, Verb.READ_THEMES)
    typed = {field: request.args.get(field, "")[:LONGEST_TYPED] for field in FIELDS}
    if not any(typed.values()):
        return _compared(service, last_weeks(today()))
    try:
        return _compared(service, read_periods(typed, today()))
    except BadPeriods as bad:
        shared = _shared(service, typed)
        return render("feedback/theme_periods.html", status=422, errors=bad.errors, **shared)


def _shared(service: Service, typed: dict[str, str]) -> dict[str, Any]:
    """Return what the page prints whether the dates are good or not."""
    quick = choices(service.releases, today())
    return {"service": service, "typed": typed, "quick": quick, "latest": LATEST}


def _compared(service: Service, periods: Periods) -> Response:
    inside = reaches(service, current_user, Verb.READ)
    floor = current_app.config["FLOOR"]
    found = compare(service, periods, 1 if inside else floor)
    shown = period_page(service, periods, found)
    return render(
        "feedback/theme_periods.html",
        errors={},
        periods=periods,
        shown=shown,
        caution=release_words(shown.release) if shown.release else "",
        inside=inside,
        panels=_panels(service, periods) if inside else (),
        voices=None if inside else panel_of(of_texts(service), service, floor),
        **_shared(service, periods.query),
    )


def _panels(service: Service, periods: Periods) -> tuple[tuple[str, str, Panel], ...]:
    """Return who spoke in each period, for the team: others could tell one retour by its days."""
    return tuple(
        (key, span.words(), panel_of(_texts_in(service, span), service, TEAM_FLOOR))
        for key, span in (("before", periods.before), ("after", periods.after))
    )


def _texts_in(service: Service, span: Span) -> ColumnElement[bool]:
    return of_texts(service) & is_readable() & Feedback.day.between(span.start, span.last)

"""The page of a session that is over: what happens next, and three questions for each phone."""

from typing import Any

from flask import Response

from app.web import render
from workshops import opinions, retention
from workshops.models import Workshop
from workshops.opinion_forms import OpinionForm


def over_page(
    workshop: Workshop,
    token: str | None,
    status: int = 200,
    form: OpinionForm | None = None,
    **more: Any,
) -> Response:
    """Render the page for the phone with ``token``; it is asked until it has answered."""
    asked = opinions.blank_of(workshop, token) is not None
    return render(
        "workshops/over.html",
        status=status,
        workshop=workshop,
        service=workshop.service,
        form=(form or OpinionForm()) if asked else None,
        kept_until=retention.kept_until(workshop),
        **more,
    )

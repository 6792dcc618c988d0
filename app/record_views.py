"""The public board of a service, "vous avez dit, nous avons fait", and what the service is."""

from flask import Blueprint, Response, current_app, request

from app.access import public, service_or_404
from app.days import today
from app.matrix import CLASS_NAMES
from app.paging import page_asked, pager
from app.record import STAGES, board
from app.web import render
from feedback.declared_publics import declared, people_in_all
from feedback.kept_figures import kept_themes
from feedback.public_themes import public_themes
from feedback.representativeness_words import public_panel
from feedback.standing import standing
from feedback.standing_words import said
from feedback.words import PUBLIC_VERDICTS

RELEASES = 12  # the newest ones, on the page that says what a service is

blueprint = Blueprint("record", __name__)


@blueprint.get("/s/<slug>/ce-qui-change", endpoint="board")
@public
def public_board(slug: str) -> Response:
    """Show what a service is told, what it promised and what its authors checked."""
    service = service_or_404(slug)
    floor = current_app.config["FLOOR"]
    found = board(service, today(), floor, page_asked(request.args.get("page", "")))
    return render(
        "record/board.html",
        None,
        service=service,
        board=found,
        floor=floor,
        pager=pager("record.board", {"slug": slug}, found.page, found.pages, "promises-title"),
        themes=public_themes(service, floor, kept_themes(service, today()))
        if found.page == 1
        else (),
        people=people_in_all(declared(service)),
        voices=public_panel(service, floor),
        stands=said(standing(service)),
        STAGES=STAGES,
        PUBLIC_VERDICTS=PUBLIC_VERDICTS,
    )


@blueprint.get("/s/<slug>/a-propos")
@public
def about(slug: str) -> Response:
    """Say what a service is: its functionalities, their reply clocks and its last releases."""
    service = service_or_404(slug)
    out = [release for release in reversed(service.releases) if release.day <= today()]
    return render(
        "record/about.html",
        None,
        service=service,
        kinds=CLASS_NAMES,
        is_near_care=any(each.is_near_care for each in service.functionalities),
        releases=out[:RELEASES],
    )

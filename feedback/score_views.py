"""The team's pages of scores: services in reach, and one service's notes with its comparison."""

from flask import Blueprint, Response, abort, current_app, request
from flask_security import current_user
from sqlalchemy import select

from app.access import Verb, limit, reaches, service_or_404, staff
from app.catalogue import Functionality, Service
from app.days import today
from app.db import db
from app.web import render
from feedback.evaluation_page import elsewhere
from feedback.same_nature import kinds_of
from feedback.score_page import score_page
from feedback.standing_words import score_words

bp = Blueprint("scores", __name__, url_prefix="/equipe")
QUARTER = "trimestre"


@bp.get("/notes")
@staff(Verb.READ_INDICATORS)
def index() -> Response:
    """List the services whose scores the reader may see."""
    query = select(Service).where(limit(Service.id, current_user, Verb.READ_INDICATORS))
    services = list(db.session.scalars(query.order_by(Service.name)))
    return render("feedback/scores_index.html", services=services)


@bp.get("/services/<slug>/notes")
@staff(Verb.READ_INDICATORS)
def scores(slug: str) -> Response:
    """Show the score of a service, its parts, its months, and where it stands among its kind."""
    service = service_or_404(slug, Verb.READ_INDICATORS)
    inside = reaches(service, current_user, Verb.READ)
    floor = 1 if inside else int(current_app.config["FLOOR"])
    by_quarter = request.args.get("pas") == QUARTER
    part = _part(service, request.args.get("fonctionnalite", ""))
    return render(
        "feedback/scores.html",
        rated=service,
        found=score_page(service, today(), by_quarter, floor, part),
        by_quarter=by_quarter,
        elsewhere=elsewhere(kinds_of(service)),
        inside=inside,
        QUARTER=QUARTER,
        score_words=score_words,
    )


def _part(service: Service, asked: str) -> Functionality | None:
    """Return the functionality of ``service`` that was asked for; an unknown one is not found."""
    if not asked:
        return None
    found = {str(each.id): each for each in service.functionalities}.get(asked)
    return found or abort(404)

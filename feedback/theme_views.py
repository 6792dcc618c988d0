"""Pages of themes: a service's list, one theme, its name, and why a segment stands in it."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, limit, staff
from app.catalogue import Service
from app.charts import Mark, Point, line_chart
from app.days import today
from app.db import db
from app.web import render, written_day
from feedback import theme_edits, theme_reasons, themes
from feedback.channels import CHANNEL_NAMES
from feedback.masked_text import excerpt, pieces
from feedback.models import AnalysisRun, Feedback, Placement, Segment, Theme

bp = Blueprint("themes", __name__)
bp.add_app_template_filter(pieces, "pieces")
bp.add_app_template_filter(excerpt, "excerpt")
PER_PAGE = 30


def _services() -> list[Service]:
    reach = limit(Service.id, current_user, Verb.READ_THEMES)
    return list(db.session.scalars(select(Service).where(reach).order_by(Service.name)))


def _theme_or_404(theme_id: str, verb: Verb) -> Theme:
    query = select(Theme).where(Theme.id == theme_id, limit(Theme.service_id, current_user, verb))
    theme = db.session.scalar(query)
    if theme is None:
        abort(404)
    return theme


@bp.get("/equipe/themes")
@staff(Verb.READ_THEMES)
def index() -> Response:
    """List the themes of one service, the reader's first unless another is asked for."""
    services = _services()
    asked = request.args.get("service", "")
    service = next(
        (each for each in services if each.slug == asked), services[0] if services else None
    )
    if service is None:
        return render("feedback/themes.html", services=[], chosen=None)
    return render(
        "feedback/themes.html",
        services=services,
        chosen=service,
        lines=themes.themes_of(service, today()),
        texts=themes.texts_of(service),
        needed=themes.FEWEST_TEXTS,
        unplaced=themes.unplaced(service),
        waiting=themes.waiting(service),
        run=db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1)),
    )


@bp.get("/equipe/themes/<theme_id>")
@staff(Verb.READ_THEMES, writes=True)
def theme(theme_id: str) -> Response:
    """Show one theme: its size and trend, typical messages, words, and the retours for readers."""
    found = _theme_or_404(theme_id, Verb.READ_THEMES)
    page = max(1, request.args.get("page", 1, type=int))
    weeks = themes.trend(found, today())
    may_read = _may_read(found)
    retours = _readable(found, page) if may_read else []
    db.session.commit()
    return render(
        "feedback/theme.html",
        theme=found,
        line=themes.line_of(found, today()),
        chart=_chart(found, weeks),
        weeks=weeks,
        typical=themes.typical_segments(found)[:5] if may_read else [],
        retours=retours,
        may_read=may_read,
        may_edit=_may_edit(found),
        speakers=themes.speakers(found),
        channel_names=CHANNEL_NAMES,
        pager=_pager(found, page),
        error="",
    )


def _may_read(found: Theme) -> bool:
    return _within(found, Verb.READ)


def _may_edit(found: Theme) -> bool:
    return _within(found, Verb.ARRANGE_THEMES)


def _within(found: Theme, verb: Verb) -> bool:
    reach = limit(Theme.service_id, current_user, verb)
    return db.session.scalar(select(Theme.id).where(Theme.id == found.id, reach)) is not None


def _readable(found: Theme, page: int) -> list[Feedback]:
    traces.record_once(
        "listed", actor_of(current_user, Verb.READ), today(), detail=f"theme {found.id}"
    )
    return themes.retours_of(found, PER_PAGE, (page - 1) * PER_PAGE)


def _chart(found: Theme, weeks: list[themes.WeekCount]) -> object:
    points = [Point(written_day(week.week, "d MMM"), week.retours) for week in weeks]
    first = weeks[0].week
    marks = [
        Mark((release.day - first).days // 7, release.number)
        for release in found.service.releases
        if 0 <= (release.day - first).days // 7 < len(weeks)
    ]
    return line_chart(points, marks=marks)


def _pager(found: Theme, page: int) -> dict[str, object]:
    pages = max(1, -(-themes.line_of(found, today()).retours // PER_PAGE))

    def address(number: int) -> str | None:
        if not 1 <= number <= pages or number == page:
            return None
        return url_for("themes.theme", theme_id=found.id, page=number)

    return {
        "page": page,
        "pages": pages,
        "previous_url": address(page - 1),
        "next_url": address(page + 1),
    }


@bp.post("/equipe/themes/<theme_id>/nom")
@staff(Verb.ARRANGE_THEMES)
def rename(theme_id: str) -> AnyResponse:
    """Give the theme a name that no run will change."""
    found = _theme_or_404(theme_id, Verb.ARRANGE_THEMES)
    role = actor_of(current_user, Verb.ARRANGE_THEMES).role
    try:
        theme_edits.rename(found, request.form.get("name", ""), today(), role)
    except theme_edits.EmptyName:
        db.session.rollback()
        return render(
            "feedback/theme_name.html",
            status=422,
            theme=_theme_or_404(theme_id, Verb.ARRANGE_THEMES),
            error=_("Un thème porte un nom : écrivez quelques mots."),
        )
    db.session.commit()
    return redirect(url_for("themes.theme", theme_id=theme_id), 303)


@bp.get("/equipe/placements/<segment_id>")
@staff(Verb.READ)
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
    found = theme_reasons.why(placement)
    return render("feedback/why.html", "feedback/_why_segment.html", why=found)

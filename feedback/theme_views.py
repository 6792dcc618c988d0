"""Pages of themes: a service's list, what stands in none, one theme.

Each reads what may be read, writes the listing into the journal, and prints a record.
"""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_security import current_user
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, limit, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.floors import TEAM_FLOOR
from app.web import render
from feedback import themes
from feedback.masked_text import excerpt, pieces
from feedback.models import AnalysisRun, Feedback, Theme
from feedback.representativeness_words import Panel, panel_of
from feedback.theme_answers import open_concerns
from feedback.theme_counts import unplaced
from feedback.theme_edit_page import card
from feedback.theme_facets import Facet
from feedback.theme_labels import FACET_NAMES, SORT_NAMES, Sort
from feedback.theme_list import Asked, ThemeList, theme_list
from feedback.theme_page import PER_PAGE, messages_page, theme_page
from feedback.theme_story import story_of
from feedback.voices import of_texts, of_theme

bp = Blueprint("themes", __name__)
bp.add_app_template_filter(pieces, "pieces")
bp.add_app_template_filter(excerpt, "excerpt")


def theme_or_404(theme_id: str, verb: Verb) -> Theme:
    """Return the theme when ``verb`` on its service is held."""
    query = select(Theme).where(Theme.id == theme_id, limit(Theme.service_id, current_user, verb))
    theme = db.session.scalar(query)
    if theme is None:
        abort(404)
    return theme


def _services() -> list[Service]:
    reach = limit(Service.id, current_user, Verb.READ_THEMES)
    return list(db.session.scalars(select(Service).where(reach).order_by(Service.name)))


def _listed(detail: str) -> None:
    """Write into the journal that a list of messages was seen, once a day."""
    traces.record_once("listed", actor_of(current_user, Verb.READ), today(), detail=detail)
    db.session.commit()


def _asked() -> Asked:
    wanted = request.args
    return Asked(
        wanted.get("mots", "")[:100],
        next((each for each in Sort if each == wanted.get("tri")), Sort.SIZE),
        next((each for each in Facet if each == wanted.get("par")), None),
        wanted.get("page", 1, type=int),
    )


@bp.get("/equipe/themes")
@staff(Verb.READ_THEMES, writes=True)
def index() -> Response:
    """List the themes of one service, the reader's first unless another is asked for."""
    services = _services()
    slug = request.args.get("service", "")
    service = next((s for s in services if s.slug == slug), services[0] if services else None)
    if service is None:
        return render("feedback/themes.html", services=[], chosen=None)
    shown = _shown(service, _asked())
    return render("feedback/themes.html", services=services, chosen=service, **shown)


def _shown(service: Service, asked: Asked) -> dict[str, Any]:
    """Return what the page prints of one service; without themes, that is its messages."""
    found = theme_list(service, asked, today())
    may_read = reaches(service, current_user, Verb.READ)
    plain = _messages(service, asked.page) if may_read and not found.themes else {}
    return {
        "asked": asked,
        "shown": found,
        "SORT_NAMES": SORT_NAMES,
        "FACET_NAMES": FACET_NAMES,
        "texts": themes.texts_of(service),
        "needed": themes.FEWEST_TEXTS,
        "waiting": themes.waiting(service),
        "ended": themes.ended_of(service),
        "voices": _voices(of_texts(service), service, may_read),
        "may_read": may_read,
        "run": db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1)),
        **(plain or {"pager": _list_pager(service, asked, found)}),
    }


def _voices(condition: ColumnElement[bool], service: Service, inside: bool) -> Panel:
    """Return who spoke; the floor holds for those who may not read the messages."""
    return panel_of(condition, service, TEAM_FLOOR if inside else current_app.config["FLOOR"])


def _list_pager(service: Service, asked: Asked, found: ThemeList) -> dict[str, object]:
    query = {
        "service": service.slug,
        "mots": asked.words or None,
        "tri": None if asked.sort is Sort.SIZE else asked.sort.value,
        "par": asked.facet.value if asked.facet else None,
    }
    return _pager("themes.index", query, found.page, found.pages)


def _messages(service: Service, page: int) -> dict[str, Any]:
    """Return the plain list of a service without themes, which stands in the journal."""
    pages = max(1, -(-themes.count_messages(service) // PER_PAGE))
    page = min(max(1, page), pages)
    _listed(f"texts {service.slug}")
    retours: list[Feedback] = themes.messages_of(service, PER_PAGE, (page - 1) * PER_PAGE)
    pager = _pager("themes.index", {"service": service.slug}, page, pages)
    return {"retours": retours, "pager": pager}


def _pager(endpoint: str, query: dict[str, Any], page: int, pages: int) -> dict[str, object]:
    def address(number: int) -> str | None:
        return url_for(endpoint, **query, page=number) if 1 <= number <= pages else None

    return {
        "page": page,
        "pages": pages,
        "previous_url": address(page - 1),
        "next_url": address(page + 1),
    }


@bp.get("/equipe/themes/sans-theme/<slug>")
@staff(Verb.READ, writes=True)
def without_theme(slug: str) -> Response:
    """List the sentences of one service that stand in no theme."""
    service = service_or_404(slug, Verb.READ)
    found = unplaced(service, today())
    pages = max(1, -(-found.segments // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    _listed(f"unplaced {service.slug}")
    return render(
        "feedback/unplaced.html",
        chosen=service,
        unplaced=found,
        segments=themes.unplaced_segments(service, PER_PAGE, (page - 1) * PER_PAGE),
        pager=_pager("themes.without_theme", {"slug": slug}, page, pages),
    )


@bp.get("/equipe/themes/<theme_id>")
@staff(Verb.READ_THEMES, writes=True)
def theme(theme_id: str) -> AnyResponse:
    """Show one theme; one that went into another leads there for good."""
    found = theme_or_404(theme_id, Verb.READ_THEMES)
    if (heir := themes.heir_of(found)) is not found:
        return redirect(url_for("themes.theme", theme_id=heir.id), 301)
    may_read = reaches(found.service, current_user, Verb.READ)
    shown = theme_page(found, today(), may_read)
    asked = request.args.get("page", 1, type=int)
    messages = messages_page(found, asked, shown.counts.retours) if may_read else None
    if may_read:
        _listed(f"theme {found.id}")
    return render(
        "feedback/theme.html",
        "feedback/_theme_messages.html" if messages else None,
        theme=found,
        shown=shown,
        messages=messages,
        story=story_of(found),
        voices=_voices(of_theme(found), found.service, may_read),
        FACET_NAMES=FACET_NAMES,
        waiting=_waiting(found),
        may_announce=may_read and reaches(found.service, current_user, Verb.CONFIGURE),
        arranging=card(found, reaches(found.service, current_user, Verb.ARRANGE_THEMES)),
    )


def _waiting(found: Theme) -> int:
    """Return how many authors one answer would reach; 0 for who may not answer."""
    return len(open_concerns(found)) if reaches(found.service, current_user, Verb.ANSWER) else 0

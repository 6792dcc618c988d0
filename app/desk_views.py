"""The desk's first page: the inbox and, beside it on a wide screen, the retour that is open."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_security import current_user

from app import traces
from app.access import Verb, actor_of, may, staff
from app.days import today
from app.db import db
from app.desk import Filters, Inbox, View, inbox
from app.desk_sides import VIEW_NAMES, empty_state, side_links
from app.menu import entries_of, menu
from app.web import render, view_mark
from feedback.desk_views import feedback_or_404, forms_of, open_thread

blueprint = Blueprint("desk", __name__)
Answered = Response | Any


@blueprint.app_context_processor
def menu_of_the_desk() -> dict[str, Any]:
    """Give the team's pages their menu; a citizen's page gets none, and asks nothing."""
    mark = view_mark()
    if mark is None or mark.kind != "staff" or not current_user.is_authenticated:
        return {"nav": []}
    return {"nav": menu(current_user, request.endpoint or "")}


@blueprint.get("/equipe", endpoint="inbox")
@staff(writes=True)
def first_page() -> Answered:
    """The inbox; somebody who reads no retour is led to their own first page."""
    if not may(current_user, Verb.READ):
        return _elsewhere()
    if not may(current_user, Verb.ANSWER) and not request.args:
        return redirect(url_for("moderation.queue"), 303)
    found = inbox(current_user, _view(), _filters(), today())
    traces.record_once("listed", actor_of(current_user, Verb.READ), today())
    db.session.commit()
    opened = request.args.get("retour", "")
    pane = forms_of(open_thread(feedback_or_404(opened, Verb.READ))) if opened else {}
    return render("desk/inbox.html", "desk/_inbox.html", **_words(found), **pane, opened=opened)


def _elsewhere() -> Answered:
    entries = entries_of(current_user)
    if not entries:
        return render("desk/nothing.html")
    return redirect(url_for(entries[0].endpoint), 303)


def _view() -> View:
    default = View.TO_ANSWER if may(current_user, Verb.ANSWER) else View.ALL
    asked = request.args.get("vue", "")
    return View(asked) if asked in set(View) else default


def _filters() -> Filters:
    asked = request.args
    page = asked.get("page", "1")
    return Filters(
        asked.get("service", ""),
        asked.get("theme", ""),
        asked.get("note", ""),
        asked.get("mots", "").strip()[:100],
        int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


def _words(found: Inbox) -> dict[str, Any]:
    narrowed = found.filters.as_query()
    return {
        "inbox": found,
        "view_names": VIEW_NAMES,
        "sides": side_links(current_user),
        "query": {"vue": found.view.value, **narrowed},
        "empty": empty_state(found),
        "pager": {
            "page": found.filters.page,
            "pages": found.pages,
            "previous_url": _page_url(found, -1),
            "next_url": _page_url(found, 1),
        },
    }


def _page_url(found: Inbox, step: int) -> str:
    page = found.filters.page + step
    if not 1 <= page <= found.pages:
        return ""
    filters = replace(found.filters, page=page)
    return url_for("desk.inbox", vue=found.view.value, **filters.as_query())

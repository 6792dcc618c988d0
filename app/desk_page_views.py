"""What the inbox's page prints, whichever view of ``app/desk*_views.py`` answers with it."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_security import current_user

from app import traces
from app.access import Verb, actor_of, may
from app.days import today
from app.db import db, random_id
from app.desk import Inbox, inbox, reader_of
from app.desk_filters import View, read_filters
from app.desk_head import Decision, decisions
from app.desk_lists import Reader
from app.desk_sides import VIEW_NAMES, empty_state, side_links, themes_offered
from app.saved_views import views_of
from app.web import render
from feedback.assignments import colleagues_of
from feedback.bulk_placing import told_stayed
from feedback.commitment_orders import by_due
from feedback.desk_acts import OPEN_STATES
from feedback.desk_undo import act_of
from feedback.desk_views import feedback_or_404, forms_of, open_thread
from feedback.models import Commitment, DeskAct, DeskVisit
from feedback.readings import visit_of

PAGE, PARTIAL = "desk/inbox.html", "desk/_inbox.html"
MOST_PROMISES = 50  # offered to link to


def show_inbox(status: int = 200, **said: Any) -> Response:
    """Return the page that the address asks for; what is shown is written down. Commits.

    Args:
        said: what a refused form leaves: its problem, and what was ticked or typed.
    """
    day = today()
    visit = visit_of(current_user, day)
    reader = reader_of(current_user, day, visit.since)
    opened = request.args.get("retour", "")
    pane = forms_of(open_thread(feedback_or_404(opened, Verb.READ))) if opened else {}
    found = inbox(reader, view_asked(), read_filters(request.args))
    traces.record_once("listed", actor_of(current_user, Verb.READ), day)
    words = {**_words(found), **_tools(found, visit), **_head(found, reader, visit, opened)}
    db.session.commit()
    return render(PAGE, PARTIAL, status, **{**words, **pane, "opened": opened, **_QUIET, **said})


_QUIET: dict[str, Any] = {"bulk_problem": "", "ticked": (), "view_problem": {}}


def view_asked() -> View:
    """Return the view that the address names, else where the account begins."""
    default = View.TO_ANSWER if may(current_user, Verb.ANSWER) else View.ALL
    asked = request.args.get("vue", "")
    return View(asked) if asked in set(View) else default


def _words(found: Inbox) -> dict[str, Any]:
    return {
        "inbox": found,
        "view_names": VIEW_NAMES,
        "sides": side_links(current_user),
        "query": {"vue": found.view.value, **found.filters.as_query()},
        "unknown_view": request.args.get("vue", found.view.value) not in set(View),
        "empty": empty_state(found),
        "pager": {
            "page": found.filters.page,
            "pages": found.pages,
            "previous_url": _page_url(found, -1),
            "next_url": _page_url(found, 1),
        },
    }


def _tools(found: Inbox, visit: DeskVisit) -> dict[str, Any]:
    """What may be done with the list: saved views, keys, acts on what is ticked."""
    may_answer = may(current_user, Verb.ANSWER)
    ids = [service.id for service in found.services]
    promises = Commitment.service_id.in_(ids), Commitment.state.in_(OPEN_STATES)
    return {
        "saved": views_of(current_user),
        "shortcuts": visit.shortcuts,
        "act_key": random_id(),
        **_after(_done()),
        "may_answer": may_answer,
        "theme_groups": themes_offered(found) if may(current_user, Verb.ARRANGE_THEMES) else {},
        "colleagues": colleagues_of(ids) if may_answer else [],
        "promises": by_due(promises[0] & promises[1])[:MOST_PROMISES] if may_answer else [],
    }


def _done() -> DeskAct | None:
    act = act_of(current_user, request.args.get("fait", ""))
    return act if act and act.rows and not act.undone else None


def _after(done: DeskAct | None) -> dict[str, Any]:
    """What the last act changed, to be undone, and what it could not change."""
    stayed = {row.feedback_id: row.stayed for row in done.rows if row.stayed} if done else {}
    return {"done": done, "stayed": tuple(told_stayed(stayed)) if stayed else ()}


def _head(found: Inbox, reader: Reader, visit: DeskVisit, opened: str) -> dict[str, Any]:
    is_first = not opened and not found.filters and found.filters.page == 1
    if not is_first or not may(current_user, Verb.ANSWER) or not found.services:
        return {"decide": None, "last_visit": None}
    shown: tuple[Decision, ...] = decisions(found, reader, visit)
    last: date | None = visit.previous
    return {"decide": shown, "last_visit": last}


def _page_url(found: Inbox, step: int) -> str:
    page = found.filters.page + step
    if page < 1 or (step > 0 and not found.has_next):
        return ""
    filters = replace(found.filters, page=page)
    return url_for("desk.inbox", vue=found.view.value, **filters.as_query())

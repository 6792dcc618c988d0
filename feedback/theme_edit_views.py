"""Arranging a theme as a whole: name, lock, merge, keep apart, undo; each calls one verb, commits.

What is refused comes back with its reason and everything typed. Messages of it are chosen in
``theme_choice_views.py``.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, actor_of, limit, staff
from app.days import today
from app.db import db
from app.said import as_said
from app.traces import Actor
from app.web import render
from feedback import theme_bonds, theme_edits, theme_merges, theme_undo
from feedback.models import Theme, ThemeEvent
from feedback.theme_edit_page import card
from feedback.theme_refusals import Reason, Refused

bp = Blueprint("theme_edits", __name__)


def theme_or_404(theme_id: str) -> Theme:
    """Return the theme when the reader arranges those of its service."""
    reach = limit(Theme.service_id, current_user, Verb.ARRANGE_THEMES)
    theme = db.session.scalar(select(Theme).where(Theme.id == theme_id, reach))
    if theme is None:
        abort(404)
    return theme


def actor() -> Actor:
    """Return the reader as the journal names them."""
    return actor_of(current_user, Verb.ARRANGE_THEMES)


def target(theme: Theme, name: str) -> Theme:
    """Return the theme of the same service that the form names."""
    found = db.session.get(Theme, request.form.get(name, ""))
    if found is None or found.service_id != theme.service_id:
        raise Refused(Reason.NO_TARGET)
    return found


def to(theme: Theme) -> AnyResponse:
    """Lead to the page of ``theme``, where it can be arranged further."""
    return redirect(url_for("themes.theme", theme_id=theme.id, _anchor="theme-edits"), 303)


def _card_page(theme_id: str, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    typed = request.form.to_dict()
    shown = card(theme_or_404(theme_id), True, typed, errors)
    return render("feedback/theme_edits.html", status=status, arranging=shown, theme=shown.theme)


def attempt(
    theme_id: str, act: Callable[[Theme], Theme], show: Callable[[Refused], Response]
) -> AnyResponse:
    """Do ``act`` and go to the theme it returns; refused, ``show`` the form again."""
    try:
        into = act(theme_or_404(theme_id))
    except Refused as refused:
        db.session.rollback()
        return show(refused)
    db.session.commit()
    return to(into)


def _try(theme_id: str, box: str, act: Callable[[Theme], Theme]) -> AnyResponse:
    """Attempt ``act``; refused, say why under ``box``."""
    return attempt(theme_id, act, lambda no: _card_page(theme_id, 422, {box: no.sentence}))


@bp.get("/equipe/themes/<theme_id>/arranger")
@staff(Verb.ARRANGE_THEMES)
def arrange(theme_id: str) -> Response:
    """Show on a page of its own what may be done to the theme."""
    return _card_page(theme_id)


@bp.post("/equipe/themes/<theme_id>/renommer")
@staff(Verb.ARRANGE_THEMES)
def rename(theme_id: str) -> AnyResponse:
    """Give the theme a name that no run will change."""

    def act(theme: Theme) -> Theme:
        theme_edits.rename(theme, request.form.get("name", ""), today(), actor())
        return theme

    return _try(theme_id, "rename", act)


@bp.post("/equipe/themes/<theme_id>/reunir")
@staff(Verb.ARRANGE_THEMES)
def merge(theme_id: str) -> AnyResponse:
    """Make the theme a part of another."""

    def act(theme: Theme) -> Theme:
        into = target(theme, "into")
        theme_merges.merge(theme, into, actor(), today())
        flash(_("« %(one)s » fait maintenant partie de ce thème.", one=as_said(theme.name)))
        return into

    return _try(theme_id, "merge", act)


@bp.post("/equipe/themes/<theme_id>/verrou")
@staff(Verb.ARRANGE_THEMES)
def lock(theme_id: str) -> AnyResponse:
    """Lock the theme, or unlock it."""

    def act(theme: Theme) -> Theme:
        change = theme_edits.unlock if request.form.get("lock") == "no" else theme_edits.lock
        change(theme, today(), actor())
        flash(_("Thème verrouillé.") if theme.locked else _("Thème déverrouillé."))
        return theme

    return _try(theme_id, "lock", act)


@bp.post("/equipe/themes/<theme_id>/jamais")
@staff(Verb.ARRANGE_THEMES)
def keep_apart(theme_id: str) -> AnyResponse:
    """Keep every run from making the theme and another one, or take that back."""

    def act(theme: Theme) -> Theme:
        frees = bool(request.form.get("free"))
        other = target(theme, "free" if frees else "other")
        change = theme_bonds.free_themes if frees else theme_bonds.keep_themes_apart
        change(theme, other, actor(), today())
        flash(_("C’est retiré.") if frees else _("Ces deux thèmes ne seront jamais réunis."))
        return theme

    return _try(theme_id, "apart", act)


@bp.post("/equipe/themes/<theme_id>/annuler/<int:event_id>")
@staff(Verb.ARRANGE_THEMES)
def undo(theme_id: str, event_id: int) -> AnyResponse:
    """Take one edit back; a second tap changes nothing."""

    def act(theme: Theme) -> Theme:
        event = db.session.get(ThemeEvent, event_id)
        if event is None or event.theme_id != theme.id:
            abort(404)
        is_done = theme_undo.undo(event, actor(), today())
        flash(_("C’est annulé.") if is_done else _("C’était déjà annulé."))
        return theme

    return _try(theme_id, "undo", act)

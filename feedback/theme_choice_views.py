"""Choosing messages of a theme to split off, move or tie; pages keep what was chosen and typed.

Stands on the blueprint of ``theme_edit_views.py``.
"""

from collections.abc import Callable

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, staff
from app.days import today
from app.db import db
from app.said import as_said
from app.web import render
from feedback import bonds, theme_bonds, theme_merges, theme_moves
from feedback.models import BondKind, Theme
from feedback.theme_edit_page import choice, others
from feedback.theme_edit_views import actor, attempt, bp, target, theme_or_404
from feedback.theme_refusals import Reason, Refused

OUT = "out"  # in the list of themes to move to: none at all
ABOUT_THE_LIST = (Reason.NOTHING, Reason.EVERYTHING, Reason.NOT_IN_THEME, Reason.NOT_TWO)


def _chosen() -> list[str]:
    return sorted(set(request.form.getlist("retour")))


def _choice_page(
    theme_id: str, status: int = 200, errors: dict[str, str] | None = None
) -> Response:
    theme = theme_or_404(theme_id)
    asked = request.form.get("page", "") or request.args.get("page", "")
    chosen = {*_chosen(), *request.args.getlist("retour")}
    shown = choice(theme, chosen, int(asked) if asked.isdecimal() else 1)
    traces.record_once("listed", actor(), today(), detail=f"theme {theme.id}")
    response = render(
        "feedback/theme_choice.html",
        status=status,
        theme=theme,
        choice=shown,
        others=others(theme),
        typed=request.form,
        errors=errors or {},
    )
    db.session.commit()
    return response


def _try_chosen(theme_id: str, box: str, act: Callable[[Theme], Theme]) -> AnyResponse:
    """Attempt ``act``; refused, say why under ``box``, or over the list when it is about that."""

    def show(refused: Refused) -> Response:
        where = "list" if refused.reason in ABOUT_THE_LIST else box
        return _choice_page(theme_id, 422, {where: refused.sentence, "open": box})

    return attempt(theme_id, act, show)


@bp.get("/equipe/themes/<theme_id>/ranger")
@staff(Verb.ARRANGE_THEMES, writes=True)
def choose(theme_id: str) -> Response:
    """List the messages of the theme to choose from."""
    return _choice_page(theme_id)


@bp.post("/equipe/themes/<theme_id>/ranger")
@staff(Verb.ARRANGE_THEMES)
def turn(theme_id: str) -> Response:
    """Show another page of the messages and keep what was chosen and typed."""
    return _choice_page(theme_id)


@bp.post("/equipe/themes/<theme_id>/separer")
@staff(Verb.ARRANGE_THEMES)
def split(theme_id: str) -> AnyResponse:
    """Make a theme of its own out of the chosen messages."""

    def act(theme: Theme) -> Theme:
        name = request.form.get("name", "")
        part = theme_merges.split(theme, _chosen(), name, actor(), today())
        flash(_("Nouveau thème, sorti de « %(name)s ».", name=as_said(theme.name)))
        return part

    return _try_chosen(theme_id, "split", act)


@bp.post("/equipe/themes/<theme_id>/deplacer")
@staff(Verb.ARRANGE_THEMES)
def move(theme_id: str) -> AnyResponse:
    """Move the chosen messages to another theme, or out of every theme."""

    def act(theme: Theme) -> Theme:
        goal = None if request.form.get("target") == OUT else target(theme, "target")
        count = theme_moves.move(theme, _chosen(), goal, actor(), today())
        flash(ngettext("%(num)d message déplacé.", "%(num)d messages déplacés.", count))
        return theme

    return _try_chosen(theme_id, "move", act)


@bp.post("/equipe/themes/<theme_id>/lier")
@staff(Verb.ARRANGE_THEMES)
def bind(theme_id: str) -> AnyResponse:
    """Keep the two chosen messages together, or apart, in every later run."""

    def act(theme: Theme) -> Theme:
        chosen = _chosen()
        if len(chosen) != 2:
            raise Refused(Reason.NOT_TWO)
        one, other = (theme_moves.chosen_in(theme, [each]) for each in chosen)
        apart = request.form.get("kind") == BondKind.APART
        change = bonds.keep_apart if apart else bonds.keep_together
        change(one, other, actor(), today())
        flash(
            _("Ces deux messages ne seront plus jamais dans le même thème.")
            if apart
            else _("Ces deux messages resteront toujours ensemble.")
        )
        return theme

    return _try_chosen(theme_id, "bind", act)


@bp.post("/equipe/themes/<theme_id>/delier")
@staff(Verb.ARRANGE_THEMES)
def free(theme_id: str) -> AnyResponse:
    """Take back what was said of two messages."""
    theme = theme_or_404(theme_id)
    theme_bonds.free_messages(theme, request.form.getlist("pair"), actor(), today())
    db.session.commit()
    flash(_("C’est retiré."))
    return redirect(url_for("theme_edits.choose", theme_id=theme_id), 303)

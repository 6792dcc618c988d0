"""The page where a room’s paper is typed in: cards in a batch, ballots, sheets to print."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from app.db import db, random_id
from app.runtime import runtime
from app.web import render
from workshops import paper, paper_words, sessions
from workshops.desk_views import workshops_desk
from workshops.messages import explain
from workshops.models import Phase, Workshop
from workshops.paper_lines import MOST_LINES, BadLines
from workshops.phases import WrongPhase
from workshops.wall_views import join_address


@workshops_desk.get("/equipe/ateliers/<workshop_id>/papier", endpoint="paper")
@staff(Verb.RUN_SESSIONS)
def bridge(workshop_id: str) -> AnyResponse:
    """Show what may be typed in this phase."""
    workshop = _own_or_404(workshop_id)
    if not workshop.is_open:
        return redirect(url_for("workshops_desk.report", workshop_id=workshop.id), 303)
    return _page(workshop)


def _own_or_404(workshop_id: str) -> Workshop:
    return sessions.run_by(current_user, workshop_id) or abort(404)


def _page(workshop: Workshop, status: int = 200, **more: Any) -> Response:
    context: dict[str, Any] = {
        "workshop": workshop,
        "rows": paper.ballot_rows(workshop) if workshop.phase == Phase.VOTE else [],
        "ballots": paper.ballot_count(workshop),
        "takes_cards": workshop.phase in paper.TYPED_IN,
        "key": request.form.get("key", "")[:40] or random_id(),
        "most": MOST_LINES,
    }
    return render("workshops/paper.html", status=status, **(context | more))


@workshops_desk.post("/equipe/ateliers/<workshop_id>/papier/idees")
@staff(Verb.RUN_SESSIONS)
def paper_cards(workshop_id: str) -> AnyResponse:
    """Keep a batch of cards written on paper, or say which lines cannot be kept."""
    workshop, typed = _own_or_404(workshop_id), request.form.get("cards", "")
    key = request.form.get("key", "")[:40]

    def keep() -> str:
        new = paper.type_cards(workshop, typed, key, runtime().name_finder)
        return ngettext("%(num)d idée ajoutée.", "%(num)d idées ajoutées.", new)

    return _try(workshop, keep, cards=typed)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/papier/bulletins")
@staff(Verb.RUN_SESSIONS)
def paper_ballots(workshop_id: str) -> AnyResponse:
    """Count ballots filled in on paper, or take them all back to type them anew."""
    workshop, typed = _own_or_404(workshop_id), request.form.get("ballots", "")
    key = request.form.get("key", "")[:40]

    def count() -> str:
        if request.form.get("geste") == "retirer":
            gone = paper.drop_ballots(workshop)
            return ngettext("%(num)d bulletin retiré.", "%(num)d bulletins retirés.", gone)
        new = paper.type_ballots(workshop, typed, key)
        return ngettext("%(num)d bulletin compté.", "%(num)d bulletins comptés.", new)

    return _try(workshop, count, ballot_lines=typed)


def _try(workshop: Workshop, do: Callable[[], str], **typed: str) -> AnyResponse:
    """Do it and say how many; refused, show the lines with what is wrong and all that was typed."""
    try:
        said = do()
    except BadLines as bad:
        db.session.rollback()
        return _page(workshop, 422, faults=[paper_words.told(each) for each in bad.faults], **typed)
    except WrongPhase as refusal:
        db.session.rollback()
        return _page(workshop, 409, faults=[explain(refusal)], **typed)
    db.session.commit()
    flash(said)
    return redirect(url_for("workshops_desk.paper", workshop_id=workshop.id), 303)


@workshops_desk.get("/equipe/ateliers/<workshop_id>/papier/feuilles.pdf")
@staff(Verb.RUN_SESSIONS)
def paper_sheets(workshop_id: str) -> Response:
    """Give the sheets to print: cards for each question and, at the vote, a ballot."""
    workshop = _own_or_404(workshop_id)
    made = Response(paper_words.sheets(workshop, today(), join_address(workshop)))
    made.headers["Content-Type"] = "application/pdf"
    made.headers["Content-Disposition"] = 'attachment; filename="feuilles-atelier.pdf"'
    return made

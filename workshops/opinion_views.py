"""The three questions that a session asks each phone once, when it is over."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.db import db
from app.runtime import runtime
from workshops import opinions, sessions
from workshops.opinion_forms import OpinionForm
from workshops.over import over_page
from workshops.views import token_here, workshops


@workshops.post("/atelier/<code>/avis")
@public
def opinion(code: str) -> AnyResponse:
    """Keep what a phone thought of its session, once."""
    workshop = sessions.find(code) or abort(404)
    if workshop.is_open:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    form = OpinionForm(request.form)
    blank = opinions.blank_of(workshop, token_here())
    if blank is None:
        return over_page(workshop, token_here(), 409, kept_text=form.words.data or "")
    if not form.validate():
        return over_page(workshop, token_here(), 422, form)
    allowed = workshop.service.allowed_words
    opinions.answer(blank, form.read(), runtime().name_finder, allowed)
    db.session.commit()
    return redirect(url_for("workshops.opinion_thanks", code=workshop.code), 303)


@workshops.get("/atelier/<code>/avis")
@public
def opinion_thanks(code: str) -> AnyResponse:
    """Say that the answers arrived, on the page of the session that is over."""
    workshop = sessions.find(code) or abort(404)
    if workshop.is_open:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    return over_page(workshop, token_here(), thanked=True)

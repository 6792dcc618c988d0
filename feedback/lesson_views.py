"""The library of lessons: staff find and read them, relays write them, some are public."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, may, public, staff
from app.days import today
from app.db import db, start_reading, start_writing
from app.matrix import CLASS_NAMES
from app.runtime import runtime
from app.web import render
from feedback import lessons
from feedback.models import Lesson
from feedback.territory_forms import LessonForm
from feedback.visits import concerned_by
from nlp.redact import redact

bp = Blueprint("lessons", __name__)
MOST_ASKED = 100  # characters of a search


@bp.get("/equipe/lecons")
@staff()
def index() -> Response:
    """Find lessons by words, territory, kind and tag."""
    return _library("feedback/lessons.html", public_only=False)


@bp.get("/lecons")
@public
def public_library() -> Response:
    """Show the lessons that their territories published."""
    return _library("feedback/public_lessons.html", public_only=True)


def _library(page: str, public_only: bool) -> Response:
    names = ("words", "territory", "kind", "tag")
    asked = lessons.Asked(*(request.args.get(name, "")[:MOST_ASKED] for name in names))
    every = lessons.search(lessons.Asked(), public_only)
    found = lessons.search(asked, public_only)
    start = max(0, request.args.get("de", 0, type=int))
    after = start + lessons.PER_PAGE
    return render(
        page,
        asked=asked,
        found=found[start:after],
        total=len(found),
        following=after if after < len(found) else None,
        tags=lessons.tags_of(every),
        territories=sorted({(each.territory.name, each.territory_code) for each in every}),
        kinds=CLASS_NAMES,
        may_write=not public_only and may(current_user, Verb.KEEP_LOG),
    )


@bp.get("/equipe/lecons/<int:lesson_id>")
@staff()
def lesson(lesson_id: int) -> Response:
    """Show one lesson with who says it, where and when."""
    found = lessons.find(lesson_id) or abort(404)
    own = may(current_user, Verb.KEEP_LOG) and found.territory_code == current_user.territory_code
    return render("feedback/lesson.html", lesson=found, kinds=CLASS_NAMES, may_edit=own)


@bp.route("/equipe/lecons/nouvelle", methods=["GET", "POST"])
@staff(Verb.KEEP_LOG)
def new_lesson() -> AnyResponse:
    """Write a lesson."""
    return _edit(None)


@bp.route("/equipe/lecons/<int:lesson_id>/changer", methods=["GET", "POST"])
@staff(Verb.KEEP_LOG)
def edit_lesson(lesson_id: int) -> AnyResponse:
    """Change a lesson of the relay's own territory."""
    return _edit(_own(lesson_id))


@bp.post("/equipe/lecons/<int:lesson_id>/retirer")
@staff(Verb.KEEP_LOG)
def remove_lesson(lesson_id: int) -> AnyResponse:
    """Take a lesson out of the library."""
    db.session.delete(_own(lesson_id))
    db.session.commit()
    flash(_("La leçon est retirée."))
    return redirect(url_for("lessons.index"), 303)


def _own(lesson_id: int) -> Lesson:
    return lessons.find(lesson_id, current_user.territory_code or "") or abort(404)


def _edit(row: Lesson | None) -> AnyResponse:
    if not current_user.territory_code:
        abort(404)  # a relay without a territory writes for none
    form = _form(row)
    if request.method == "GET" or not form.validate():
        return render(
            "feedback/lesson_form.html",
            status=200 if request.method == "GET" else 422,
            form=form,
            lesson=row,
            errors=[(field, message) for field in form for message in field.errors],
        )
    start_reading()
    values = _values(form)
    start_writing()
    kept = lessons.save(_own(row.id) if row else None, values, current_user, today())
    db.session.commit()
    flash(_("La leçon est enregistrée."))
    return redirect(url_for("lessons.lesson", lesson_id=kept.id), 303)


def _values(form: LessonForm) -> lessons.LessonValues:
    def masked(words: str | None) -> str:
        return redact(words or "", runtime().name_finder).text

    return lessons.LessonValues(
        title=form.title.data or "",
        tried=masked(form.tried.data),
        outcome=masked(form.outcome.data),
        audience=form.audience.data or "",
        kinds=tuple(form.kinds.data or ()),
        tags=lessons.read_tags(form.tags.data or ""),
        services=tuple(form.services.data or ()),
        is_public=form.is_public.data,
    )


def _form(row: Lesson | None) -> LessonForm:
    kept: dict[str, Any] = {}
    if row is not None:
        names = ("title", "tried", "outcome", "audience", "kinds", "is_public")
        kept = {name: getattr(row, name) for name in names}
        kept |= {"tags": ", ".join(row.tags), "services": [each.id for each in row.services]}
    posted = request.form if request.method == "POST" else None
    form = LessonForm(posted, data=None if posted is not None else kept)
    form.offer(concerned_by(current_user.territory_code))
    return form

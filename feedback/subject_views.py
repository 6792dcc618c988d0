"""Pages of subjects, which cross services: the list, one with its slices, its name, a merge."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import MAY, Scope, Verb, actor_of, staff
from app.days import today
from app.db import db
from app.said import as_said
from app.web import render
from feedback import subject_edits, subjects
from feedback.models import Subject
from feedback.representativeness_words import panel_of
from feedback.theme_edit_words import BY_NAMES, SUBJECT_EVENTS
from feedback.theme_refusals import Reason, Refused
from feedback.voices import of_themes
from feedback.words import ROLE_NAMES

bp = Blueprint("subjects", __name__)


def _floor() -> int:
    """Return the floor of the reader: none for who may read every retour anyway."""
    reads_all = any(
        MAY[Verb.READ].get(role) is Scope.ALL
        for role in MAY[Verb.READ]
        if role in current_user.role_names
    )
    return 1 if reads_all else int(current_app.config["FLOOR"])


def _subject_or_404(subject_id: str) -> Subject:
    subject = db.session.get(Subject, subject_id)
    if subject is None:
        abort(404)
    return subject


@bp.get("/equipe/sujets")
@staff(Verb.ARRANGE_SUBJECTS)
def index() -> Response:
    """List the subjects, the most widespread first."""
    floor = _floor()
    return render("feedback/subjects.html", lines=subjects.listed(floor), floor=floor)


@bp.get("/equipe/sujets/<subject_id>")
@staff(Verb.ARRANGE_SUBJECTS)
def subject(subject_id: str) -> Response:
    """Show one subject: its slices, what may be done to it, what was."""
    return _page(subject_id)


def _page(subject_id: str, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    found = _subject_or_404(subject_id)
    floor = _floor()
    return render(
        "feedback/subject.html",
        status=status,
        whole=subjects.whole(found, floor),
        subject=found,
        floor=floor,
        voices=panel_of(of_themes(subjects.themes_of(found)), None, floor),
        into=db.session.get(Subject, found.merged_into) if found.merged_into else None,
        others=subjects.others(found),
        history=subjects.history(found),
        event_names=SUBJECT_EVENTS,
        who_names={**BY_NAMES, **ROLE_NAMES},
        typed=request.form,
        errors=errors or {},
    )


@bp.post("/equipe/sujets/<subject_id>/nom")
@staff(Verb.ARRANGE_SUBJECTS)
def rename(subject_id: str) -> AnyResponse:
    """Give the subject a name that no run will change."""
    found = _subject_or_404(subject_id)
    actor = actor_of(current_user, Verb.ARRANGE_SUBJECTS)
    try:
        subject_edits.rename(found, request.form.get("name", ""), actor, today())
    except Refused as refused:
        db.session.rollback()
        return _page(subject_id, 422, {"rename": refused.sentence})
    db.session.commit()
    return redirect(url_for("subjects.subject", subject_id=subject_id), 303)


@bp.post("/equipe/sujets/<subject_id>/reunir")
@staff(Verb.ARRANGE_SUBJECTS)
def merge(subject_id: str) -> AnyResponse:
    """Make the subject a part of another."""
    found = _subject_or_404(subject_id)
    into = db.session.get(Subject, request.form.get("into", ""))
    try:
        if into is None:
            raise Refused(Reason.NO_SUBJECT)
        subject_edits.merge(found, into, actor_of(current_user, Verb.ARRANGE_SUBJECTS), today())
    except Refused as refused:
        db.session.rollback()
        return _page(subject_id, 422, {"merge": refused.sentence})
    db.session.commit()
    flash(_("« %(one)s » fait maintenant partie de ce sujet.", one=as_said(found.name)))
    return redirect(url_for("subjects.subject", subject_id=into.id), 303)

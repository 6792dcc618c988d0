"""The settings page of questions: the locked core, the local ones, what the citizen sees, counts.

The address is under the settings of the service; what may be asked is decided in ``feedback``.
"""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from app.access import Verb, may, reaches, service_or_404, staff
from app.catalogue import Service, Territory
from app.days import today
from app.db import db
from app.question_forms import KIND_NAMES, RISK_WORDS, LocalQuestionForm, filled_from
from app.settings_views import settings
from app.web import render
from feedback import local_question_edits as edits
from feedback import local_questions
from feedback.answer_counts import answer_counts, retours_read
from feedback.local_question_edits import MOST_OPEN, TooManyQuestions
from feedback.models import LocalQuestion
from feedback.question_page import preview
from feedback.questions import NOW


@settings.route("/reglages/<slug>/questions", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def questions(slug: str) -> AnyResponse:
    """Show every question of a service, and add a local one."""
    configured = service_or_404(slug, Verb.CONFIGURE)
    if request.method == "GET":
        return _page(configured)
    form = _form(configured, request.form)
    if not _is_valid(form, configured):
        return _page(configured, 422, form=form)
    try:
        edits.add(configured, form.draft, today())
    except TooManyQuestions as full:
        form.words.errors = [_full(full, configured)]
        return _page(configured, 422, form=form)
    return _back(configured, _("La question est ajoutée."))


@settings.route("/reglages/<slug>/questions/<question_code>", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def question(slug: str, question_code: str) -> AnyResponse:
    """Change a local question: its words make a new version, older answers keep theirs."""
    configured = service_or_404(slug, Verb.CONFIGURE)
    if reason := _locked(question_code, configured):
        return _page(configured, 403, problem=reason)
    row = _local(question_code, configured)
    if request.method == "GET":
        return _edit_page(configured, row, _form(configured, data=filled_from(row)))
    form = _form(configured, request.form)
    form.kind.data, form.reach.data = row.kind, row.territory_code or ""
    if not _is_valid(form, configured):
        return _edit_page(configured, row, form, 422)
    try:
        edits.change(configured, row, form.draft, today())
    except TooManyQuestions as full:
        form.ended.errors = [_full(full, configured)]
        return _edit_page(configured, row, form, 422)
    return _back(configured, _("La question est enregistrée."))


@settings.post("/reglages/<slug>/questions/<question_code>/retirer")
@staff(Verb.CONFIGURE)
def withdraw_question(slug: str, question_code: str) -> AnyResponse:
    """End a local question today; one that nobody answered goes altogether."""
    configured = service_or_404(slug, Verb.CONFIGURE)
    if reason := _locked(question_code, configured):
        return _page(configured, 403, problem=reason)
    if edits.withdraw(_local(question_code, configured), today()):
        return _back(configured, _("La question est retirée : personne n’y avait répondu."))
    return _back(configured, _("La question n’est plus posée. Ses réponses restent lisibles."))


def _locked(code: str, service: Service) -> str:
    """Return why who asks may not touch the question ``code``; empty when they may."""
    if code in NOW:
        return str(
            _("Cette question est du socle national. Elle ne peut être ni changée ni retirée.")
        )
    row = next((r for r in local_questions.of_service(service) if r.code == code), None)
    if row is not None and row.territory_code and not may(current_user, Verb.ADMINISTER):
        return str(_("Cette question vaut pour tout le territoire. L’administration la change."))
    return ""


def _local(code: str, service: Service) -> LocalQuestion:
    rows = local_questions.of_service(service)
    return next((row for row in rows if row.code == code), None) or abort(404)


def _form(service: Service, posted: Any = None, **values: Any) -> LocalQuestionForm:
    form = LocalQuestionForm(posted, service=service, reaches=_reaches(service), **values)
    if not may(current_user, Verb.ADMINISTER):
        form.reach.choices = form.reach.choices[:1]
    return form


def _reaches(service: Service) -> list[SelectChoice]:
    """Return the territories of ``service`` for whose every service one may ask."""
    codes = local_questions.territories_of(service)
    found = db.session.scalars(select(Territory).where(Territory.code.in_(codes)))
    names = sorted(found, key=lambda territory: codes.index(territory.code))
    return [SelectChoice(t.code, _("tous les services : %(name)s", name=t.name)) for t in names]


def _is_valid(form: LocalQuestionForm, service: Service) -> bool:
    """Validate; where one service of a territory is anonymous, its rules hold for the question."""
    asking = edits.concerned(service, form.reach.data or None)
    form.anonymous = any(each.anonymous_by_law for each in asking)
    return bool(form.validate())


def _full(full: TooManyQuestions, service: Service) -> str:
    if full.service is service:
        return str(_("Ce service pose déjà 5 questions locales. Retirez-en une d’abord."))
    name = full.service.name
    return str(_("« %(name)s » pose déjà 5 questions locales.", name=name))


def _back(service: Service, said: str) -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("settings.questions", slug=service.slug), 303)


def _page(
    service: Service, status: int = 200, form: LocalQuestionForm | None = None, problem: str = ""
) -> Response:
    day, rows = today(), local_questions.of_service(service)
    chosen = request.args.get("fonction", "")
    functionality = next((f for f in service.functionalities if str(f.id) == chosen), None)
    is_team = reaches(service, current_user, Verb.ANSWER)
    return render(
        "settings/questions.html",
        status=status,
        configured=service,
        form=form or _form(service, data={"position": len(rows) + 1}),
        errors=[(f, message) for f in form for message in f.errors] if form else [],
        problem=problem,
        national=NOW.values(),
        local=[(row, local_questions.is_open(row, day)) for row in rows],
        most=MOST_OPEN,
        kinds=KIND_NAMES,
        risks=RISK_WORDS,
        may_territory=may(current_user, Verb.ADMINISTER),
        shown=preview(service, functionality, day),
        counts=answer_counts(service) if is_team else None,
        read=retours_read(service) if is_team else 0,
    )


def _edit_page(
    service: Service, row: LocalQuestion, form: LocalQuestionForm, status: int = 200
) -> Response:
    return render(
        "settings/question.html",
        status=status,
        configured=service,
        row=row,
        form=form,
        kinds=KIND_NAMES,
        errors=[(f, message) for f in form for message in f.errors],
        is_answered=edits.is_answered(row),
    )

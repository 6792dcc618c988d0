"""The optional questions on the receipt page: keep the answers, or show those of another function.

Without JavaScript, the questions of another function come with the answer to saving.
"""

from flask import Response, request
from flask_babel import gettext as _

from app.catalogue import Service
from app.days import today
from app.db import db, start_writing
from app.runtime import runtime
from feedback import editing, publication
from feedback.answer_safety import weigh
from feedback.answering import read_answers
from feedback.models import State
from feedback.question_page import SHOWN
from feedback.question_sets import answerable, read_shown
from feedback.questions import G9
from feedback.receipt_page import Visit, receipt_page
from feedback.receipt_views import receipt_form
from feedback.views import bp
from feedback.wording import is_too_long
from nlp.redact import Redaction, redact


@bp.post("/s/<slug>/suite")
@receipt_form
def more(visit: Visit) -> Response:
    """Keep the answers to the optional questions."""
    fields = request.form.to_dict(flat=False)
    shown = read_shown(request.form.get(SHOWN, ""))
    questions = answerable(visit.service, shown, today()).values()
    reading = read_answers(questions, fields, lambda words: _masked(words, visit.service))
    if problems := {**_problems(visit.service), **reading.problems}:
        return receipt_page(visit, 422, fields=fields, problems=problems)
    start_writing()
    was_public = visit.feedback.state == State.PUBLISHED
    if chosen := request.form.get("functionality"):
        editing.name_functionality(visit.feedback, int(chosen), visit.service, today())
    publish = request.form.get(G9.code)
    wants = publish == "yes" if publish else None
    saved = _("C’est noté. Merci.")
    if wants and publication.must_appeal(visit.feedback):
        wants, saved = (
            None,
            _("Un modérateur n’a pas publié ce texte. Votre code ouvre un recours."),
        )
    editing.answer_questions(visit.feedback, reading.answers, visit.service, today(), wants)
    weigh(visit.feedback, reading.words)
    db.session.commit()
    if was_public and visit.feedback.state != State.PUBLISHED:
        saved = _("C’est noté. Votre texte n’est plus sur la page du service.")
    return receipt_page(visit, saved_answers=saved)


@bp.post("/s/<slug>/suite/fonction")
@receipt_form
def more_of(visit: Visit) -> Response:
    """Show the questions of the function just chosen, with what was typed; nothing is kept."""
    return receipt_page(visit, fields=request.form.to_dict(flat=False))


def _masked(words: str, service: Service) -> Redaction:
    searched = "" if is_too_long(words) else words  # refused anyway: a megabyte is not searched
    return redact(searched, runtime().name_finder, service.allowed_words)


def _problems(service: Service) -> dict[str, str]:
    """Return what is wrong with the two fields that are no answers: the function, publishing."""
    unknown = str(_("Choisissez l’une des réponses proposées."))
    known = {"", *(str(f.id) for f in service.functionalities)}
    problems = {}
    if request.form.get("functionality", "") not in known:
        problems["functionality"] = unknown
    if request.form.get(G9.code, "") not in {"", *dict(G9.choices)}:
        problems[G9.code] = unknown
    return problems

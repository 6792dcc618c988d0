"""The settings page of a team's answer templates: add, change, remove, see one filled."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from app.access import Verb, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.forms import SpokenForm
from app.settings_views import own_service, settings
from app.web import render
from feedback import answer_templates
from feedback.models import AnswerTemplate
from feedback.threads import SHORTEST_ANSWER
from feedback.wording import clean


class TemplateForm(SpokenForm):
    """A name for the team, and the text that the author will read."""

    name = StringField(
        lazy_gettext("Nom du modèle"),
        [
            DataRequired(lazy_gettext("Remplissez ce champ.")),
            Length(max=80, message=lazy_gettext("%(max)d caractères au plus.")),
        ],
        filters=[lambda value: " ".join((value or "").split())],
    )
    text = TextAreaField(
        lazy_gettext("Texte"),
        [
            Length(
                min=SHORTEST_ANSWER,
                max=answer_templates.LONGEST,
                message=lazy_gettext("Écrivez de %(min)d à %(max)d caractères."),
            )
        ],
        filters=[lambda value: clean(value or "")],
    )

    def validate_text(self, field: Any) -> None:
        """Refuse a placeholder that nothing would fill, and a brace alone."""
        wrong = answer_templates.unfit(field.data or "")
        if wrong and wrong.unknown:
            named = ", ".join(f"{{{name}}}" for name in wrong.unknown)
            raise ValidationError(
                _("Nous ne savons pas remplir %(named)s. Prenez un mot de la liste.", named=named)
            )
        if wrong:
            raise ValidationError(_("Une accolade est seule. Écrivez par exemple {telephone}."))


@settings.route("/reglages/<slug>/modeles", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def answer_templates_of(slug: str) -> AnyResponse:
    """List the templates of a service, and add one."""
    service = own_service(slug)
    if request.method == "GET":
        return _page(service, TemplateForm())
    return _save(service, None)


@settings.route("/reglages/<slug>/modeles/<int:template_id>", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def answer_template(slug: str, template_id: int) -> AnyResponse:
    """Change one template."""
    service = own_service(slug)
    row = _row(service, template_id)
    if request.method == "GET":
        return _page(service, TemplateForm(obj=row), row)
    return _save(service, row)


@settings.post("/reglages/<slug>/modeles/<int:template_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_answer_template(slug: str, template_id: int) -> AnyResponse:
    """Remove one template; answers that were sent stay as they are."""
    service = own_service(slug)
    if row := _known(service, template_id):
        db.session.delete(row)
        return _back(service, _("Le modèle est retiré. Les réponses déjà envoyées restent."))
    return _back(service, _("Ce modèle était déjà retiré."))


def _row(service: Service, template_id: int) -> AnswerTemplate:
    return _known(service, template_id) or abort(404)


def _known(service: Service, template_id: int) -> AnswerTemplate | None:
    rows = answer_templates.of_service(service)
    return next((row for row in rows if row.id == template_id), None)


def _save(service: Service, row: AnswerTemplate | None) -> AnyResponse:
    form = TemplateForm(request.form)
    if not form.validate():
        return _page(service, form, row, 422)
    try:
        answer_templates.save(service, row, form.name.data or "", form.text.data or "", today())
    except answer_templates.TemplateExists:
        form.name.errors = [_("Un modèle porte déjà ce nom.")]
        return _page(service, form, row, 422)
    except answer_templates.TooManyTemplates:
        most = answer_templates.MOST
        form.name.errors = [_("%(most)s modèles au plus : retirez-en un.", most=most)]
        return _page(service, form, row, 422)
    return _back(service, _("Le modèle est enregistré."))


def _back(service: Service, said: str) -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("settings.answer_templates_of", slug=service.slug), 303)


def _page(
    service: Service, form: TemplateForm, row: AnswerTemplate | None = None, status: int = 200
) -> Response:
    known = answer_templates.of_service(service)
    return render(
        "settings/answer_templates.html",
        status=status,
        configured=service,
        form=form,
        changing=row,
        templates=[(each, answer_templates.fill(each.text, service)) for each in known],
        placeholders=answer_templates.PLACEHOLDERS,
        errors=[(field, message) for field in form for message in field.errors],
    )

"""The settings of functionalities: what risks ask for is shown, and saved once that was read."""

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import catalogue_edits as edits
from app.access import Verb, staff
from app.catalogue import Service
from app.matrix import Risk
from app.settings_forms import FunctionalityForm
from app.settings_views import own_service, saved, service_page, settings
from app.web import render
from feedback.question_sets import added_by


@settings.post("/reglages/<slug>/fonctionnalites")
@staff(Verb.CONFIGURE)
def functionality(slug: str) -> AnyResponse:
    """Show what the risks ask for, then save the functionality once that was read."""
    configured = own_service(slug)
    form = FunctionalityForm(request.form)
    if not form.validate():
        return service_page(configured, 422, functionality_form=form)
    risks = edits.Risks(Risk(form.individual_risk.data), Risk(form.collective_risk.data))
    if not form.confirmed.data:
        return _consequences(configured, form, risks)
    name, kind = form.name.data, form.kind.data
    try:
        edits.save_functionality(configured, form.number.data, name, kind, risks)
    except edits.FunctionalityExists:
        form.name.errors = [_("Une fonctionnalité porte déjà ce nom.")]
        return service_page(configured, 422, functionality_form=form)
    return saved(configured, _("La fonctionnalité est enregistrée."), "fonctionnalites")


def _consequences(service: Service, form: FunctionalityForm, risks: edits.Risks) -> Response:
    before = next((f for f in service.functionalities if f.id == form.number.data), None)
    return render(
        "settings/consequences.html",
        configured=service,
        form=form,
        before=before.demands if before else None,
        after=risks.demands,
        is_high=risks.individual is Risk.HIGH,
        asked_before=added_by(Risk(before.individual_risk)) if before else (),
        asked_after=added_by(risks.individual),
    )

"""The settings of functionalities: what a change asks for is shown, and saved once that was read.

Stands on the blueprint of ``settings_views.py``.
"""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import catalogue_edits as edits
from app.access import Verb, staff
from app.catalogue import Functionality, Service
from app.days import today
from app.matrix import CLASS_NAMES, FunctionalityClass, Risk
from app.settings_forms import FunctionalityForm
from app.settings_views import own_service, saved, service_page, settings
from app.web import render
from feedback.functionality_end import end, ending
from feedback.question_sets import added_by

PART = "fonctionnalites"  # of the page


@settings.post("/reglages/<slug>/fonctionnalites")
@staff(Verb.CONFIGURE)
def functionality(slug: str) -> AnyResponse:
    """Show what the values ask for, then save the functionality once that was read."""
    configured = own_service(slug)
    form = FunctionalityForm(request.form)
    row = _row(configured, form.number.data)
    if form.validate() and edits.is_free(configured, row, form.name.data):
        values = form.values
        if not form.confirmed.data:
            return _consequences(configured, row, form)
        edits.save_functionality(configured, row, values)
        return saved(configured, _("La fonctionnalité est enregistrée."), PART)
    if not form.errors:
        form.name.errors = [_("Une fonctionnalité porte déjà ce nom.")]
    if row is None:
        return service_page(configured, 422, functionality_form=form)
    return service_page(configured, 422, functionality_refused={row.id: form.apart(row.id)})


@settings.post("/reglages/<slug>/fonctionnalites/<int:functionality_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_functionality(slug: str, functionality_id: int) -> AnyResponse:
    """Show what goes with a functionality, then take it away once that was read."""
    configured = own_service(slug)
    row = _row(configured, functionality_id)
    if row is None:  # a second tap, or none of this service
        return saved(configured, _("Cette fonctionnalité était déjà retirée."), PART)
    found = ending(row)
    if found.is_signalled:
        flash(_("Un signal porte sur cette fonctionnalité : elle reste."), "alert")
        return redirect(url_for("settings.service", slug=slug, _anchor=PART), 303)
    if request.form.get("confirmed") != "yes":
        return render(
            "settings/functionality_end.html",
            configured=configured,
            row=row,
            ending=found,
            clocks=(configured.reply_days, configured.reply_days_with({row.id: None})),
        )
    end(row, today())
    return saved(configured, _("La fonctionnalité est retirée."), PART)


def _row(service: Service, number: int | None) -> Functionality | None:
    return next((each for each in service.functionalities if each.id == number), None)


def _consequences(service: Service, row: Functionality | None, form: FunctionalityForm) -> Response:
    values = form.values
    asked = (added_by(Risk(row.individual_risk)) if row else (), added_by(values.individual))
    return render(
        "settings/consequences.html",
        configured=service,
        form=form,
        row=row,
        kinds=(CLASS_NAMES[FunctionalityClass(row.kind)] if row else "", CLASS_NAMES[values.kind]),
        after=values.demands,
        reply_days=values.reply_days,
        clocks=(
            service.reply_days,
            service.reply_days_with({row.id if row else 0: values.reply_days}),
        ),
        waiting=ending(row).waiting if row else 0,
        is_high=values.individual is Risk.HIGH,
        asked_before=asked[0],
        asked_after=asked[1],
    )

"""The settings of a service's releases: add one, correct one, take one away that never was.

Stands on the blueprint of ``settings_views.py``.
"""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import catalogue_edits as edits
from app.access import Verb, staff
from app.catalogue import Release, Service
from app.days import today
from app.settings_forms import ReleaseForm
from app.settings_views import own_service, saved, service_page, settings
from feedback.release_days import is_watched, redate

PART = "versions"  # of the page


@settings.post("/reglages/<slug>/versions")
@staff(Verb.CONFIGURE)
def release(slug: str) -> AnyResponse:
    """Add a dated change."""
    configured = own_service(slug)
    form = ReleaseForm(request.form, today=today())
    if not form.validate():
        return service_page(configured, 422, release_form=form)
    try:
        edits.add_release(configured, form.number.data or "", form.day.data, form.note.data or "")
    except edits.ReleaseExists:
        form.number.errors = [_("Cette version existe déjà.")]
        return service_page(configured, 422, release_form=form)
    redate(configured)
    return saved(configured, _("La version est ajoutée."), PART)


@settings.post("/reglages/<slug>/versions/<int:release_id>")
@staff(Verb.CONFIGURE)
def change_release(slug: str, release_id: int) -> AnyResponse:
    """Correct a release; the retours follow its day."""
    configured = own_service(slug)
    row = _row(configured, release_id) or abort(404)
    form = ReleaseForm(request.form, today=today())
    if not form.validate():
        return _again(configured, row, form)
    if form.day.data != row.day and is_watched(row):
        form.day.errors = [_("Une surveillance porte sur cette version : son jour reste.")]
        return _again(configured, row, form)
    try:
        edits.change_release(row, form.number.data or "", form.day.data, form.note.data or "")
    except edits.ReleaseExists:
        form.number.errors = [_("Cette version existe déjà.")]
        return _again(configured, row, form)
    redate(configured)
    return saved(configured, _("La version est corrigée."), PART)


@settings.post("/reglages/<slug>/versions/<int:release_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_release(slug: str, release_id: int) -> AnyResponse:
    """Take a release away; its retours go to the one before."""
    configured = own_service(slug)
    row = _row(configured, release_id)
    if row is None:  # a second tap
        return saved(configured, _("Cette version était déjà retirée."), PART)
    if is_watched(row):
        flash(_("Une surveillance porte sur cette version : elle reste."), "alert")
        return redirect(url_for("settings.service", slug=slug, _anchor=PART), 303)
    edits.remove_release(row)
    redate(configured)
    return saved(configured, _("La version est retirée."), PART)


def _row(service: Service, release_id: int) -> Release | None:
    return next((row for row in service.releases if row.id == release_id), None)


def _again(service: Service, row: Release, form: ReleaseForm) -> AnyResponse:
    return service_page(service, 422, release_refused={row.id: form.apart(row.id)})

"""The pages where a team configures its services, and an administrator all of them.

Its functionalities, team and anonymity have modules of their own, under the same name; so have
accounts and the state of the site.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from app import catalogue_edits as edits
from app import edition_quotes
from app.access import Verb, limit, may, service_or_404, staff
from app.accounts import team_of
from app.anonymity import followers
from app.catalogue import Service
from app.days import today
from app.db import db
from app.matrix import CLASS_NAMES
from app.settings_forms import (
    FunctionalityForm,
    MemberForm,
    NewServiceForm,
    ReleaseForm,
    ServiceForm,
)
from app.territories import all_territories
from app.web import render

settings = Blueprint("settings", __name__, url_prefix="/equipe")


def offer_territories(form: Any) -> Any:
    """Return ``form`` with the territories to choose from."""
    form.territory_code.choices = [
        SelectChoice("", _("toute la France")),
        *(SelectChoice(t.code, f"{t.name} ({t.code.lstrip('R')})") for t in all_territories()),
    ]
    return form


def _values(form: ServiceForm) -> edits.ServiceValues:
    return edits.ServiceValues(
        name=form.name.data,
        purpose=form.purpose.data,
        phone=form.phone.data,
        place=form.place.data,
        hours=form.hours.data,
        territory_code=form.territory_code.data,
        moderate_first=form.moderate_first.data,
        quotes_in_mails=form.quotes_in_mails.data,
        quick_exit=form.quick_exit.data,
        kept_months=form.kept_months.data,
        allowed_words=form.words,
    )


def own_service(slug: str) -> Service:
    """Return the service at ``slug`` that the reader configures; 404 else."""
    return service_or_404(slug, Verb.CONFIGURE)


def service_page(service: Service, status: int = 200, **forms: Any) -> Response:
    """Return the page of ``service``; forms that were refused replace the fresh ones."""
    fresh: dict[str, Any] = {
        "form": offer_territories(ServiceForm(obj=service)),
        "functionality_form": FunctionalityForm(),
        "release_form": ReleaseForm(data={"day": today()}, today=today()),
        "member_form": MemberForm(),
    }
    if "form" not in forms:
        fresh["form"].allowed_words.data = "\n".join(service.allowed_words)
    return render(
        "settings/service.html",
        status=status,
        configured=service,
        team=team_of(service),
        kinds=CLASS_NAMES,
        release_forms={
            row.id: ReleaseForm(obj=row, today=today()).apart(row.id) for row in service.releases
        },
        functionality_forms={
            row.id: FunctionalityForm(obj=row, number=row.id).apart(row.id)
            for row in service.functionalities
        },
        public_readers=len(followers(service)),
        **{**fresh, **forms},
    )


def saved(service: Service, said: str, part: str) -> AnyResponse:
    """Commit, say so, and lead back to a part of the page."""
    db.session.commit()
    flash(said)
    return redirect(url_for("settings.service", slug=service.slug, _anchor=part), 303)


@settings.get("/reglages")
@staff(Verb.CONFIGURE)
def services() -> Response:
    """List the services that the reader configures."""
    query = select(Service).where(limit(Service.id, current_user, Verb.CONFIGURE))
    rows = list(db.session.scalars(query.order_by(Service.name)))
    return render(
        "settings/services.html", services=rows, may_create=may(current_user, Verb.ADMINISTER)
    )


@settings.route("/reglages/nouveau", methods=["GET", "POST"])
@staff(Verb.ADMINISTER)
def new() -> AnyResponse:
    """Create a service."""
    form = offer_territories(NewServiceForm(request.form))
    if request.method == "GET" or not form.validate():
        known = edits.all_organisations()
        status = 200 if request.method == "GET" else 422
        return render("settings/new.html", status=status, form=form, organisations=known)
    organisation = edits.organisation_named(form.organisation.data)
    made = edits.create_service(_values(form), organisation, today())
    return saved(made, _("Le service est créé. Ajoutez ses fonctionnalités et son équipe."), "")


@settings.route("/reglages/<slug>", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def service(slug: str) -> AnyResponse:
    """Show and change what a service says of itself."""
    configured = own_service(slug)
    if request.method == "GET":
        return service_page(configured)
    form = offer_territories(ServiceForm(request.form))
    if not form.validate():
        return service_page(configured, 422, form=form)
    edits.edit_service(configured, _values(form))
    edition_quotes.write_mails_of(configured)
    return saved(configured, _("Enregistré."), "")

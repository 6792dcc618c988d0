"""The settings page where a service says how many people it is for."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.settings_views import settings
from app.web import render
from feedback import declared_publics
from feedback.declared_publics import WHOLE, BadPublic, Declared, Faults, field_of
from feedback.facets import PLACE


@settings.route("/reglages/<slug>/public", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def declared_public(slug: str) -> AnyResponse:
    """Show and change the number of people that the service is for, in all and by group."""
    service = service_or_404(slug, Verb.CONFIGURE)
    if request.method == "GET":
        return _page(service, _typed(declared_publics.declared(service)))
    typed = request.form.to_dict()
    try:
        numbers = declared_publics.read(service, typed)
    except BadPublic as bad:
        return _page(service, typed, bad.faults)
    declared_publics.declare(service, numbers, today())
    db.session.commit()
    flash(_("Le public est déclaré. L’usage réel se lit contre lui."))
    return redirect(url_for("settings.declared_public", slug=service.slug), 303)


def _typed(numbers: Declared) -> dict[str, str]:
    """Return the fields of the form that stand for ``numbers``."""
    fields = {
        field_of(facet, value): str(people)
        for facet, values in numbers.items()
        for value, people in values.items()
        if facet != PLACE.code and (facet or value == WHOLE)
    }
    places = numbers.get(PLACE.code, {}).items()
    return fields | {"places": "\n".join(f"{code} : {people}" for code, people in places)}


def _page(service: Service, typed: dict[str, str], faults: Faults | None = None) -> Response:
    facets = declared_publics.facets_of(service)
    wrong: dict[str, list[str]] = {}
    for name, said in faults or []:
        wrong.setdefault(name, []).append(said)
    return render(
        "settings/public.html",
        status=422 if faults else 200,
        configured=service,
        facets=[facet for facet in facets if facet is not PLACE],
        has_places=PLACE in facets,
        typed=typed,
        faults=faults or [],
        wrong=wrong,
    )

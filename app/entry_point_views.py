"""The settings page of a service's doors: short address, poster, button, frame, who may show it."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from app.access import Verb, may, service_or_404, staff
from app.catalogue import Service
from app.db import db
from app.forms import SpokenForm
from app.settings_views import settings
from app.web import render
from feedback import entry_points
from feedback.receipt_page import qr
from feedback.widget_origins import BadOrigin, read_origins


class OriginsForm(SpokenForm):
    """The sites that may show the service's frame."""

    origins = TextAreaField(
        lazy_gettext("Sites qui peuvent montrer ce cadre, un par ligne"),
        description=lazy_gettext("10 au plus, en https. Exemple : https://www.exemple.fr"),
    )

    def validate_origins(self, field: Any) -> None:
        """Keep the origins in ``self.read``, or say which line is none and why."""
        self.read: list[str] = []
        try:
            self.read = read_origins(field.data or "")
        except BadOrigin as bad:
            raise ValidationError(str(bad)) from bad


@settings.route("/reglages/<slug>/entrees", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def entry_points_of(slug: str) -> AnyResponse:
    """Show how people come to the service's form; keep which sites may show its frame."""
    configured = service_or_404(slug, Verb.CONFIGURE)
    if request.method == "GET":
        form = OriginsForm(data={"origins": "\n".join(configured.widget_origins)})
        return _page(configured, form)
    form = OriginsForm(request.form)
    if configured.anonymous_by_law:
        form.origins.errors = [_("Un service à l’anonymat prévu par la loi n’a pas de cadre.")]
        return _page(configured, form, 422)
    if not form.validate():
        return _page(configured, form, 422)
    configured.widget_origins = form.read
    db.session.commit()
    flash(_("Enregistré."))
    return redirect(url_for("settings.entry_points_of", slug=slug, _anchor="cadre"), 303)


def _page(service: Service, form: OriginsForm, status: int = 200) -> Response:
    poster = entry_points.poster_of(service)
    return render(
        "settings/entry_points.html",
        status=status,
        configured=service,
        form=form,
        poster=poster,
        service_qr=qr(poster.qr_address, poster.qr_name),
        short=entry_points.short_address(service),
        button=entry_points.button_snippet(service),
        frame=entry_points.frame_snippet(service),
        prints_sheets=may(current_user, Verb.ADMINISTER),
    )

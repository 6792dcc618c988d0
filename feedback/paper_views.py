"""Typing sheets of paper, one after the other, with the keyboard alone."""

from typing import Any

from flask import Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.catalogue import Service
from app.days import today
from app.web import render
from feedback import sheets, sittings
from feedback.entering_views import Entry
from feedback.entry_forms import Asking, EntryForm
from feedback.mediation_views import mediation
from feedback.models import Channel
from feedback.paper_forms import PaperForm
from feedback.told import Kept


@mediation.route("/papier/<slug>", methods=["GET", "POST"])
@staff(Verb.SEND_FOR)
def paper(slug: str) -> AnyResponse:
    """Show an empty sheet to type, or keep the typed one and show the next."""
    return PAPER.answer(slug)


def _form(asked: Asking, data: Any) -> PaperForm:
    return PaperForm(asked, data, current_app.config["LEGAL_BASIS"] == "consent")


def _page(
    service: Service, form: EntryForm, status: int = 200, problem: str = "", key: str = ""
) -> Response:
    return render(
        "mediation/paper.html",
        status=status,
        about=service,
        form=form,
        problem=problem,
        errors=form.problems,
        key=key or PAPER.fresh_key(service),
        entered=sittings.entered_today(current_user, service, Channel.PAPER, today()),
    )


def _kept(form: EntryForm, kept: Kept, _key: str) -> AnyResponse:
    service = form.service
    number = sittings.entered_today(current_user, service, Channel.PAPER, today())
    said = ngettext(
        "Enregistré. %(num)s feuille saisie aujourd’hui.",
        "Enregistré. %(num)s feuilles saisies aujourd’hui.",
        number,
    )
    if form.sheet_number:
        sheet = sheets.written(sheets.normalise(form.sheet_number))
        said += " " + _("Le code est celui de la feuille %(number)s.", number=sheet)
    flash(said)
    if kept.feedback.dangers:
        flash(_("Cette feuille parle d’un danger : un modérateur la lit d’abord."), "alert")
    return redirect(url_for("mediation.paper", slug=service.slug), 303)


PAPER = Entry(Channel.PAPER, _form, _page, _kept)

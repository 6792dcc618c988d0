"""What both pages of entering for somebody do with a posted form; the pages themselves differ in
their form and in what follows a kept retour (``mediation_views``, ``paper_views``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from app import form_keys
from app.access import Verb, actor_of, service_or_404
from app.catalogue import Service
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from feedback import told
from feedback.entry_forms import Asking, EntryForm, asking, sheet_problem
from feedback.intake import AlreadySent, Tools, find_by_key
from feedback.models import Channel
from feedback.sheets import OtherServiceSheet, UnknownSheet, UsedSheet
from feedback.told import Kept, Sitting
from nlp.redact import Redaction, redact

BAD_SHEET = (UnknownSheet, UsedSheet, OtherServiceSheet)


@dataclass(frozen=True)
class Entry:
    """One way of entering: the channel it counts under, its form, its pages."""

    channel: Channel
    form: Callable[[Asking, Any], EntryForm]
    page: Callable[..., AnyResponse]  # (service, form, status, problem, key)
    kept: Callable[[EntryForm, Kept, str], AnyResponse]  # what follows, with the form's key

    def purpose(self, service: Service) -> str:
        """Return what its form's keys are for: never what a citizen's are."""
        return f"{self.channel.value}:{service.slug}"

    def fresh_key(self, service: Service) -> str:
        """Return a key for a fresh form."""
        return form_keys.issue(secret(), self.purpose(service), today())

    def _form(self, service: Service) -> EntryForm:
        typed = request.form if request.method == "POST" else None
        return self.form(asking(service, partial(_masked, service), today()), typed)

    def answer(self, slug: str) -> AnyResponse:
        """Show the form, or take what was typed."""
        if request.method != "POST":
            service = service_or_404(slug, Verb.SEND_FOR)
            return self.page(service, self._form(service))
        start_reading()  # masking takes a while: it holds no lock
        service = service_or_404(slug, Verb.SEND_FOR)
        try:
            return self._take(service, self._form(service))
        except OperationalError:
            start_reading()
            service = service_or_404(slug, Verb.SEND_FOR)
            busy = _("Le site est occupé. Rien n’est perdu : enregistrez de nouveau.")
            form = self._form(service)
            response = self.page(service, form, 503, busy, _typed_key())
            response.headers["Retry-After"] = "10"
            return response

    def _take(self, service: Service, form: EntryForm) -> AnyResponse:
        try:
            key = form_keys.check(secret(), self.purpose(service), _typed_key(), today())
        except form_keys.ExpiredForm:
            late = _("Cette page avait expiré. Tout est encore là : enregistrez de nouveau.")
            return self.page(service, form, 400, late)
        form.repeats = find_by_key(key) is not None
        if not form.validate():
            return self.page(service, form, 422, key=key)
        return self._keep(service, form, key)

    def _keep(self, service: Service, form: EntryForm, key: str) -> AnyResponse:
        by = actor_of(current_user, Verb.SEND_FOR)
        try:
            names = runtime().name_finder
            ready = told.make_ready(form.told(), self.channel, service, names, by)
            start_writing()
            kept = told.keep(ready, service, key, current_user, _sitting())
        except AlreadySent:
            db.session.rollback()
            return self.page(service, form, 409, _already())
        except BAD_SHEET:
            db.session.rollback()
            form.refuse("sheet", sheet_problem(form.sheet_number, service))
            return self.page(service, form, 422, key=key)
        answer = self.kept(form, kept, key)
        db.session.commit()
        return answer


def secret() -> str:
    """Return the key that signs forms."""
    return str(current_app.config["SECRET_KEY"])


def _typed_key() -> str:
    return request.form.get("key", "")


def _sitting() -> Sitting:
    return Sitting(today(), Tools(runtime().name_finder, current_app.config["RECEIPT_SECRET"]))


def _masked(service: Service, words: str) -> Redaction:
    return redact(words, runtime().name_finder, service.allowed_words)


def _already() -> str:
    return str(
        _(
            "Cette page a déjà été enregistrée avec d’autres mots. "
            "Pour en faire un autre retour, enregistrez encore une fois."
        )
    )

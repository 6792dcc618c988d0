"""The page that says what anonymity by law erases, and turns it on for good."""

from collections.abc import Callable, Sequence

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.anonymity import (
    authors_mails,
    followers,
    holders_mails,
    make_anonymous,
    place_answers,
)
from app.catalogue import Service
from app.erasures import truncate_log
from app.settings_views import own_service, saved, settings
from app.web import render
from feedback.local_questions import forbidden_answers

WHO_LEFT_AN_ADDRESS: tuple[Callable[[Service], Sequence[object]], ...] = (
    followers,
    authors_mails,
    holders_mails,
)


@settings.route("/reglages/<slug>/anonymat", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def anonymity(slug: str) -> AnyResponse:
    """Say what turning anonymity on erases, then do it for good."""
    configured = own_service(slug)
    if configured.anonymous_by_law:
        return saved(configured, _("L’anonymat prévu par la loi est déjà activé."), "")
    understood = request.method == "POST" and request.form.get("understood") == "yes"
    if understood:
        make_anonymous(configured)
        done = saved(configured, _("L’anonymat prévu par la loi est activé."), "")
        truncate_log()
        return done
    return render(
        "settings/anonymity.html",
        status=422 if request.method == "POST" else 200,
        configured=configured,
        missing=request.method == "POST",
        public_readers=sum(len(each(configured)) for each in WHO_LEFT_AN_ADDRESS),
        places=len(place_answers(configured)),
        local_answers=len(forbidden_answers(configured)),
    )

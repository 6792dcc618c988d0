"""« Suivre un signalement »: the number typed on a page, the answer on the next. No cookie.

The number stands in no address: the form posts it, and the page that answers is not stored.
"""

from flask import Response, current_app, request
from flask_babel import gettext as _

from app import limits
from app.access import public
from app.days import now, today, working_days_between
from app.db import db
from app.limits import TEN_MINUTES
from app.web import render
from feedback import notice_follow
from feedback.content_notices import NOTICE_DAYS
from feedback.models import NoticeReason
from feedback.notice_follow import Followed
from feedback.peer_forms import NOTICE_REASONS, NoticeNumberForm
from feedback.views import bp

GUESSES = 30  # wrong numbers by one network in ten minutes; a right one never counts


@bp.route("/signalement", methods=["GET", "POST"], endpoint="follow_notice")
@public
def follow_notice() -> Response:
    """Ask for a number; a right one tells how the notice stands."""
    form = NoticeNumberForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    found = notice_follow.follow(current_app.config["RECEIPT_SECRET"], form.read)
    if found is not None:
        return _told(found)
    allowed = _may_guess()
    db.session.commit()
    if not allowed:
        return _page(form, 429, _("Trop de numéros faux partent d’ici. Essayez dans 10 minutes."))
    return _page(
        form,
        404,
        _("Nous ne trouvons pas ce numéro. Si le texte est effacé, le signalement l’est aussi."),
    )


follow_notice.keyed = True  # type: ignore[attr-defined]


def _may_guess() -> bool:
    who = limits.network_of(request.remote_addr)
    secret = current_app.config["SECRET_KEY"]
    return limits.allow("notice number", who, GUESSES, TEN_MINUTES, now(), secret)


def _page(form: NoticeNumberForm, status: int = 200, problem: str = "") -> Response:
    if problem:
        form.number.errors = [problem]
    return render("feedback/notice_number.html", status=status, form=form)


def _told(found: Followed) -> Response:
    return render(
        "feedback/notice_told.html",
        service=found.notice.feedback.service,
        found=found,
        reason=NOTICE_REASONS[NoticeReason(found.notice.reason)],
        took_down=notice_follow.took_down(found.notice),
        days=NOTICE_DAYS,
        is_late=working_days_between(found.notice.day, today()) > NOTICE_DAYS,
    )

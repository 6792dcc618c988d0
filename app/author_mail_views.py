"""Pages where the holder of a code asks to be told by mail, says how often, and stops it.

Lends the page behind the code the author's edition, too.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as WerkzeugResponse

from app import author_mails, limits
from app.access import author, public
from app.author_editions import author_items
from app.author_mails import AUTHORS
from app.code_mails import Kind
from app.days import now, today
from app.db import db
from app.digest_items import Item
from app.digest_views import FOLLOW_LIMIT, FREQUENCY_NAMES, bp
from app.holder_mails import HOLDERS
from app.opt_in import BadAddress
from app.web import render
from feedback.models import AuthorMail, Feedback, State

KINDS = (AUTHORS, HOLDERS)


@bp.app_template_global()
def author_month(feedback: Feedback) -> tuple[list[Item], str]:
    """Return what four weeks brought to ``feedback``, or why there is nothing to say."""
    return author_items(feedback, today())


def _own(feedback_id: str) -> Feedback:
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or feedback.state == State.WITHDRAWN or feedback.service.anonymous_by_law:
        abort(404)
    return feedback


def _page(feedback: Feedback, status: int = 200, typed: str = "", error: str = "") -> Response:
    row = db.session.get(AuthorMail, feedback.id)
    return mail_page("author", row, status, typed, error)


def mail_page(
    who: str, row: Any | None, status: int = 200, typed: str = "", error: str = ""
) -> Response:
    """Render the page that asks for an address, of an ``author`` or of a ``holder`` of a code."""
    return render(
        "digests/author_mail.html",
        status=status,
        row=row,
        frequencies=FREQUENCY_NAMES,
        typed=typed,
        error=error,
        of_session=who == "holder",
        here=url_for(f"digests.{who}_mail"),
        rhythm=url_for(f"digests.{who}_rhythm"),
    )


@bp.get("/suivi/courriel")
@author
def author_mail(feedback_id: str) -> Response:
    """Show whether mails leave for this retour, and how often."""
    return _page(_own(feedback_id))


@bp.post("/suivi/courriel")
@author
def ask_author_mail(feedback_id: str) -> WerkzeugResponse:
    """Send the link that confirms an address."""
    feedback, typed = _own(feedback_id), request.form.get("address", "")
    status, error = asked(feedback_id, lambda: author_mails.ask(feedback, typed, now()))
    if error:
        return _page(feedback, status, typed, error)
    return redirect(url_for("digests.author_mail"), 303)


def asked(owner: str, ask: Callable[[], None]) -> tuple[int, str]:
    """Send the link that confirms an address; else return why not, with its status. Commits."""
    secret = current_app.config["SECRET_KEY"]
    ten = limits.TEN_MINUTES
    if not limits.allow("author mail", owner, FOLLOW_LIMIT, ten, now(), secret):
        db.session.commit()
        return 429, _("Trop de demandes en peu de temps. Attendez dix minutes, puis recommencez.")
    try:
        ask()
    except BadAddress:
        db.session.commit()  # the request counts, well written or not
        return 422, _("Cette adresse n’est pas complète : il y faut un @ et un point, sans espace.")
    db.session.commit()
    flash(_("Si cette adresse peut recevoir nos messages, un lien y est parti. Il vaut un jour."))
    return 303, ""


@bp.post("/suivi/courriel/rythme")
@author
def author_rhythm(feedback_id: str) -> WerkzeugResponse:
    """Say how often, or stop: the address is then forgotten."""
    keep_rhythm(AUTHORS, db.session.get(AuthorMail, _own(feedback_id).id))
    return redirect(url_for("digests.author_mail"), 303)


def keep_rhythm(kind: Kind, row: Any | None) -> None:
    """Keep how often, as the form says, or forget the address. Commits."""
    chosen = request.form.get("frequency", "")
    if row is not None and chosen == "stop":
        kind.stop(row)
        flash(_("Votre adresse est effacée : nous n’écrirons plus."))
    elif row is not None and chosen in FREQUENCY_NAMES:
        row.frequency = chosen
        flash(_("C’est noté."))
    db.session.commit()


@bp.route("/d/a/<token>", methods=["GET", "POST"])
@public
def confirm_author(token: str) -> Response:
    """Confirm the address of a code's holder: the page asks, the button does."""
    kind, row = _first(lambda each: each.row_of(token, now()))
    if kind is None or row is None:
        message = _(
            "Il sert une fois, pendant un jour. Redemandez-le sur votre page, avec le code."
        )
        return render("error.html", status=404, title=_("Ce lien ne vaut plus"), message=message)
    if request.method == "POST":
        kind.confirm(token, now())
    is_confirmed = row.confirmed
    db.session.commit()
    if not is_confirmed:
        return render("digests/confirm_author.html", token=token)
    return render("digests/confirmed_author.html", door=url_for(kind.door))


def _first(find: Callable[[Kind], Any | None]) -> tuple[Kind | None, Any | None]:
    """Return the sort of code and the row that ``find`` finds, of a retour first."""
    found = ((kind, find(kind)) for kind in KINDS)
    return next(((kind, row) for kind, row in found if row is not None), (None, None))


@bp.route("/d/s/<token>", methods=["GET", "POST"])
@public
def leave_author(token: str) -> Response:
    """Stop the mails of a code's holder in one click (RFC 8058) and forget the address."""
    kind, row = _first(lambda each: each.leaving(token))
    action = url_for("digests.leave_author", token=token)
    if request.method == "GET":
        return render("digests/unsubscribe.html", action=action, known=row is not None)
    if kind is not None:
        kind.stop(row)
        db.session.commit()
    return render("digests/left.html", is_member=False)


leave_author.one_click = True  # type: ignore[attr-defined]

"""The page of everything that one address follows: asked for from a mail, opened by its link."""

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from app import all_mails as everything
from app import following
from app.access import public
from app.days import now
from app.db import db
from app.digest_mails import subscription_of
from app.digest_views import FREQUENCY_NAMES, bp
from app.mail_choices import choose, hours, weekday_names
from app.subscriptions import Subscription
from app.web import render


@bp.post("/d/p/<token>/tout")
@public
def ask_all_mails(token: str) -> AnyResponse:
    """Send the link to everything to the address of a mail; say the same whatever it follows."""
    row = subscription_of(token)
    if row is None or not row.address:
        abort(404)
    everything.send_link(row, now())
    db.session.commit()
    flash(_("Le lien part à votre adresse. Il vaut un jour. Un seul part par jour."))
    return redirect(url_for("digests.why", token=token), 303)


@bp.get("/d/t/<token>")
@public
def all_mails(token: str) -> Response:
    """Show everything that an address follows: when it comes, a pause, the way out."""
    return _page(token, _rows(token))


@bp.post("/d/t/<token>")
@public
def change_all_mails(token: str) -> AnyResponse:
    """Keep what was chosen for each, or leave one."""
    rows = _rows(token)
    if rows is None:
        return _page(token, rows)
    left = request.form.get("leave", "")
    for row in rows:
        if left == row.id:
            following.leave(row)
        elif not left and not choose(row, request.form):
            abort(400)
    db.session.commit()
    flash(_("Vous ne recevrez plus ces messages.") if left else _("C’est noté."))
    return redirect(url_for("digests.all_mails", token=token), 303)


def _rows(token: str) -> list[Subscription] | None:
    return everything.rows_of(token, now())


def _page(token: str, rows: list[Subscription] | None) -> Response:
    return render(
        "digests/all_mails.html",
        status=404 if rows is None else 200,
        rows=rows,
        token=token,
        frequencies=FREQUENCY_NAMES,
        weekdays=weekday_names(),
        hours=hours(),
    )

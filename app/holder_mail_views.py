"""Pages where the holder of a session's code asks to be told by mail, says how often, stops it.

They are those of the author of a retour (``author_mail_views.py``), behind another door.
"""

from flask import abort, redirect, request, url_for
from werkzeug import Response as WerkzeugResponse

from app import holder_mails
from app.access import public
from app.author_mail_views import asked, keep_rhythm, mail_page
from app.days import now
from app.db import db
from app.digest_views import bp
from app.holder_mails import HOLDERS
from workshops import holder_news
from workshops.around_models import HolderMail, KeptCode
from workshops.kept_code_views import open_code


def _to_the_door() -> WerkzeugResponse:
    return redirect(url_for("workshops.own_code"), 303)


def _checked(kept: KeptCode) -> KeptCode:
    return kept if holder_news.may_be_told(kept) else abort(404)


@bp.get("/atelier/mes-idees/courriel")
@public
def holder_mail() -> WerkzeugResponse:
    """Show whether mails leave for this code, and how often."""
    kept = open_code()
    if kept is None:
        return _to_the_door()
    return mail_page("holder", db.session.get(HolderMail, _checked(kept).id))


@bp.post("/atelier/mes-idees/courriel")
@public
def ask_holder_mail() -> WerkzeugResponse:
    """Send the link that confirms an address."""
    kept = open_code()
    if kept is None:
        return _to_the_door()
    mine, typed = _checked(kept), request.form.get("address", "")
    status, error = asked(mine.id, lambda: holder_mails.ask(mine, typed, now()))
    if error:
        return mail_page("holder", db.session.get(HolderMail, mine.id), status, typed, error)
    return redirect(url_for("digests.holder_mail"), 303)


@bp.post("/atelier/mes-idees/courriel/rythme")
@public
def holder_rhythm() -> WerkzeugResponse:
    """Say how often, or stop: the address is then forgotten."""
    kept = open_code()
    if kept is None:
        return _to_the_door()
    keep_rhythm(HOLDERS, db.session.get(HolderMail, _checked(kept).id))
    return redirect(url_for("digests.holder_mail"), 303)

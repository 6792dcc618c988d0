"""The private feed of editions, and its reader's hand on the address: draw, draw anew, end."""

from flask import Response, abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug import Response as WerkzeugResponse

from app import edition_feed
from app.access import public, staff
from app.db import db
from app.digest_views import bp, is_written_for, show
from app.edition_desk_views import READERS, own_editions
from app.edition_words import title_of
from app.editions import Edition
from app.feed_views import PER_FEED, atom


@bp.get("/syntheses/flux/<key>.atom")
@public
def private_feed(key: str) -> Response:
    """Return the newest editions of the account whose address this is; not found for any other."""
    account = edition_feed.account_of(key)
    if account is None:
        abort(404)
    newest = own_editions(account, Edition.skipped == "")[:PER_FEED]
    titled = [(each, title_of(each)) for each in newest]
    return _kept_secret(atom("digests/private_feed.xml", editions=titled, key=key))


@bp.get("/syntheses/flux/<key>/<edition_id>")
@public
def keyed_edition(key: str, edition_id: str) -> Response:
    """Show an edition to who holds the address of a reader's feed, as that reader may read it."""
    account = edition_feed.account_of(key)
    found = db.session.get(Edition, edition_id)
    if account is None or found is None or found.skipped or not is_written_for(found, account):
        abort(404)
    return _kept_secret(show(found, keyed=True))


def _kept_secret(response: Response) -> Response:
    """Say to programs what an address that opens by itself needs: kept, told and found nowhere."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@bp.post("/equipe/mes-courriels/flux")
@staff(*READERS)
def draw_feed() -> WerkzeugResponse:
    """Give the reader an address for their feed; the one before ends."""
    edition_feed.draw(current_user)
    db.session.commit()
    flash(_("Votre flux a une nouvelle adresse."))
    return redirect(url_for("digests.my_mails"), 303)


@bp.post("/equipe/mes-courriels/flux/fin")
@staff(*READERS)
def end_feed() -> WerkzeugResponse:
    """End the address of the reader's feed."""
    edition_feed.end(current_user)
    db.session.commit()
    flash(_("L’adresse de votre flux n’ouvre plus rien."))
    return redirect(url_for("digests.my_mails"), 303)

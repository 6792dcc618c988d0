"""The page behind the link of an invitation; on the blueprint of « mon compte »."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import invitations
from app.access import public
from app.account_views import account
from app.db import db
from app.passphrases import WeakPassphrase
from app.web import render


@account.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> AnyResponse:
    """Let the person who was invited choose a passphrase, once."""
    person, refused = invitations.invited(token), ""
    if person and request.method == "POST":
        try:
            invitations.accept(person, request.form.get("passphrase", ""))
        except WeakPassphrase as weak:
            refused = str(weak)
        else:
            db.session.commit()
            flash(_("Votre phrase est enregistrée. Entrez avec elle."))
            return redirect(url_for("security.login"), 303)
    status = 404 if person is None else 422 if refused else 200
    return render(
        "account/invitation.html", status=status, person=person, token=token, refused=refused
    )

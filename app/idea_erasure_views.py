"""Where the holder of a session's code erases their ideas, in proposals and waiting mails too."""

from flask import current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug import Response as WerkzeugResponse

from app import edition_quotes, erasures
from app.access import public
from app.db import db
from workshops import erasing, kept_codes
from workshops.kept_code_views import ideas_page, open_code
from workshops.views import workshops


@workshops.post("/atelier/mes-idees/effacer")
@public
def erase_ideas() -> WerkzeugResponse:
    """Erase the holder's ideas and the code, once they said so twice."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    if request.form.get("sure") != "1":
        return ideas_page(kept, 422, unsure=True)
    erasures.note(current_app.config["INSTANCE"], erasing.ids_of(kept))
    services = {each.service for each in kept_codes.sessions_of(kept)}
    erasing.erase(kept)
    edition_quotes.write_mails_of_sessions(*services)
    db.session.commit()
    erasures.truncate_log()
    session.pop("session_code", None)
    flash(_("Vos idées et votre code sont effacés."))
    return redirect(url_for("workshops.own_code"), 303)

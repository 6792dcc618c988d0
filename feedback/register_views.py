"""The register of unexpected effects as a file, for who reads the signals; the journal says so."""

from flask import Response, abort, make_response
from flask_security import current_user

from app import traces
from app.access import Verb, actor_of, limit, staff
from app.days import today
from app.db import db
from feedback.models import Signal
from feedback.register_export import TYPES, exported, register
from feedback.vigilance_views import asked_signals, bp


@bp.get("/equipe/signaux/registre.<form>")
@staff(Verb.READ_SIGNALS, writes=True)
def register_file(form: str) -> Response:
    """Give the signals within reach that the page's filters keep, as a table or as JSON."""
    if form not in TYPES:
        abort(404)
    reach = limit(Signal.service_id, current_user, Verb.READ_SIGNALS)
    lines = register(reach, asked_signals())
    actor = actor_of(current_user, Verb.READ_SIGNALS)
    traces.record("exported", actor, today(), detail=f"signals {form}")
    db.session.commit()
    answer = make_response(exported(lines, form, today()))
    answer.headers["Content-Type"] = TYPES[form]
    name = f"effets-inattendus-{today().isoformat()}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

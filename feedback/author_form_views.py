"""What the forms of the author's page share: whose retour, masked words, help, the way back."""

from collections.abc import Callable
from functools import wraps

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from app.db import db, start_reading
from app.runtime import runtime
from feedback import danger_alert
from feedback.author_views import author_page
from feedback.forms import AppealForm, ReplyForm, ResendForm
from feedback.help_numbers import numbers_for
from feedback.models import Feedback, State
from feedback.wording import is_too_long
from nlp.redact import Redaction, redact


def own(feedback_id: str) -> Feedback:
    """Return the retour of this browser; 404 once it is erased."""
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or feedback.state == State.WITHDRAWN:
        abort(404)
    return feedback


def mask(feedback: Feedback, words: str) -> Redaction:
    """Mask ``words``; a text that is too long is refused anyway, and is not searched."""
    words = "" if is_too_long(words) else words
    return redact(words, runtime().name_finder, feedback.service.allowed_words)


def back(ring: str | None = None) -> AnyResponse:
    """Commit and lead back to the author's page; ``ring`` says that it closes just now."""
    db.session.commit()
    return redirect(url_for("feedback.follow", boucle=ring), 303)


def keeping_words(view: Callable[..., AnyResponse]) -> Callable[..., AnyResponse]:
    """Give the page back with everything typed when the database is locked."""

    @wraps(view)
    def guarded(feedback_id: str, **values: str) -> AnyResponse:
        try:
            return view(feedback_id, **values)
        except OperationalError:
            start_reading()
            busy = _("Le site est occupé. Rien n’est perdu : recommencez dans un instant.")
            typed = (request.form.get("words", ""), busy)
            words = dict.fromkeys(values.values(), typed)
            return author_page(
                own(feedback_id),
                503,
                busy=busy,
                reply_form=ReplyForm(request.form),
                resend_form=ResendForm(request.form),
                appeal_form=AppealForm(request.form),
                kept_words=words,
                level_said=typed if "level" in request.form else None,
            )

    return guarded


def help_with(feedback: Feedback, kinds: list[str]) -> None:
    """Give the numbers for what was just written, and tell the moderators; nothing is blocked."""
    if not kinds:
        return
    danger_alert.alert(feedback)
    numbers = ", ".join(f"{each.number} ({each.what})" for each in numbers_for(kinds))
    flash(
        _("En danger ? Appelez : %(numbers)s. Personne ne peut vous rappeler.", numbers=numbers),
        "alert",
    )


def words_problem(words: str, masked: Redaction) -> str:
    """Return why these words cannot be kept now, "" if they can."""
    if is_too_long(words):
        return str(_("Ce texte dépasse 5 000 caractères. Réduisez-le."))
    if words and not masked.names_masked:
        return str(
            _("Nous ne pouvons pas masquer les noms en ce moment. Réessayez dans une minute.")
        )
    return ""

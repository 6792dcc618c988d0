"""Where a retour stands, in a sentence or two of its author's page; why an exchange is empty."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.days import working_days_between
from app.web import written_day
from feedback.models import Feedback, State, ThreadState


def standing(feedback: Feedback, day: date) -> str:
    """Return where the retour stands, in one or two sentences."""
    if feedback.state == State.HELD:
        return str(
            _("Un modérateur lit votre texte avant l’équipe. Cela prend 3 jours ouvrés au plus.")
        )
    if feedback.state == State.RETURNED:
        return str(_("Votre texte vous revient : il reste un point à changer."))
    if feedback.state == State.REFUSED:
        return str(_("Votre texte n’a pas été transmis à l’équipe."))
    if feedback.thread_state in (ThreadState.WAITING, ThreadState.REPLIED):
        return _waiting(feedback, day)
    words = {
        ThreadState.ANSWERED: _("L’équipe vous a répondu. Dites si c’est réglé pour vous."),
        ThreadState.SETTLED: _("Vous avez dit que c’est réglé pour vous."),
        ThreadState.LAPSED: _("Sans suite depuis 60 jours. Un message de vous rouvre l’échange."),
    }
    if feedback.text:
        rated = _("L’équipe peut vous lire et vous répondre, sans délai promis.")
    else:
        rated = _("Votre note compte dans le score du service. Elle n’attend pas de réponse.")
    return str(words.get(ThreadState(feedback.thread_state), rated))


def _waiting(feedback: Feedback, day: date) -> str:
    if feedback.reply_due is None or feedback.waiting_since is None:
        return str(_("L’équipe n’a pas encore répondu."))
    promised = working_days_between(feedback.waiting_since, feedback.reply_due)
    first = ngettext(
        "L’équipe n’a pas encore répondu. Elle s’est donné %(num)s jour ouvré.",
        "L’équipe n’a pas encore répondu. Elle s’est donné %(num)s jours ouvrés.",
        promised,
    )
    if day > feedback.reply_due:
        when = written_day(feedback.reply_due)
        return f"{first} {_('Le délai est passé depuis le %(day)s.', day=when)}"
    left = working_days_between(day, feedback.reply_due)
    return f"{first} {ngettext('Il en reste %(num)s.', 'Il en reste %(num)s.', left)}"


def exchange_status(feedback: Feedback, has_answer: bool) -> str:
    """Return why the exchange holds no word of the team, or nothing when it does."""
    if has_answer:
        return ""
    if not feedback.text:
        return str(_("Une note sans texte n’ouvre pas d’échange."))
    if feedback.state in (State.RETURNED, State.REFUSED):
        return str(_("L’équipe n’a pas votre texte : l’échange n’est pas ouvert."))
    if feedback.state == State.HELD:
        return str(_("L’équipe n’a pas encore votre texte : un modérateur le lit d’abord."))
    return str(_("L’équipe n’a encore rien écrit ici."))

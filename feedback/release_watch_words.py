"""The words of release watches: their states, where one stands, why one is refused."""

from flask_babel import format_decimal, lazy_gettext, ngettext
from flask_babel import gettext as _

from app.said import as_said
from app.web import written_day
from feedback.models import ReleaseWatch, WatchState
from feedback.release_watches import WEEK, Refusal, Refused

STATE_NAMES = {
    WatchState.RUNNING: lazy_gettext("en cours"),
    WatchState.FOUND: lazy_gettext("hausse trouvée"),
    WatchState.ENDED: lazy_gettext("finie, rien trouvé"),
    WatchState.STOPPED: lazy_gettext("arrêtée"),
}


def number(value: float) -> str:
    """Return a number that was computed as the reader's language writes it."""
    return str(format_decimal(value, "0.#"))


def finding_of(watch: ReleaseWatch) -> str:
    """Return in one sentence where ``watch`` stands."""
    state = WatchState(watch.state)
    if state is WatchState.STOPPED:
        return str(_("Arrêtée avant la fin : %(reason)s", reason=as_said(watch.reason)))
    if not watch.looks:
        if state is WatchState.ENDED:
            return str(_("Finie sans un seul regard : %(reason)s", reason=as_said(watch.reason)))
        first = written_day(watch.starts + WEEK)
        return str(_("Pas encore de regard : le premier vient le %(day)s.", day=first))
    counted = _counted(watch)
    if state is WatchState.FOUND:
        return str(_("Plus qu’attendu : %(counted)s La limite est dépassée.", counted=counted))
    if state is WatchState.RUNNING:
        return str(_("Jusqu’ici rien au-delà du hasard : %(counted)s", counted=counted))
    nothing = _(
        "Rien au-delà du hasard : %(counted)s %(reason)s",
        counted=counted,
        reason=as_said(watch.reason),
    )
    return str(nothing).strip()


def _counted(watch: ReleaseWatch) -> str:
    observed, expected, _ratio = watch.looks[-1]
    said = ngettext(
        "%(num)d retour en %(weeks)d semaines sur %(planned)d, pour %(expected)s attendus.",
        "%(num)d retours en %(weeks)d semaines sur %(planned)d, pour %(expected)s attendus.",
        int(observed),
        weeks=len(watch.looks),
        planned=watch.planned_weeks,
        expected=number(expected),
    )
    return str(said)


def refusal_words(refused: Refused) -> str:
    """Return why a watch was not declared, and what to do instead."""
    known = {
        Refusal.LATE: _(
            "Trop tard : la version est en service depuis plus d’une semaine. "
            "Comparez plutôt deux périodes."
        ),
        Refusal.NO_BASELINE: ngettext(
            "Le passé est trop court : %(num)d semaine avec des retours, il en faut 8.",
            "Le passé est trop court : %(num)d semaines avec des retours, il en faut 8.",
            int(refused.number),
        ),
        Refusal.TOO_FEW: _(
            "Ce thème est trop rare : %(expected)s retour attendu sur la durée, il en faut au "
            "moins 1. Choisissez une durée plus longue.",
            expected=number(refused.number),
        ),
        Refusal.TWICE: _("Cette version et ce thème sont déjà surveillés."),
        Refusal.INCOMPLETE: _(
            "Choisissez une version, un thème, une durée, et écrivez la question."
        ),
    }
    return str(known[refused.refusal])

"""What pages say of the hours of a phase, in the time of Paris."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from app.days import PARIS
from app.db import db
from workshops.models import Phase, Workshop
from workshops.phases import rule_of
from workshops.talk_models import PhaseWindow
from workshops.windows import State, state_of


def told(moment: datetime) -> str:
    """Return « vendredi 4 décembre à 18 h 00 »."""
    local = moment.astimezone(PARIS)
    day = format_date(local.date(), "EEEE d MMMM")
    hour = _("%(hour)s h %(minute)s", hour=local.hour, minute=f"{local.minute:02}")
    return _("%(day)s à %(hour)s", day=day, hour=hour)


def sentence(window: PhaseWindow | None, now: datetime) -> str:
    """Return what every page of the session says of its hours; nothing without hours."""
    if window is None:
        return ""
    state = state_of(window, now)
    if window.phase == Phase.LOBBY and state is not State.OVER:
        return _("La séance ouvre %(moment)s.", moment=told(window.closes))
    if state is State.WAITING:
        return _("Cette étape ouvre %(moment)s.", moment=told(window.opens or window.closes))
    if state is State.OVER:
        return _("Cette étape est fermée depuis %(moment)s.", moment=told(window.closes))
    return _("Ouvert jusqu’à %(moment)s.", moment=told(window.closes))


def line(window: PhaseWindow) -> str:
    """Return the hours of a phase in one line, for who runs the session."""
    until = told(window.closes)
    if not window.opens:
        return _("jusqu’à %(end)s", end=until)
    return _("de %(start)s à %(end)s", start=told(window.opens), end=until)


def following(window: PhaseWindow) -> str:
    """Return what comes after the hours, for who runs the session."""
    if not window.following:
        return _("puis la séance vous attend")
    return _("puis, sans attendre : %(phase)s", phase=rule_of(window.following).name)


def by_session(workshops: Iterable[Workshop], now: datetime) -> dict[str, str]:
    """Return the sentence of each session whose phase has hours, by the session's id."""
    phases = {each.id: each.phase for each in workshops if each.is_open}
    query = select(PhaseWindow).where(PhaseWindow.workshop_id.in_(phases))
    found = [each for each in db.session.scalars(query) if phases[each.workshop_id] == each.phase]
    return {each.workshop_id: sentence(each, now) for each in found}

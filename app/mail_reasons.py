"""Why somebody gets a mail: as what they read it, since when, and when it comes.

Each mail ends with its reason (``app/mail_foot.py``); that of moderators stands beside their mails.
"""

from flask_babel import gettext as _

from app.catalogue import Service
from app.editions import Edition
from app.mail_choices import weekday_names
from app.said import as_said
from app.subscriptions import Audience, Frequency, Subscription
from app.web import written_day


def reason_of(row: Subscription | Edition) -> str:
    """Return in one sentence why a reader gets the mails of ``row``."""
    if row.audience == Audience.PUBLIC:
        return _("Vous suivez « %(service)s » à cette adresse.", service=as_said(row.service.name))
    if row.audience == Audience.TEAM:
        name = as_said(row.service.name)
        return _("Vous êtes membre de l’équipe de « %(service)s ».", service=name)
    return {
        Audience.EXPERT.value: _("Vous examinez les signaux de ce site."),
        Audience.FACILITATOR.value: _("Vous animez des ateliers sur ce site."),
    }.get(row.audience, _("Vous suivez les services d’un territoire."))


def burst_reason(row: Subscription) -> str:
    """Return why ``row`` is told of many retours in a short time."""
    return " ".join((reason_of(row), _("Vous avez demandé cette alerte.")))


def nag_reason(row: Subscription) -> str:
    """Return why ``row`` is reminded of what waits too long."""
    words = _("Ce rappel vient une fois par semaine au plus, si des choses attendent.")
    return " ".join((reason_of(row), words))


def promise_reason(service: Service, is_colleague: bool) -> str:
    """Return why somebody is reminded of a promise of ``service``."""
    name = as_said(service.name)
    if is_colleague:
        return _("Vous suivez cet engagement pour l’équipe de « %(service)s ».", service=name)
    return _("Vous êtes membre de l’équipe de « %(service)s ».", service=name)


def invitation_reason() -> str:
    """Return why somebody is invited."""
    return _("Une personne qui administre ce site a donné cette adresse pour ce compte.")


def opt_in_reason() -> str:
    """Return why an address is asked whether its reader wants mails."""
    return _("Quelqu’un a tapé cette adresse sur ce site.")


def all_mails_reason() -> str:
    """Return why an address gets the link to everything that it follows."""
    return _("Ce lien a été demandé depuis un de nos messages. Sinon, ne faites rien.")


def author_reason() -> str:
    """Return why the holder of a code is told that something awaits."""
    return _("Vous avez demandé à être prévenu à cette adresse.")


def lines_of(row: Subscription) -> list[str]:
    """Return since when, how often and what is never in these mails."""
    since = _("Depuis le %(day)s.", day=written_day(row.created))
    never = _("Rien ne part quand il n’y a rien à dire.")
    return [since, _rhythm(row), never]


def _rhythm(row: Subscription) -> str:
    if row.frequency == Frequency.NEVER:
        return _("En pause : rien ne part.")
    if row.frequency == Frequency.WEEKLY:
        day = weekday_names()[row.weekday]
        return _("Chaque semaine, le %(day)s à partir de %(hour)s h.", day=day, hour=row.hour)
    if row.frequency == Frequency.DAILY:
        return _("Chaque jour, à partir de %(hour)s h.", hour=row.hour)
    return _("Le premier de chaque mois, à partir de %(hour)s h.", hour=row.hour)

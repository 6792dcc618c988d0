"""Where a signal was seen, in words: the whole service, a functionality, a version, a group."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.catalogue import Functionality, Release, Territory
from app.db import db
from feedback.facets import AGE, CHANNEL, PLACE, WHO
from feedback.models import Signal, WatchFacet

FACET_NAMES = {
    WatchFacet.WHOLE: lazy_gettext("tout le service"),
    WatchFacet.FUNCTIONALITY: lazy_gettext("une fonctionnalité"),
    WatchFacet.RELEASE: lazy_gettext("une version"),
    WatchFacet.REGION: lazy_gettext("une région"),
    WatchFacet.CHANNEL: lazy_gettext("un canal"),
    WatchFacet.ROLE: lazy_gettext("qui parle"),
    WatchFacet.AGE: lazy_gettext("un âge"),
    WatchFacet.OVERSEAS: lazy_gettext("l’outre-mer"),
    WatchFacet.PLACE: lazy_gettext("un département"),
}


def facet_words(signal: Signal) -> str:
    """Return where ``signal`` was seen, as its pages say it."""
    if not signal.facet:
        return str(_("tout le service") if signal.service_id else _("tous les services"))
    told = _SAID.get(WatchFacet(signal.facet)) if signal.facet in list(WatchFacet) else None
    return told(signal.facet_value) if told else signal.facet_value


def _functionality(value: str) -> str:
    return str(_("fonctionnalité « %(name)s »", name=_named(Functionality, value, "name")))


def _release(value: str) -> str:
    return str(_("version %(number)s", number=_named(Release, value, "number")))


def _region(value: str) -> str:
    territory = db.session.get(Territory, value)
    return str(_("région %(name)s", name=territory.name if territory else value))


def _channel(value: str) -> str:
    return str(_("canal : %(name)s", name=CHANNEL.values.get(value, value)))


def _role(value: str) -> str:
    return str(_("qui parle : %(name)s", name=WHO.values.get(value, value)))


def _age(value: str) -> str:
    return str(_("âge : %(name)s", name=AGE.values.get(value, value)))


def _place(value: str) -> str:
    return str(_("département : %(name)s", name=PLACE.values.get(value, value)))


def _overseas(value: str) -> str:
    return str(_("retours d’outre-mer"))


def _named(table: type[Any], value: str, column: str) -> str:
    """Return the name of the row that ``value`` points at; what has no row is named as it is."""
    row = db.session.get(table, int(value)) if value.isdigit() else None
    return str(getattr(row, column)) if row is not None else value


_SAID: dict[WatchFacet, Callable[[str], str]] = {
    WatchFacet.FUNCTIONALITY: _functionality,
    WatchFacet.RELEASE: _release,
    WatchFacet.REGION: _region,
    WatchFacet.CHANNEL: _channel,
    WatchFacet.ROLE: _role,
    WatchFacet.AGE: _age,
    WatchFacet.OVERSEAS: _overseas,
    WatchFacet.PLACE: _place,
}

"""Where a signal was seen, in words: the whole service, a functionality, a version, a group."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import String, cast, select

from app.catalogue import Functionality, Release, Territory
from app.db import db
from app.said import as_said
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
    return parts_of([signal])[signal.id]


def parts_of(signals: Iterable[Signal]) -> dict[str, str]:
    """Return where each of ``signals`` that is of a part was seen, by id; three queries at most."""
    told = [each for each in signals if each.facet]
    names = {facet: _names(facet, told) for facet in _NAMED}
    return {each.id: _words(each.facet, each.facet_value, names) for each in told}


def _names(facet: WatchFacet, signals: Iterable[Signal]) -> dict[str, str]:
    """Return the names of the rows that the values of ``facet`` point at."""
    key, name = _NAMED[facet]
    values = {each.facet_value for each in signals if each.facet == facet}
    if not values:
        return {}
    query = select(key, name).where(cast(key, String).in_(values))
    return {str(row): str(named) for row, named in db.session.execute(query)}


def _words(facet: str, value: str, names: Mapping[WatchFacet, Mapping[str, str]]) -> str:
    if facet not in list(WatchFacet):
        return value
    known = WatchFacet(facet)
    said = names.get(known) or _KNOWN.get(known, {})
    return str(_SAID[known](str(said.get(value, value))))


# Of which rows the values are ids, with their names.
_NAMED: dict[WatchFacet, tuple[Any, Any]] = {
    WatchFacet.FUNCTIONALITY: (Functionality.id, Functionality.name),
    WatchFacet.RELEASE: (Release.id, Release.number),
    WatchFacet.REGION: (Territory.code, Territory.name),
}
_KNOWN: dict[WatchFacet, Mapping[str, Any]] = {
    WatchFacet.CHANNEL: CHANNEL.values,
    WatchFacet.ROLE: WHO.values,
    WatchFacet.AGE: AGE.values,
    WatchFacet.PLACE: PLACE.values,
}
_SAID: dict[WatchFacet, Callable[[str], Any]] = {
    WatchFacet.WHOLE: lambda _name: _("tout le service"),
    WatchFacet.FUNCTIONALITY: lambda name: _("fonctionnalité « %(name)s »", name=as_said(name)),
    WatchFacet.RELEASE: lambda name: _("version %(number)s", number=name),
    WatchFacet.REGION: lambda name: _("région %(name)s", name=name),
    WatchFacet.CHANNEL: lambda name: _("canal : %(name)s", name=name),
    WatchFacet.ROLE: lambda name: _("qui parle : %(name)s", name=name),
    WatchFacet.AGE: lambda name: _("âge : %(name)s", name=name),
    WatchFacet.PLACE: lambda name: _("département : %(name)s", name=name),
    WatchFacet.OVERSEAS: lambda _name: _("retours d’outre-mer"),
}

"""The sentences of the panel *Qui a parlé*: one line, then who is missing, and the warning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from app.catalogue import Service
from app.floors import FLOOR, RATE_FLOOR
from feedback.facets import CHANNEL, WHO
from feedback.models import Channel
from feedback.publications import voices_published
from feedback.representativeness import INSIDE, Line, Table, WhoSpoke, told, who_spoke
from feedback.representativeness_figures import Figures, figures, percent

NAMED = 3  # channels, and groups that are missing, in one sentence


@dataclass(frozen=True)
class Panel:
    """What the template prints: sentences, and the tables behind them."""

    summary: str
    warning: str
    missing: str
    unsaid: str
    weighted: str
    tables: tuple[Figures, ...]
    until: str = ""  # the last of its twelve months, where it was published


def panel(found: WhoSpoke) -> Panel:
    """Return the words of ``found``."""
    tables = (figures(table) for table in found.tables)
    return Panel(
        _summary(found),
        _warning(found),
        _missing(found),
        _unsaid(found),
        _weighted(found),
        tuple(table for table in tables if table.rows),
    )


def panel_of(condition: ColumnElement[bool], service: Service | None, floor: int = INSIDE) -> Panel:
    """Return the panel of the retours that ``condition`` keeps, ready to print."""
    return panel(who_spoke(condition, service, floor))


def public_panel(service: Service, floor: int) -> Panel:
    """Return the panel of twelve months as it was last published."""
    spoke = voices_published(service)
    if spoke is None:
        return Panel(_too_few(), "", "", "", "", ())
    found = panel(told(spoke.voices, service, max(floor, FLOOR)))
    return replace(found, until=format_date(spoke.end - timedelta(days=1), "MMMM y"))


def _summary(found: WhoSpoke) -> str:
    if found.n == 0:
        return str(_("Aucun retour : personne n’a parlé."))
    if not found.tables:
        return _too_few()
    said = ngettext("%(num)d retour", "%(num)d retours", found.n)
    channels = _channels(found.tables[0], found.n)
    if not channels:
        return str(_("%(retours)s.", retours=said))
    return str(_("%(retours)s : %(channels)s.", retours=said, channels=", ".join(channels)))


def _too_few() -> str:
    return str(_("Trop peu de retours pour dire qui a parlé : ainsi personne n’est reconnu."))


def _channels(table: Table, n: int) -> list[str]:
    """Return the most used channels with their shares, and the mediated share even when it is 0."""
    shown = [line for line in table.lines if line.retours]
    shown.sort(key=lambda line: (-(line.retours or 0), line.words))
    mediated = str(CHANNEL.values[Channel.MEDIATOR])
    named = shown[:NAMED] + [line for line in shown[NAMED:] if line.words == mediated]
    if all(line.words != mediated for line in table.lines):
        named.append(Line(mediated, 0))
    return [f"{line.words} {percent((line.retours or 0) / n)}" for line in named]


def _warning(found: WhoSpoke) -> str:
    if found.skew is None:
        return ""
    channel, share = found.skew
    return str(
        _(
            "Un seul canal (%(channel)s) apporte %(share)s de ces retours. "
            "Ils parlent d’abord pour qui s’en sert.",
            channel=channel,
            share=percent(share),
        )
    )


def _missing(found: WhoSpoke) -> str:
    """Return who did not speak, or why nobody can say it."""
    if not found.tables:
        return ""
    if not found.has_reference:
        return str(_("Aucune référence n’est chargée : le site ne sait pas qui manque."))
    missing = [(t, line) for t in found.tables for line in t.lines if line.is_missing]
    if not missing and max(table.compared for table in found.tables) < RATE_FLOOR:
        return str(_("Trop peu de réponses pour dire qui manque."))
    if not missing:
        return str(_("Aucun groupe n’est nettement moins présent que dans le public."))
    missing.sort(key=lambda pair: (pair[0].facet is CHANNEL, _gap(pair[1])))
    named = _first([_against(table, line) for table, line in missing])
    return str(_("Moins présents que dans le public : %(groups)s.", groups=named))


def _first(names: Sequence[str]) -> str:
    """Return the first names, and how many others there are."""
    named, more = ", ".join(names[:NAMED]), len(names) - NAMED
    if more <= 0:
        return named
    return named + " " + ngettext("et %(num)d autre", "et %(num)d autres", more)


def _gap(line: Line) -> float:
    return (line.share.value if line.share else 0.0) - (line.reference or 0.0)


def _against(table: Table, line: Line) -> str:
    words = line.words.lower() if table.facet is WHO else line.words
    share = percent(line.share.value if line.share else 0.0)
    said = _(
        "%(group)s (%(share)s au lieu de %(public)s)",
        group=words,
        share=share,
        public=percent(line.reference or 0.0),
    )
    return str(said)


def _unsaid(found: WhoSpoke) -> str:
    """Return which share does not say each trait, where the floor allows it."""
    parts = [
        f"{table.facet.said} {percent(table.unsaid / found.n)}"
        for table in found.tables
        if table.facet is not CHANNEL and table.unsaid is not None and found.n
    ]
    return str(_("Ne disent pas : %(traits)s.", traits=", ".join(parts))) if parts else ""


def _weighted(found: WhoSpoke) -> str:
    weighted = found.weighted
    if weighted is None:
        return ""
    if weighted.too_few:
        few = _first(weighted.too_few)
        return str(_("Pas de part repondérée : moins de 5 notes pour %(groups)s.", groups=few))
    facets = ", ".join(str(facet.words).lower() for facet in weighted.facets)
    return str(
        _(
            "« Très bien » : %(raw)s ; %(weighted)s une fois repondéré comme le public "
            "(%(facets)s ; %(n)d notes en valent %(effective)d).",
            raw=percent(weighted.raw),
            weighted=percent(weighted.weighted),
            facets=facets,
            n=weighted.n,
            effective=round(weighted.effective),
        )
    )

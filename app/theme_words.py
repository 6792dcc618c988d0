"""What a team edition says of one theme: how it moved, its share, how many complain, how badly."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.digest_items import Content, Item
from app.floors import RATE_FLOOR
from app.said import as_said


def short(number: float) -> str:
    """Return a number with at most one decimal, as the reader's language writes it."""
    return str(format_decimal(number, "0.#"))


def theme_item(line: Content, content: Content) -> Item:
    """Return how a theme moved and how much it hurts: the three parts of its rank."""
    words = [growth(line)]
    if min(content["retours"], content["before"]) >= RATE_FLOOR:
        words.append(_share(line, content))
    if line["concerns"]:
        words.append(_pain(line))
    link = {"theme_id": line["id"]}
    return Item("", " ".join(words), "", "themes.theme", link, _("Voir"))


def growth(line: Content) -> str:
    """Return how a theme moved: « doubles », « rises », « falls » or « stays »."""
    before, now = line["before"], line["retours"]
    named = {"name": line["name"], "before": before, "now": now}
    if before and now >= 2 * before:
        return _("« %(name)s » a au moins doublé : %(before)d → %(now)d.", **named)
    if now > before:
        return _("« %(name)s » monte : %(before)d → %(now)d.", **named)
    if now < before:
        return _("« %(name)s » recule : %(before)d → %(now)d.", **named)
    return _("« %(name)s » reste à %(now)d.", name=as_said(line["name"]), now=now)


def _share(line: Content, content: Content) -> str:
    before = round(100 * line["before"] / content["before"])
    now = round(100 * line["retours"] / content["retours"])
    return _("Sur 100 retours : %(before)d avant, %(now)d maintenant.", before=before, now=now)


def _pain(line: Content) -> str:
    return ngettext(
        "%(num)d dit une difficulté, gravité %(severity)s sur 3.",
        "%(num)d disent une difficulté, gravité moyenne %(severity)s sur 3.",
        line["concerns"],
        severity=short(line["severity"]),
    )

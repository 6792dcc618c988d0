"""The sentences of a team edition: decisions first, then what changed, then the signals.

Works from the stored content alone, so that an old edition reads as it did.
"""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.comparison_words import comparison_items
from app.desk_filters import View
from app.digest_items import Content, Item, Section, capped
from app.edition_news import LATE, marked, since_words
from app.loop_words import late_items, loop_items
from app.promise_words import moved_promises, promises_to_keep
from app.proposal_lines import Titles, late_proposals, other_proposals
from app.said import as_said
from app.theme_words import short, theme_item
from feedback.models import SignalKind


def count_in_words(count: int) -> str:
    """Return a feminine count as a sentence begins with it: « Trois »."""
    words = (_("Une"), _("Deux"), _("Trois"), _("Quatre"), _("Cinq"), _("Six"))
    return words[count - 1] if 1 <= count <= len(words) else str(count)


def team_title(content: Content) -> str:
    """Return the title of a team edition: a sentence that says what is asked."""
    decisions = content["decisions"]
    if not decisions:
        return _("Rien n’attend de décision")
    return ngettext(
        "%(number)s chose attend une décision",
        "%(number)s choses attendent une décision",
        decisions,
        number=count_in_words(decisions),
    )


def team_sections(content: Content, slug: str, titles: Titles | None = None) -> list[Section]:
    """Return what the team of the service called ``slug`` reads, decisions first.

    Args:
        titles: of proposals, by id: an edition keeps none.
    """
    named = titles or {}
    sections = [
        Section(_("À décider"), _decisions(content, slug, named), numbered=True),
        Section(_("Ce qui a changé"), _changes(content)),
        Section(_("Engagements qui ont bougé"), moved_promises(content)),
        Section(_("Propositions des ateliers"), other_proposals(content, named)),
        Section(_("Signaux suivis"), _followed_signals(content)),
        Section(_("Comparaison, sur toute la durée"), comparison_items(content, slug)),
        Section(_("La boucle, sur douze mois"), loop_items(content, slug)),
        Section(_("En retard sur ce site : des nombres peuvent manquer"), late_items(content)),
    ]
    return [section for section in sections if section.items]


def _decisions(content: Content, slug: str, titles: Titles) -> list[Item]:
    items = []
    if content["waits"]["late"]:
        items.append(marked(_late(content["waits"], slug), content, LATE))
    review = [
        marked(_to_review(line), content, line["id"])
        for line in content["signals"]
        if line["id"] in content["to_review"]
    ]
    items += capped(review, _all_signals())
    items += promises_to_keep(content)
    items += late_proposals(content, titles)
    if content["contested"]:
        items.append(_contested(content["contested"], slug))
    return items


def _late(waits: Content, slug: str) -> Item:
    lead = ngettext(
        "%(num)d retour attend une réponse au-delà du délai.",
        "%(num)d retours attendent une réponse au-delà du délai.",
        waits["late"],
    )
    oldest = ngettext(
        "Le plus ancien : %(num)d jour ouvré.",
        "Le plus ancien : %(num)d jours ouvrés.",
        waits["oldest"],
    )
    link = {"vue": View.LATE.value, "service": slug}
    return Item(lead, oldest, "read", "desk.inbox", link, _("Ouvrir"))


def _to_review(line: Content) -> Item:
    link = {"signal_id": line["id"]}
    lead, label = _("Un signal à examiner."), _("Voir les retours")
    return Item(lead, signal_words(line), "", "vigilance.signal", link, label)


def signal_words(line: Content) -> str:
    """Return what a signal says: title, release, observed and expected."""
    if line["kind"] == SignalKind.SERIOUS:
        return _("Un retour parle d’un dommage : une personne doit le lire.")
    numbers = ngettext(
        "%(num)d retour en %(weeks)d semaines, pour %(expected)s attendus.",
        "%(num)d retours en %(weeks)d semaines, pour %(expected)s attendus.",
        line["observed"],
        weeks=line["weeks"],
        expected=short(line["expected"]),
    )
    if not line["release"]:
        return _("« %(title)s » : %(numbers)s", title=as_said(line["title"]), numbers=numbers)
    return _(
        "« %(title)s », depuis la version %(release)s : %(numbers)s",
        title=as_said(line["title"]),
        release=line["release"],
        numbers=numbers,
    )


def _contested(count: int, slug: str) -> Item:
    lead = ngettext(
        "%(num)d retour conteste un changement annoncé.",
        "%(num)d retours contestent un changement annoncé.",
        count,
    )
    link = {"vue": View.CONTESTED.value, "service": slug}
    return Item(lead, "", "contested", "desk.inbox", link, _("Lire"))


def _changes(content: Content) -> list[Item]:
    moved = [line for line in content["themes"] if line["retours"] or line["before"]]
    more = Item(endpoint="themes.index", label=_("Tous les thèmes"))
    lines = [marked(theme_item(line, content), content, line["id"]) for line in moved]
    themes = capped(lines, more)
    items = [Item(_arrivals(content)), *themes]
    if content["score"]:
        items.append(Item(_score(content["score"])))
    return items + since_words(content)


def _arrivals(content: Content) -> str:
    if not content["retours"]:
        return _("Aucun retour dans la période.")
    arrived = ngettext(
        "%(num)d retour dans la période (%(before)d dans la précédente).",
        "%(num)d retours dans la période (%(before)d dans la précédente).",
        content["retours"],
        before=content["before"],
    )
    sent = ngettext("%(num)d réponse envoyée.", "%(num)d réponses envoyées.", content["answers"])
    return f"{arrived} {sent}" if content["answers"] else arrived


def _score(score: Content) -> str:
    return _(
        "Note : %(mean)s sur 10 (n = %(n)d, entre %(low)s et %(high)s), sur douze mois.",
        mean=format_decimal(score["mean"], "0.0"),
        n=score["n"],
        low=format_decimal(score["low"], "0.0"),
        high=format_decimal(score["high"], "0.0"),
    )


def _followed_signals(content: Content) -> list[Item]:
    followed = [line for line in content["signals"] if line["id"] not in content["to_review"]]
    lines = [marked(_followed(line), content, line["id"]) for line in followed]
    return capped(lines, _all_signals())


def _followed(line: Content) -> Item:
    words, link = as_said(line["sentence"]) or signal_words(line), {"signal_id": line["id"]}
    return Item("", words, "", "vigilance.signal", link, _("Voir"))


def _all_signals() -> Item:
    return Item(endpoint="vigilance.signals", label=_("Tous les signaux"))

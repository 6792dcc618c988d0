"""The sentences of a team edition: decisions first, then what changed, then the signals.

Works from the stored content alone, so that an old edition reads as it did.
"""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.desk_filters import View
from app.digest_items import Content, Item, Section
from app.said import as_said, together
from app.theme_words import short, theme_item
from app.web import written_day
from feedback.models import CommitmentState, SignalKind

MOST_THEMES = 5  # then « et n autres »: a mail is read on a phone
MOST_SIGNALS = 5


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


def team_sections(content: Content, slug: str) -> list[Section]:
    """Return what the team of the service called ``slug`` reads, decisions first."""
    sections = [
        Section(_("À décider"), _decisions(content, slug), numbered=True),
        Section(_("Ce qui a changé"), _changes(content)),
        Section(_("Signaux suivis"), _followed_signals(content)),
    ]
    return [section for section in sections if section.items]


def _decisions(content: Content, slug: str) -> list[Item]:
    items = []
    if content["waits"]["late"]:
        items.append(_late(content["waits"], slug))
    items += [_to_review(line) for line in content["signals"] if line["id"] in content["to_review"]]
    items += [_to_keep(line) for line in content["commitments"] if line["id"] in content["due"]]
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


def _to_keep(line: Content) -> Item:
    day = written_day(line["due"], "d MMMM")
    lead = {
        CommitmentState.LATE: _("Engagement en retard depuis le %(day)s.", day=day),
        CommitmentState.REOPENED: _("Engagement rouvert : ses auteurs le contestent."),
    }.get(line["state"], _("Engagement à tenir le %(day)s.", day=day))
    linked = ngettext("Lié à %(num)d retour.", "Lié à %(num)d retours.", line["links"])
    ring = "contested" if line["state"] == CommitmentState.REOPENED else "answered"
    words = (
        together((as_said(line["text"]), linked), " ") if line["links"] else as_said(line["text"])
    )
    return Item(lead, words, ring, "feedback_desk.commitments", label=_("Ouvrir"))


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
    items = [Item(_arrivals(content)), *(theme_item(line, content) for line in moved[:MOST_THEMES])]
    if len(moved) > MOST_THEMES:
        items.append(_and_more(len(moved) - MOST_THEMES))
    if content["score"]:
        items.append(Item(_score(content["score"])))
    return items


def _and_more(left: int) -> Item:
    more = ngettext("et %(num)d autre thème.", "et %(num)d autres thèmes.", left)
    return Item("", more, "", "themes.index", label=_("Tous les thèmes"))


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
    return [
        Item(
            "",
            as_said(line["sentence"]) or signal_words(line),
            "",
            "vigilance.signal",
            {"signal_id": line["id"]},
            _("Voir"),
        )
        for line in followed[:MOST_SIGNALS]
    ]

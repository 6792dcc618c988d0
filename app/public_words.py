"""The sentences of a public edition: said, done, to be verified, still without answer.

Works from the stored content alone; what may be said at all was decided in ``app/writings.py``.
"""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.digest_items import Content, Item, Section
from app.said import as_said, together
from app.web import written_day
from feedback.models import CommitmentState

MOST_LINES = 5  # then « et n autres »


def public_title(service: str) -> str:
    """Return the title of a public edition."""
    return _("%(service)s : ce qui a été dit, ce qui a été fait", service=as_said(service))


def public_sections(content: Content, floor: int) -> list[Section]:
    """Return what anybody reads, in the order of the loop."""
    effects = [Item(words=as_said(line["sentence"])) for line in content["signals"]]
    sections = [
        Section(_("Vous avez dit"), _said(content, floor)),
        Section(_("L’équipe a fait"), _done(content)),
        Section(_("À vérifier par vous"), _to_verify(content)),
        Section(_("Effets inattendus"), effects),
        Section(_("Encore sans réponse"), _unanswered(content)),
    ]
    return [section for section in sections if section.items]


def _said(content: Content, floor: int) -> list[Item]:
    total = content["retours"]
    if total is None:
        first = _("Moins de %(floor)d retours : nous ne montrons pas de nombre.", floor=floor)
    else:
        first = ngettext(
            "%(num)d retour dans la période.", "%(num)d retours dans la période.", total
        )
    shown = content["themes"][:MOST_LINES]
    return [Item(words=first), *map(_theme, shown), *_more(len(content["themes"]) - len(shown))]


def _theme(line: Content) -> Item:
    if line["retours"] is None:
        return Item(_("« %(name)s »", name=as_said(line["name"])))
    count = ngettext("%(num)d retour", "%(num)d retours", line["retours"])
    return Item(_("« %(name)s »", name=as_said(line["name"])), _("(%(count)s)", count=count))


def _more(left: int) -> list[Item]:
    if left < 1:
        return []
    return [Item(words=ngettext("et %(num)d autre thème.", "et %(num)d autres thèmes.", left))]


def _done(content: Content) -> list[Item]:
    items = [_promised(line) for line in content["promised"]]
    items += [_confirmed(line) for line in content["confirmed"]]
    if content["answers"]:
        sent = ngettext(
            "%(num)d réponse envoyée.", "%(num)d réponses envoyées.", content["answers"]
        )
        items.append(Item(words=sent, ring="answered"))
    return items or [Item(words=_("Aucun engagement en cours."))]


def _promised(line: Content) -> Item:
    day = written_day(line["due"])
    if line["state"] == CommitmentState.REOPENED:
        lead = _("Engagement rouvert : des auteurs disent que le changement manque.")
        return Item(lead, as_said(line["text"]), "contested")
    if line["state"] == CommitmentState.LATE:
        return Item(
            _("Promis pour le %(day)s, en retard.", day=day), as_said(line["text"]), "answered"
        )
    return Item(_("Promis pour le %(day)s.", day=day), as_said(line["text"]), "answered")


def _confirmed(line: Content) -> Item:
    return Item(
        _("Confirmé."),
        together((as_said(line["text"]), tally_words(line["tally"])), " "),
        "confirmed",
    )


def _to_verify(content: Content) -> list[Item]:
    return [
        Item(
            _("Annoncé le %(day)s.", day=written_day(line["announced"], "d MMMM")),
            together((as_said(line["text"]), tally_words(line["tally"])), " "),
            "answered",
        )
        for line in content["announced"]
    ]


def tally_words(tally: dict[str, int]) -> str:
    """Return what authors said of a change; a tally has no floor, they were told it is public."""
    if not any(tally.values()):
        return _("Aucun auteur n’a encore dit si cela l’aide.")
    confirmed = ngettext(
        "%(num)d retour le confirme", "%(num)d retours le confirment", tally["confirmed"]
    )
    contested = ngettext("%(num)d le conteste", "%(num)d le contestent", tally["not"])
    partly = ngettext("%(num)d dit « en partie »", "%(num)d disent « en partie »", tally["partly"])
    parts = [confirmed, *([partly] if tally["partly"] else []), contested]
    return ", ".join(parts) + "."


def _unanswered(content: Content) -> list[Item]:
    return [
        Item(
            _("« %(name)s »", name=as_said(line["name"])),
            ngettext("(%(num)d retour)", "(%(num)d retours)", line["retours"]),
            "received",
        )
        for line in content["unanswered"][:MOST_LINES]
    ]

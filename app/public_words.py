"""The sentences of a public edition: said, done, to be verified, still without answer.

Works from the stored content alone; what may be said at all was decided in ``app/writings.py``.
"""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.digest_items import Content, Item, Section, capped
from app.said import as_said, together
from app.still_open import open_items
from app.web import written_day
from feedback.models import CommitmentState


def public_title(service: str) -> str:
    """Return the title of a public edition."""
    return _("%(service)s : ce qui a été dit, ce qui a été fait", service=as_said(service))


def public_sections(
    content: Content, slug: str, floor: int, page: Item | None = None
) -> list[Section]:
    """Return what anybody reads of the service called ``slug``, in the order of the loop.

    Args:
        page: leads to the edition's page, for a mail, which names a few themes; the page names all.
    """
    themes = list(map(_theme, content["themes"]))
    waiting = list(map(_unanswered, content["unanswered"]))
    effects = [Item(words=as_said(line["sentence"])) for line in content["signals"]]
    all_effects = Item("", "", "", "feedback.told_signals", {"slug": slug}, _("Tous les effets"))
    board = Item("", "", "", "record.board", {"slug": slug}, _("Voir ce qui a été promis"))
    sections = [
        Section(
            _("Vous avez dit"),
            [_total(content, floor), *(capped(themes, page) if page else themes)],
        ),
        Section(_("L’équipe a fait"), _done(content, board)),
        Section(
            _("À vérifier par vous"), capped(list(map(_to_verify, content["announced"])), board)
        ),
        Section(_("Effets inattendus"), capped(effects, all_effects)),
        Section(_("Encore sans réponse"), capped(waiting, page) if page else waiting),
        Section(_("Ce que vous pouvez encore faire"), open_items(content, slug), has_doors=True),
    ]
    return [section for section in sections if section.items]


def _total(content: Content, floor: int) -> Item:
    total = content["retours"]
    if total is None:
        return Item(
            words=_("Moins de %(floor)d retours : nous ne montrons pas de nombre.", floor=floor)
        )
    words = ngettext("%(num)d retour dans la période.", "%(num)d retours dans la période.", total)
    return Item(words=words)


def _theme(line: Content) -> Item:
    if line["retours"] is None:
        return Item(_("« %(name)s »", name=as_said(line["name"])))
    count = ngettext("%(num)d retour", "%(num)d retours", line["retours"])
    return Item(_("« %(name)s »", name=as_said(line["name"])), _("(%(count)s)", count=count))


def _done(content: Content, board: Item) -> list[Item]:
    promised = [_promised(line) for line in content["promised"]]
    confirmed = [_confirmed(line) for line in content["confirmed"]]
    items = [*capped(promised, board), *capped(confirmed, board)]
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


def _to_verify(line: Content) -> Item:
    return Item(
        _("Annoncé le %(day)s.", day=written_day(line["announced"], "d MMMM")),
        together((as_said(line["text"]), tally_words(line["tally"])), " "),
        "answered",
    )


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


def _unanswered(line: Content) -> Item:
    count = ngettext("(%(num)d retour)", "(%(num)d retours)", line["retours"])
    return Item(_("« %(name)s »", name=as_said(line["name"])), count, "received")

"""The card *Où je me situe*: one rating beside its service and its class, and the theme it fell in.

Each part says what it shows or why it shows nothing (model.md §1, §8).
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.axes import number
from app.floors import FLOOR, shown_total
from app.said import as_said
from app.web import written_day
from feedback import theme_edits, theme_reasons, themes
from feedback.masked_text import pieces
from feedback.models import Feedback, Placement, State
from feedback.standing import standing
from feedback.standing_words import Said, face_word, said
from feedback.theme_counts import retours_of_theme

MANY = 500  # others counted to the last: past it the page says "more than", and stays quick


@dataclass(frozen=True)
class PlacedIn:
    """A theme that the retour fell in, and why; ``others`` is None under the floor."""

    theme_id: str
    name: str
    others: int | None  # at least so many
    many: bool  # others are more than that number
    reasons: tuple[str, ...]
    method: str
    contested: bool
    by_author: bool  # who contested, and may take it back
    placed: date | None  # by the machine


def comparison(feedback: Feedback) -> Said:
    """Return where the author's rating stands among those that may be shown."""
    mine = face_word(feedback.face)
    opening = (
        _("Votre note : %(face)s.", face=mine) if mine else _("Vous n’avez pas choisi de visage.")
    )
    return said(standing(feedback.service), feedback.face, opening)


def placed_in(feedback: Feedback, floor: int = FLOOR) -> list[PlacedIn]:
    """Return the themes of ``feedback``, each once, with what may be told to its author."""
    found: dict[str, PlacedIn] = {}
    for placement in themes.placements_of(feedback):
        if placement.theme_id not in found and placement.theme.ended is None:
            found[placement.theme_id] = _placed(placement, floor)
    return list(found.values())


def _placed(placement: Placement, floor: int) -> PlacedIn:
    theme = placement.theme
    why = theme_reasons.why(placement, published_only=True)
    count = retours_of_theme(theme, MANY + 2)
    is_large = count >= floor
    others = count - (not placement.contested)
    name = as_said(theme.name) if is_large or theme.named_by_person else _("un thème qui se forme")
    return PlacedIn(
        theme.id,
        str(name),
        shown_total(min(others, MANY), floor) if others <= MANY else MANY,
        others > MANY,
        tuple(_reasons(why)),
        str(_("Modèle %(model)s, le %(day)s.", model=why.model, day=written_day(why.placed))),
        placement.contested,
        placement.contested and theme_edits.is_contested(placement.segment.feedback, theme),
        None if why.by_person or placement.contested else why.placed,
    )


def _reasons(why: theme_reasons.Why) -> list[str]:
    """Return the reasons; the theme's words are those alone that the author wrote."""
    reasons = [_("Votre phrase : « %(text)s ».", text=as_said(_unmarked(why.segment.text)))]
    if why.with_whole:
        reasons.append(_("Elle y est avec votre message entier."))
    if why.words:
        reasons.append(_("Mots du thème : %(words)s.", words=as_said(", ".join(why.words))))
    if why.by_person:
        reasons.append(_("Une personne de l’équipe l’a rangée là."))
    else:
        score, least = number(round(why.score, 2)), number(round(why.threshold, 2))
        reasons.append(
            _("Ressemblance : %(score)s ; il faut au moins %(least)s.", score=score, least=least)
        )
    near = [_unmarked(each.text) for each in why.neighbours]
    reasons += [_("Message publié proche : « %(text)s »", text=as_said(text)) for text in near]
    return [str(reason) for reason in reasons]


def _unmarked(text: str) -> str:
    """Return the words with each masked one as what it was, never its token."""
    return "".join(words for words, _kind in pieces(text))


def theme_status(feedback: Feedback, places: list[PlacedIn]) -> str:
    """Return why no theme is shown, or nothing when one is."""
    if places:
        return ""
    if not feedback.text:
        return str(_("Sans texte, il n’y a pas de thème."))
    if feedback.objects_to_analysis:
        return str(_("Vous vous êtes opposé à l’analyse : aucun thème n’est cherché."))
    if feedback.state in (State.HELD, State.RETURNED, State.REFUSED) or not feedback.names_masked:
        return str(_("Aucun thème n’est cherché tant qu’un modérateur n’a pas lu votre texte."))
    if not feedback.analysed:
        return str(_("Analyse en attente : le thème sera là dans quelques minutes."))
    return str(_("Votre retour ne ressemble à aucun thème connu. Une personne le lit quand même."))

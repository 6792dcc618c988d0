"""The phase machine of a session: allowed moves, and per phase who sees what and who may act.

Pure: the tables decide, ``sessions.py`` and ``board.py`` do.
"""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _

from workshops.models import Phase


class Act(StrEnum):
    """What people do in a session; each phase accepts some."""

    WRITE = "write"  # and edit or remove one's own
    ARRANGE = "arrange"  # group, name, ungroup
    VOTE = "vote"
    DECIDE = "decide"
    HIDE = "hide"  # hide a card from the room, with the reason


class ForbiddenMove(Exception):
    """The phase cannot follow the one before."""


class WrongPhase(Exception):
    """The phase does not accept this act."""


@dataclass(frozen=True)
class Rule:
    """What one phase shows, asks and accepts. ``who_sees`` is printed on every screen."""

    name: str
    task: str
    who_sees: str
    accepts: frozenset[Act] = frozenset()
    cards_shown: bool = True
    groups_shown: bool = True
    results_shown: bool = False


ORDER = tuple(Phase)

# Soft: from any open phase to any other, so that a short session skips and a long one repeats; the
# usual next and the one before stand first on the console. Going back hides again what the earlier
# phase hides and loses nothing. Nothing leaves CLOSED: its votes are no longer anybody's.
MOVES: dict[Phase, frozenset[Phase]] = {
    phase: frozenset(Phase) - {phase} if phase is not Phase.CLOSED else frozenset()
    for phase in Phase
}
NEED_GROUPS = frozenset({Phase.VOTE, Phase.DISCUSS, Phase.DECIDE})  # a card alone is one of its own

RULES: dict[Phase, Rule] = {
    Phase.LOBBY: Rule(
        name=_("Accueil"),
        task=_("Gardez cette page ouverte. La séance commence bientôt."),
        who_sees=_(
            "Seule la personne qui anime voit les prénoms donnés. "
            "Aucun écran ne relie un prénom à une idée."
        ),
        cards_shown=False,
        groups_shown=False,
    ),
    Phase.WRITE: Rule(
        name=_("Écriture"),
        task=_("Écrivez vos idées, une par une."),
        who_sees=_(
            "Vous seul voyez vos idées. Les autres les liront après le dévoilement, "
            "sans votre nom. La personne qui anime aussi."
        ),
        accepts=frozenset({Act.WRITE}),
        cards_shown=False,
        groups_shown=False,
    ),
    Phase.REVEAL: Rule(
        name=_("Dévoilement"),
        task=_("Lisez les idées de la salle."),
        who_sees=_("Tout le monde lit toutes les idées, sans nom d’auteur."),
        accepts=frozenset({Act.HIDE}),
        groups_shown=False,
    ),
    Phase.GROUP: Rule(
        name=_("Regroupement"),
        task=_("Dites à voix haute quelles idées vont ensemble."),
        who_sees=_("Tout le monde voit les idées et les groupes, sans nom d’auteur."),
        accepts=frozenset({Act.ARRANGE, Act.HIDE}),
    ),
    Phase.VOTE: Rule(
        name=_("Vote"),
        task=_("Donnez vos votes à ce qui compte le plus pour vous."),
        who_sees=_(
            "Vous seul voyez vos votes. Les totaux restent cachés à tous "
            "jusqu’à la fin du vote, même à la personne qui anime."
        ),
        accepts=frozenset({Act.VOTE, Act.HIDE}),
    ),
    Phase.DISCUSS: Rule(
        name=_("Discussion"),
        task=_("Parlez des groupes dans l’ordre des votes."),
        who_sees=_("Tout le monde voit les totaux. Personne ne voit qui a voté pour quoi."),
        accepts=frozenset({Act.HIDE}),
        results_shown=True,
    ),
    Phase.DECIDE: Rule(
        name=_("Décision"),
        task=_("Dites ce que vous gardez. Ce qui devient une proposition aura une réponse."),
        who_sees=_("Tout le monde voit les totaux et les décisions, sans nom d’auteur."),
        accepts=frozenset({Act.DECIDE, Act.HIDE}),
        results_shown=True,
    ),
    Phase.CLOSED: Rule(
        name=_("Séance terminée"),
        task=_("Merci. Vous pouvez fermer cette page."),
        who_sees=_(
            "Les idées et les votes ne sont plus reliés à aucun téléphone. "
            "Les prénoms sont effacés."
        ),
        cards_shown=False,
        groups_shown=False,
        results_shown=True,
    ),
}


def rule_of(phase: str) -> Rule:
    """Return what ``phase`` shows, asks and accepts."""
    return RULES[Phase(phase)]


def check_move(old: str, new: str) -> None:
    """Raise ``ForbiddenMove`` unless ``new`` may follow ``old``."""
    if new not in MOVES[Phase(old)]:
        raise ForbiddenMove(f"{new} may not follow {old}")


def check_act(phase: str, act: Act) -> None:
    """Raise ``WrongPhase`` unless ``phase`` accepts ``act``."""
    if act not in rule_of(phase).accepts:
        raise WrongPhase(f"{phase} does not accept {act}")


def choices(phase: str) -> tuple[list[Phase], list[Phase]]:
    """Return the phases to go back to and on to, each in the usual order."""
    here = ORDER.index(Phase(phase))
    allowed = [other for other in ORDER if other in MOVES[Phase(phase)]]
    back = [other for other in allowed if ORDER.index(other) < here]
    return back, [other for other in allowed if ORDER.index(other) > here]

"""The phase machine of a session: allowed moves, and per phase who sees what and who may act.

Pure: the tables decide, ``sessions.py`` and ``board.py`` do.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import lazy_gettext as _

from workshops.models import Phase, Workshop


class Act(StrEnum):
    """What people do in a session; each phase accepts some."""

    WRITE = "write"  # and edit or remove one's own
    ARRANGE = "arrange"  # group, name, ungroup
    VOTE = "vote"
    TALK = "talk"  # write in the thread of a group
    DECIDE = "decide"
    HIDE = "hide"  # hide a card from the room, with the reason


class ForbiddenMove(Exception):
    """The phase cannot follow the one before."""


class WrongPhase(Exception):
    """The phase does not accept this act."""


@dataclass(frozen=True)
class Rule:
    """What one phase shows, asks and accepts. ``who_sees`` is printed on every screen, followed by
    what the session says of names (``identity.py``)."""

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
# A session may be prepared without some of these; the others hold its promises together.
OPTIONAL = (Phase.GROUP, Phase.VOTE, Phase.DISCUSS, Phase.DECIDE)
NEED_GROUPS = frozenset({Phase.VOTE, Phase.DISCUSS, Phase.DECIDE})  # a card alone is one of its own

RULES: dict[Phase, Rule] = {
    Phase.LOBBY: Rule(
        name=_("Accueil"),
        task=_("Gardez cette page ouverte. La séance commence bientôt."),
        who_sees=_(
            "Les idées restent cachées jusqu’au dévoilement. Les votes, jusqu’à la fin du vote."
        ),
        cards_shown=False,
        groups_shown=False,
    ),
    Phase.WRITE: Rule(
        name=_("Écriture"),
        task=_("Écrivez vos idées, une par une."),
        who_sees=_(
            "Vous seul voyez vos idées. Les autres les liront après le dévoilement. "
            "La personne qui anime aussi."
        ),
        accepts=frozenset({Act.WRITE}),
        cards_shown=False,
        groups_shown=False,
    ),
    Phase.REVEAL: Rule(
        name=_("Dévoilement"),
        task=_("Lisez les idées de la salle."),
        who_sees=_("Tout le monde lit toutes les idées."),
        accepts=frozenset({Act.HIDE}),
        groups_shown=False,
    ),
    Phase.GROUP: Rule(
        name=_("Regroupement"),
        task=_("Dites à voix haute quelles idées vont ensemble."),
        who_sees=_("Tout le monde voit les idées et les groupes."),
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
        task=_("Parlez des groupes dans l’ordre des votes. Vous pouvez aussi écrire."),
        who_sees=_(
            "Tout le monde voit les totaux et lit les messages. "
            "Personne ne voit qui a voté pour quoi."
        ),
        accepts=frozenset({Act.TALK, Act.HIDE}),
        results_shown=True,
    ),
    Phase.DECIDE: Rule(
        name=_("Décision"),
        task=_("Dites ce que vous gardez. Ce qui devient une proposition aura une réponse."),
        who_sees=_("Tout le monde voit les totaux et les décisions."),
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


def rule_of(phase: str, left_out: Collection[str] = ()) -> Rule:
    """Return what ``phase`` shows, asks and accepts in a session without ``left_out``."""
    rule = RULES[Phase(phase)]
    if phase == Phase.LOBBY and Phase.VOTE in left_out:
        return replace(rule, who_sees=_("Les idées restent cachées jusqu’au dévoilement."))
    return rule


def held(left_out: Collection[str]) -> tuple[Phase, ...]:
    """Return the phases of a session without ``left_out``, in the usual order."""
    return tuple(each for each in ORDER if each not in OPTIONAL or each.value not in left_out)


def check_move(old: str, new: str, left_out: Collection[str] = ()) -> None:
    """Raise ``ForbiddenMove`` unless ``new`` may follow ``old`` in a session without ``left_out``.

    A phase that the session does not have may still be left.
    """
    if new not in MOVES[Phase(old)] or new not in held(left_out):
        raise ForbiddenMove(f"{new} may not follow {old}")


def check_act(phase: str, act: Act) -> None:
    """Raise ``WrongPhase`` unless ``phase`` accepts ``act``."""
    if act not in rule_of(phase).accepts:
        raise WrongPhase(f"{phase} does not accept {act}")


def choices(phase: str, left_out: Collection[str] = ()) -> tuple[list[Phase], list[Phase]]:
    """Return the phases to go back to and on to, each in the usual order."""
    here = ORDER.index(Phase(phase))
    allowed = [other for other in held(left_out) if other in MOVES[Phase(phase)]]
    back = [other for other in allowed if ORDER.index(other) < here]
    return back, [other for other in allowed if ORDER.index(other) > here]


def told_steps(workshop: Workshop) -> list[str]:
    """Return the names of the phases that people of the session go through."""
    shown = (each for each in held(workshop.left_out) if each not in (Phase.LOBBY, Phase.CLOSED))
    return [str(RULES[each].name) for each in shown]

"""Why a session refused something, in words for who asked: what happened and what to do next."""

from collections.abc import Callable

from flask_babel import gettext as _

from workshops import (
    ballot,
    board,
    board_acts,
    board_changes,
    crew,
    decisions,
    doubles,
    groups,
    seats,
    seen_board,
    sessions,
    suggestions,
    threads,
    windows,
)
from workshops.phases import ForbiddenMove, WrongPhase

REFUSALS = (
    WrongPhase,
    board.EmptyCard,
    board.CardTooLong,
    board.TooManyCards,
    groups.NothingToGroup,
    groups.GroupIsProposed,
    groups.GroupLocked,
    groups.NothingToMerge,
    board.NothingTicked,
    board_acts.ActGone,
    board_changes.TouchedSince,
    doubles.NothingToFold,
    seen_board.GroupGone,
    seen_board.MovedMeanwhile,
    seen_board.RenamedMeanwhile,
    ballot.BudgetSpent,
    ballot.GroupFull,
    ballot.NothingToRetract,
    ballot.BudgetBelowVotes,
    ForbiddenMove,
    crew.NotAFacilitator,
    crew.RunsAlready,
    sessions.DryRun,
    windows.WindowShut,
    threads.RemarkTooLong,
    threads.TooManyRemarks,
    decisions.CannotMerge,
    decisions.ProposedAlready,
    suggestions.SuggestionIsStale,
    suggestions.SuggestionGone,
)


def explain(error: Exception) -> str:
    """Return the sentence for ``error``."""
    if isinstance(error, board.CardTooLong):
        words = _("Votre idée compte %(count)s caractères. Gardez-en %(most)s, ou faites-en deux.")
        return str(words % {"count": error.count, "most": board.LONGEST_CARD})
    if isinstance(error, seen_board.RenamedMeanwhile):
        words = _("Quelqu’un a nommé ce groupe « %(name)s » entre-temps. Rien n’a changé.")
        return str(words % {"name": error.title or _("sans nom")})
    if isinstance(error, threads.RemarkTooLong):
        words = _("Votre message compte %(count)s caractères. Gardez-en %(most)s.")
        return str(words % {"count": error.count, "most": threads.LONGEST_REMARK})
    return _SENTENCES[type(error)]()


_SENTENCES: dict[type[Exception], Callable[[], str]] = {
    WrongPhase: lambda: _("La séance est passée à autre chose. Ce geste n’est plus possible."),
    board.EmptyCard: lambda: _("Écrivez quelques mots avant d’envoyer."),
    board.TooManyCards: lambda: _("Vous avez écrit beaucoup d’idées. Retirez-en une d’abord."),
    groups.NothingToGroup: lambda: _("Cochez au moins deux idées, ou une idée et un groupe."),
    groups.GroupIsProposed: lambda: _(
        "Ce groupe est devenu une proposition. Ses idées restent ensemble."
    ),
    groups.GroupLocked: lambda: _(
        "Ce groupe est verrouillé : aucune idée n’y entre ni n’en sort. Levez d’abord le verrou."
    ),
    groups.NothingToMerge: lambda: _("Cochez au moins deux groupes à fusionner."),
    board.NothingTicked: lambda: _("Cochez d’abord une idée."),
    board_acts.ActGone: lambda: _("Ce geste est déjà annulé, ou trop ancien. Rien n’a changé."),
    board_changes.TouchedSince: lambda: _(
        "Quelqu’un a changé depuis ce que ce geste avait changé : il ne peut plus être annulé."
    ),
    doubles.NothingToFold: lambda: _("Cochez au moins deux idées qui disent la même chose."),
    seen_board.GroupGone: lambda: _(
        "Quelqu’un a fusionné ou séparé ce groupe entre-temps. Le tableau ci-dessous est à jour."
    ),
    seen_board.MovedMeanwhile: lambda: _(
        "Quelqu’un a déplacé ou masqué entre-temps ce que vous aviez choisi. "
        "Rien n’a changé : regardez le tableau à jour, puis recommencez."
    ),
    ballot.BudgetSpent: lambda: _(
        "Vous avez donné tous vos votes. Retirez-en un pour le donner ailleurs."
    ),
    ballot.GroupFull: lambda: _("Vous avez donné à ce groupe tous les votes permis."),
    ballot.NothingToRetract: lambda: _("Vous n’avez pas de vote sur ce groupe."),
    ballot.BudgetBelowVotes: lambda: _(
        "Quelqu’un a déjà donné plus de votes que cela. Aucun vote n’est retiré à personne."
    ),
    crew.NotAFacilitator: lambda: _(
        "Aucun compte qui anime des séances n’a cette adresse. Vérifiez-la."
    ),
    suggestions.SuggestionIsStale: lambda: _(
        "Des idées de cette proposition ont changé depuis. Rien n’a été regroupé."
    ),
    suggestions.SuggestionGone: lambda: _(
        "Quelqu’un a déjà répondu à cette proposition. Rien n’a changé."
    ),
    crew.RunsAlready: lambda: _("Cette personne anime déjà cette séance."),
    sessions.DryRun: lambda: _(
        "C’est une répétition : rien ne part à l’équipe et rien ne se clôt. Effacez-la à la fin."
    ),
    threads.TooManyRemarks: lambda: _(
        "Vous avez écrit beaucoup de messages. Dites le reste à voix haute."
    ),
    decisions.CannotMerge: lambda: _(
        "Choisissez un autre groupe, qui ne va pas déjà avec un autre."
    ),
    decisions.ProposedAlready: lambda: _(
        "Un de ces groupes est déjà une proposition. Il reste comme il est."
    ),
    windows.WindowShut: lambda: _("Cette étape est fermée. La page dit quand elle ouvre."),
    ForbiddenMove: lambda: _("Cette étape ne peut pas suivre celle-ci."),
    seats.SessionClosed: lambda: _("Cette séance est terminée."),
    seats.RoomFull: lambda: _("La séance est complète. Essayez encore dans une minute."),
}

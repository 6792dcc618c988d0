"""Why a session refused something, in words for who asked: what happened and what to do next."""

from collections.abc import Callable

from flask_babel import gettext as _

from workshops import ballot, board, groups, seats, sessions
from workshops.phases import ForbiddenMove, WrongPhase

REFUSALS = (
    WrongPhase,
    board.EmptyCard,
    board.CardTooLong,
    board.TooManyCards,
    groups.NothingToGroup,
    groups.GroupIsProposed,
    ballot.BudgetSpent,
    ballot.GroupFull,
    ballot.NothingToRetract,
    ballot.BudgetBelowVotes,
    ForbiddenMove,
    sessions.NotAFacilitator,
)


def explain(error: Exception) -> str:
    """Return the sentence for ``error``."""
    if isinstance(error, board.CardTooLong):
        words = _("Votre idée compte %(count)s caractères. Gardez-en %(most)s, ou faites-en deux.")
        return str(words % {"count": error.count, "most": board.LONGEST_CARD})
    return _SENTENCES[type(error)]()


_SENTENCES: dict[type[Exception], Callable[[], str]] = {
    WrongPhase: lambda: _("La séance est passée à autre chose. Ce geste n’est plus possible."),
    board.EmptyCard: lambda: _("Écrivez quelques mots avant d’envoyer."),
    board.TooManyCards: lambda: _("Vous avez écrit beaucoup d’idées. Retirez-en une d’abord."),
    groups.NothingToGroup: lambda: _("Cochez au moins deux idées, ou une idée et un groupe."),
    groups.GroupIsProposed: lambda: _(
        "Ce groupe est devenu une proposition. Ses idées restent ensemble."
    ),
    ballot.BudgetSpent: lambda: _(
        "Vous avez donné tous vos votes. Retirez-en un pour le donner ailleurs."
    ),
    ballot.GroupFull: lambda: _("Vous avez donné à ce groupe tous les votes permis."),
    ballot.NothingToRetract: lambda: _("Vous n’avez pas de vote sur ce groupe."),
    ballot.BudgetBelowVotes: lambda: _(
        "Quelqu’un a déjà donné plus de votes que cela. Aucun vote n’est retiré à personne."
    ),
    sessions.NotAFacilitator: lambda: _(
        "Aucun compte qui anime des séances n’a cette adresse. Vérifiez-la."
    ),
    ForbiddenMove: lambda: _("Cette étape ne peut pas suivre celle-ci."),
    seats.SessionClosed: lambda: _("Cette séance est terminée."),
    seats.RoomFull: lambda: _("La séance est complète. Prévenez la personne qui anime."),
}

"""What people cannot do to themes and subjects, each with the sentence that says why."""

from enum import StrEnum

from flask_babel import lazy_gettext as _


class Reason(StrEnum):
    """Why an edit is refused."""

    EMPTY_NAME = "empty name"
    NO_TARGET = "no target"
    NO_SUBJECT = "no subject"
    ITSELF = "itself"
    OTHER_SERVICE = "other service"
    ENDED = "ended"
    NOT_IN_THEME = "not in theme"
    NOTHING = "nothing"
    EVERYTHING = "everything"
    NOT_TWO = "not two"
    TIED = "tied"
    APART_THERE = "apart there"
    CONTRADICTS = "contradicts"
    KEPT_APART = "kept apart"
    TOO_LATE = "too late"
    LOCKED = "locked"
    LOCKED_THERE = "locked there"
    NOT_MEANT = "not meant"
    NOT_READ = "not read"


SENTENCES = {
    Reason.EMPTY_NAME: _("Un nom est nécessaire : écrivez quelques mots."),
    Reason.NO_TARGET: _("Choisissez un thème dans la liste."),
    Reason.NO_SUBJECT: _("Choisissez un sujet dans la liste."),
    Reason.ITSELF: _("On ne réunit rien avec soi-même. Choisissez-en un autre."),
    Reason.OTHER_SERVICE: _("Ce thème est celui d’un autre service."),
    Reason.ENDED: _("C’est terminé depuis : choisissez dans la liste ce qui existe encore."),
    Reason.NOT_IN_THEME: _(
        "Un des messages choisis n’est plus dans ce thème. Choisissez de nouveau."
    ),
    Reason.NOTHING: _("Cochez au moins un message."),
    Reason.EVERYTHING: _(
        "Vous avez choisi tous les messages : il n’y a rien à séparer. Laissez-en au moins un."
    ),
    Reason.NOT_TWO: _("Cochez exactement deux messages."),
    Reason.TIED: _(
        "Un message choisi est lié « toujours ensemble » à un autre. "
        "Choisissez-les tous les deux, ou retirez le lien."
    ),
    Reason.APART_THERE: _(
        "Le thème d’arrivée contient un message marqué « jamais ensemble » avec un de ceux-ci. "
        "Retirez d’abord ce lien."
    ),
    Reason.CONTRADICTS: _(
        "Ces deux messages portent déjà le lien contraire, directement ou par un troisième. "
        "Retirez-le d’abord."
    ),
    Reason.KEPT_APART: _(
        "Vous avez demandé que ces deux thèmes ne soient jamais réunis. Retirez d’abord ce lien."
    ),
    Reason.TOO_LATE: _(
        "Un changement plus récent touche la même chose. Annulez-le d’abord, s’il peut l’être."
    ),
    Reason.LOCKED: _(
        "Ce thème est verrouillé : rien n’y entre depuis la liste. "
        "Déverrouillez-le d’abord sur sa page."
    ),
    Reason.LOCKED_THERE: _(
        "Un des retours cochés est dans un thème verrouillé. "
        "Décochez-le, ou déverrouillez d’abord ce thème sur sa page."
    ),
    Reason.NOT_MEANT: _(
        "L’auteur d’un des retours cochés a dit qu’il ne parle pas de ce thème. Décochez-le."
    ),
    Reason.NOT_READ: _(
        "Un des retours cochés n’a pas de texte, ou l’analyse ne l’a pas encore lu. Décochez-le."
    ),
}


class Refused(Exception):
    """An edit that cannot be, with its ``reason``."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def sentence(self) -> str:
        """The reason in words for the person who tried."""
        return str(SENTENCES[self.reason])


class EmptyName(Refused):
    """A theme needs a name."""

    def __init__(self) -> None:
        super().__init__(Reason.EMPTY_NAME)


def checked_name(name: str) -> str:
    """Return ``name`` without stray blanks, 120 characters at most; raise ``EmptyName``."""
    name = " ".join(name.split())[:120].strip()
    if not name:
        raise EmptyName
    return name

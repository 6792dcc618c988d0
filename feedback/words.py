"""The words that the desk uses for codes: roles, journal verbs, states, verdicts."""

from flask_babel import lazy_gettext as _

from feedback.models import CommitmentState as C
from feedback.models import ThreadState as T
from feedback.models import Verdict
from feedback.moderation import Decision
from feedback.moderation_items import WhyHeld
from feedback.publication import ASKED, LEFT_PAGE, NO_LONGER

ROLE_NAMES = {
    "author": _("Auteur"),
    "rule": _("Règle écrite"),
    "reader": _("Lecteur"),
    "promoter": _("Équipe"),
    "moderator": _("Modération"),
    "expert": _("Expertise"),
    "facilitator": _("Animation"),
    "mediator": _("Médiation"),
    "relay": _("Relais"),
    "administrator": _("Administration"),
}
VERB_NAMES = {
    "sent": _("a envoyé le retour"),
    "consented": _("a lu à la personne ce qu’elle devait savoir ; elle a accepté"),
    "took code": _("a pris son code"),
    "changed code": _("a changé son code"),
    "kept code": _("a gardé son code"),
    "opened": _("a ouvert le retour"),
    "listed": _("a vu le retour dans une liste"),
    "answered": _("a écrit dans l’échange"),
    "committed": _("a pris ou modifié un engagement"),
    "announced": _("a annoncé un changement"),
    "confirmed": _("a confirmé"),
    "contested": _("a contesté"),
    "moderated": _("a décidé"),
    "exported": _("a exporté le retour"),
    "grouped": _("a rangé le retour dans un thème"),
    "ungrouped": _("a sorti le retour d’un thème"),
    "not meant": _("a dit qu’un thème n’est pas ce qu’il voulait dire"),
    "meant after all": _("a remis son retour dans un thème"),
    "corrected": _("a corrigé le retour"),
    ASKED: _("a demandé la publication du retour"),
    NO_LONGER: _("a renoncé à la publication du retour"),
    LEFT_PAGE: _("a retiré le retour de la page publique"),
    "objected": _("s’est opposé à l’analyse"),
    "reported": _("a signalé le texte publié"),
    "contested level": _("a contesté le niveau d’urgence"),
    "agreed": _("a laissé l’équipe lire le retour"),
    "noted": _("a pris une note pour l’équipe"),
    "masked again": _("a masqué de nouveau des noms"),
}
THREAD_NAMES = {
    T.NONE: _("Aucune réponse attendue"),
    T.WAITING: _("L’auteur attend une réponse"),
    T.ANSWERED: _("Répondu"),
    T.REPLIED: _("L’auteur a réécrit"),
    T.SETTLED: _("Réglé, dit l’auteur"),
    T.LAPSED: _("Sans suite depuis 60 jours"),
}
COMMITMENT_NAMES = {
    C.LATE: _("En retard"),
    C.DUE: _("À tenir aujourd’hui"),
    C.REOPENED: _("Rouvert"),
    C.PROMISED: _("Promis"),
    C.CLAIMED: _("Annonce à vérifier"),
    C.ANNOUNCED: _("Annoncé"),
    C.UNVERIFIED: _("Annoncé, sans avis des auteurs"),
    C.CONFIRMED: _("Confirmé par les auteurs"),
    C.DROPPED: _("Abandonné"),
}
COMMITMENT_RINGS = {
    C.LATE: "answered",
    C.DUE: "answered",
    C.REOPENED: "contested",
    C.PROMISED: "answered",
    C.CLAIMED: "answered",
    C.ANNOUNCED: "answered",
    C.UNVERIFIED: "answered",
    C.CONFIRMED: "confirmed",
    C.DROPPED: "withdrawn",
}
VERDICT_NAMES = {
    Verdict.CONFIRMED: _("Oui, c’est réglé"),
    Verdict.PARTLY: _("En partie"),
    Verdict.NOT: _("Non"),
    Verdict.NO_LONGER: _("Ne les concerne plus"),
}
PUBLIC_VERDICTS = {
    Verdict.CONFIRMED: _("C’est réglé"),
    Verdict.PARTLY: _("En partie"),
    Verdict.NOT: _("Ça ne l’est pas"),
    Verdict.NO_LONGER: _("Ne me concerne plus"),
}
DANGER_NAMES = {
    "suicide": _("idées de suicide"),
    "violence": _("violence"),
    "threat": _("menace"),
    "child": _("enfant en danger"),
    "abuse": _("maltraitance"),
    "medical": _("urgence médicale"),
    "homeless": _("sans abri"),
    "online": _("violence en ligne"),
    "declared": _("tort grave déclaré"),
}
WHY_HELD_NAMES = {
    WhyHeld.DANGER: _("Danger possible"),
    WhyHeld.APPEAL: _("L’auteur fait appel"),
    WhyHeld.NAMES: _("Noms pas encore masqués"),
    WhyHeld.SERVICE: _("Le service demande une relecture"),
    WhyHeld.PEER: _("Réponse d’un autre usager"),
    WhyHeld.WISH: _("L’auteur veut publier"),
    WhyHeld.CLAIM: _("Une réponse annonce un changement"),
    WhyHeld.RECOGNISABLE: _("L’équipe pourrait reconnaître l’auteur"),
    WhyHeld.AGREED: _("L’auteur laisse l’équipe lire"),
    WhyHeld.LEVEL: _("L’auteur conteste l’urgence"),
    WhyHeld.CHANGE: _("Une équipe annonce un changement"),
    WhyHeld.CONTEST: _("Un changement est contesté"),
    WhyHeld.NOTICE: _("Un texte public est signalé"),
    WhyHeld.MESSAGE: _("Un auteur a réécrit"),
}
DECISION_NAMES = {
    Decision.OPEN: _("Ouvrir à l’équipe"),
    Decision.PUBLISH: _("Publier"),
    Decision.DECLINE: _("Ne pas publier : l’équipe seule lit ce texte"),
    Decision.UNPUBLISH: _("Retirer de la page publique"),
    Decision.RETURN: _("Rendre à l’auteur pour correction"),
    Decision.REFUSE: _("Refuser"),
    Decision.HOLD: _("Retenir"),
    Decision.WAIT: _("Laisser du temps : l’équipe pourrait reconnaître l’auteur"),
}

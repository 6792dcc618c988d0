"""The words of the page that finds the right door: questions, duties, and why."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from app.matrix import CLASS_NAMES
from app.said import as_said
from feedback.door_suggestion import Suggestion
from feedback.routing import About, Duty, Reporter, Way

ABOUT_NAMES = {
    About.EVENT: _("un événement de santé : chute, malaise, aggravation"),
    About.MEDICINE: _("un médicament"),
    About.DEVICE: _("un dispositif médical, appareil ou logiciel"),
    About.SECURITY: _("un incident de sécurité informatique"),
    About.DATA: _("des données personnelles"),
    About.RIGHTS: _("un droit refusé, une discrimination, l’accès à un service public"),
    About.COMMERCE: _("une pratique commerciale"),
    About.STAY: _("un séjour à l’hôpital"),
    About.OTHER: _("autre chose"),
}
REPORTER_NAMES = {
    Reporter.MANUFACTURER: _("le fabricant ou l’éditeur"),
    Reporter.PROFESSIONAL: _("un professionnel de santé"),
    Reporter.USER: _("un usager ou un proche"),
    Reporter.ESTABLISHMENT: _("un établissement ou l’organisme qui porte le service"),
}
DUTY_NAMES = {
    Duty.MUST: _("doit le faire"),
    Duty.MAY: _("peut le faire"),
    Duty.CLOSED: _("ne déclare pas ici"),
}
HARM_NAMES = {
    "injury": _("une blessure"),
    "hospital": _("une hospitalisation"),
    "emergency": _("une urgence"),
    "care": _("un soin manqué"),
    "medicine": _("un médicament"),
    "record": _("un mauvais dossier"),
    "leak": _("une fuite de données"),
    "money": _("de l’argent perdu"),
    "rights": _("un droit perdu"),
    "declared": _("un tort déclaré"),
    "decided": _("un dommage, dit un modérateur"),
}
NOT_A_CHANNEL = _(
    "Boucle n’est pas un canal de vigilance : rien de ce qui s’écrit ici n’est transmis à une "
    "autorité. Une personne fait la déclaration, à la porte indiquée."
)


def why_of(way: Way, about: About) -> str:
    """Return why ``way`` is a door for ``about``."""
    if way.by_device:
        return gettext(
            "Une fonctionnalité de diagnostic, de soin ou d’aide à la décision est derrière : "
            "le service est peut-être un dispositif médical."
        )
    return gettext("Le signal porte sur %(about)s.", about=ABOUT_NAMES[about])


def reasons_of(found: Suggestion) -> list[str]:
    """Return what the machine's proposal rests on, one sentence each."""
    told = []
    if found.words:
        named = ", ".join(f"« {word} »" for word in found.words)
        told.append(gettext("Le nom du signal contient %(words)s.", words=as_said(named)))
    for kind, count in sorted(found.harms.items(), key=lambda pair: (-pair[1], pair[0])):
        named = str(HARM_NAMES.get(kind, kind))
        told.append(
            ngettext(
                "%(num)d retour nomme %(harm)s.",
                "%(num)d retours nomment %(harm)s.",
                count,
                harm=named,
            )
        )
    if found.functionality is not None:
        told.append(
            gettext(
                "La fonctionnalité « %(name)s » est de la classe « %(kind)s ».",
                name=as_said(found.functionality.name),
                kind=CLASS_NAMES[found.functionality.kind],  # type: ignore[index]
            )
        )
    return told or [gettext("Aucun mot connu ne désigne une porte.")]

"""What people call the jobs of the clock."""

from flask_babel import lazy_gettext as _

JOB_NAMES = {
    "purge": _("Effacer ce qui a fait son temps"),
    "retain": _("Effacer les retours arrivés à leur terme"),
    "recount": _("Vérifier les comptes"),
    "count_figures": _("Compter les chiffres des services"),
    "refresh": _("Ranger les thèmes"),
    "encode_effects": _("Lire les effets connus"),
    "look": _("Chercher des signaux"),
    "check_watch": _("Vérifier la veille sur son passé"),
    "silence": _("Chercher les publics peu entendus"),
    "watch_releases": _("Suivre les versions surveillées"),
    "dates": _("Suivre les échéances"),
    "recognise": _("Chercher si quelqu’un serait reconnu"),
    "digest": _("Composer les synthèses"),
    "mask_names": _("Masquer les noms"),
    "bounces": _("Lire les courriels revenus"),
    "nags": _("Rappeler ce qui attend"),
    "remind_moderators": _("Rappeler aux modérateurs ce qui attend"),
    "bursts": _("Alerter d’un afflux de retours"),
}

"""The names of channels as people read them."""

from flask_babel import lazy_gettext as _

from feedback.models import Channel

CHANNEL_NAMES = {
    Channel.WEB: _("site"),
    Channel.LINK: _("lien court"),
    Channel.POSTER: _("affiche"),
    Channel.WIDGET: _("bouton d’un autre site"),
    Channel.PAPER: _("papier"),
    Channel.MEDIATOR: _("avec un médiateur"),
    Channel.WORKSHOP: _("atelier"),
    Channel.IMPORT: _("import"),
    Channel.API: _("échange entre logiciels"),
    Channel.PEER: _("réponse à un retour publié"),
}

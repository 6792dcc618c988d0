"""The help numbers for a device: what it needs to show the right ones while somebody types.

The words typed never leave the device: it fetches this once, the same for everybody.
"""

from functools import cache

from flask import Response, jsonify
from flask_babel import gettext as _

from app.access import public
from app.web import written_day
from feedback import help_numbers
from feedback.views import bp
from nlp.phrases import device_phrases

bp.add_app_template_global(help_numbers.numbers_for, "help_numbers_for")
bp.add_app_template_global(help_numbers.checked, "help_numbers_checked")
bp.add_app_template_global(help_numbers.kinds_in, "dangers_in")


@bp.get("/aide.json", endpoint="help_for_devices")
@public
def for_devices() -> Response:
    """Give the words of danger that a device looks for, and the numbers by kind."""
    numbers, checked = help_numbers.table()
    return jsonify(
        title=_("Si vous êtes en danger, appelez maintenant"),
        lead=_("Personne ne peut vous rappeler depuis ce site. Ces numéros sont gratuits."),
        checked=_("Numéros vérifiés le %(day)s.", day=written_day(checked)),
        always=list(help_numbers.ALWAYS),
        numbers=[[n.number, n.how, n.what, sorted(n.kinds)] for n in numbers],
        words=_words(),
    )


@cache
def _words() -> dict[str, list[str]]:
    return device_phrases("danger_on_device.txt")

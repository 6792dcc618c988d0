"""The line of an imported table of reference, beside a service's own standing."""

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from app.axes import number
from app.said import as_said
from feedback.models import Scale
from feedback.reference_digests import Beside


def beside_words(line: Beside) -> str:
    """Return the line of an imported table with its label; another question says which."""
    about = {
        "where": _("la région") if line.place else _("la France"),
        "label": as_said(line.label),
        "source": as_said(line.source),
        "day": format_date(line.day, "MMMM y"),
        "value": number(round(line.value, 1)),
        "n": format_decimal(line.n),
    }
    told = {
        Scale.MEAN: _("%(value)s sur 10", **about),
        Scale.FACES: _("%(value)s sur 10", **about),
        Scale.SHARE: _("%(value)s « Très bien » sur 100", **about),
        Scale.OTHER: _("%(value)s sur %(top)s", top=number(line.top), **about),
    }[line.scale]
    said = _(
        "%(label)s, pour %(where)s : %(told)s, sur %(n)s réponses (%(source)s, %(day)s).",
        told=told,
        **about,
    )
    if line.scale is not Scale.OTHER:
        return str(said)
    return str(
        _(
            "%(said)s Autre question, non comparée : « %(words)s ».",
            said=said,
            words=as_said(line.words),
        )
    )

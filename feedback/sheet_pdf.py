"""Printed sheets: one to fold around a code, and a service's form with a strip to tear off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.catalogue import Service
from app.matrix import Risk
from feedback import receipts, sheets
from feedback.question_sets import every_question, risk_of
from feedback.question_shapes import Kind, Question
from feedback.questions import G2
from feedback.sheets import Printed
from feedback.typeset import pdf_from, qr_picture

LONG, SHORT = 14, 5  # lines to write on


def folded_sheets(printed: Sequence[Printed], day: date) -> bytes:
    """Return one page for each sheet: number on top, code under it, a flap to fold over it."""
    said = _common(printed) | {
        "title": _("Feuilles de suivi"),
        "heading": _("Votre code de suivi est dans le pli"),
        "outside": [
            _("Personne d’autre que vous n’ouvre cette feuille."),
            _("Le numéro ci-dessous sert à relier votre retour. Il n’ouvre rien."),
        ],
        "fold": _("Pliez ici, vers le haut, puis agrafez."),
        "inside": _("Votre code"),
        "flap": _("Ce rabat cache le code."),
    }
    return pdf_from("sheets.typ", said, day)


def forms_with_strip(printed: Sequence[Printed], service: Service, day: date) -> bytes:
    """Return the form of ``service`` for each sheet, with a strip that the person keeps."""
    said = _common(printed) | _form(service, day)
    return pdf_from("forms.typ", said, day)


def _common(printed: Sequence[Printed]) -> dict[str, Any]:
    base: Any = current_app.config["BASE_URL"].rstrip("/")
    address = base + url_for("feedback.code")
    return {
        "language": str(get_locale() or "fr"),
        "sheets": [[sheets.written(s.number), receipts.grouped(s.code)] for s in printed],
        "number": _("Feuille"),
        "address": address,
        "where": _("Pour lire la réponse, ouvrez :"),
        "qr": qr_picture(address),
        "qr_name": _("QR de la page de suivi"),
        "advice": [
            _("La première fois, changez ce code : d’autres l’ont imprimé."),
            _("Il n’ouvre rien ? Quelqu’un l’a pris avant vous : dites-le au service."),
            _("Gardez-le : nous ne pouvons pas vous le redonner."),
        ],
    }


def _form(service: Service, day: date) -> dict[str, Any]:
    consent = current_app.config["LEGAL_BASIS"] == "consent"
    return {
        "title": _("Formulaire à imprimer"),
        "service": service.name,
        "purpose": f"{service.purpose} {service.organisation.name}.",
        "rule": _("Une seule réponse suffit. N’écrivez ni nom, ni numéro, ni adresse."),
        "clinical": _("Ceci n’est pas une évaluation clinique. En cas d’urgence, appelez le 15.")
        if risk_of(service, None) is Risk.HIGH
        else "",
        "parts": _parts(service, day),
        "consent": _("J’accepte que l’équipe du service lise et analyse mon texte masqué.")
        if consent
        else "",
        "notice": _(
            "L’équipe de %(organisation)s lit votre texte masqué, pour vous répondre et améliorer "
            "le service. Il reste %(num)s mois au plus. Vos droits : %(address)s",
            organisation=service.organisation.name,
            num=service.kept_months,
            address=current_app.config["BASE_URL"].rstrip("/") + url_for("pages.rights"),
        ),
        "hand_in": _(
            "Où remettre cette feuille : %(place)s (%(hours)s). Téléphone : %(phone)s.",
            place=service.place,
            hours=service.hours,
            phone=service.phone,
        ),
        "danger": _(
            "En danger ? Appelez le 15, le 112 ou, par SMS, le 114. Personne ne peut vous rappeler."
        ),
        "tear": _("Détachez cette bande avant de remettre la feuille, et gardez-la."),
        "inside": _("Votre code de suivi"),
    }


def _parts(service: Service, day: date) -> list[dict[str, Any]]:
    """Return the questions in the order of the page and of the screen where they are typed."""
    names = {f.id: f.name for f in service.functionalities}
    found = []
    for question in every_question(service, day):
        found.append(_part(question, names.get(question.when.functionality_id or 0, "")))
        if question is G2 and len(names) > 1:
            words = _("De quelle fonction parlez-vous ?")
            found.append(_blank(words) | {"options": list(names.values())})
    return found


def _blank(words: Any) -> dict[str, Any]:
    return {"words": str(words), "hints": [], "lines": 0, "place": False, "options": []}


def _part(question: Question, about: str) -> dict[str, Any]:
    hints = [_("Si vous parlez de « %(name)s ».", name=about)] if about else []
    hints += [str(question.hint)] if question.hint else []
    if question is G2:
        hints = [_("Ce qui s’est passé, où, ce que vous auriez voulu.")]
    options = question.ways if question.is_text else question.options
    return _blank(question.words) | {
        "hints": hints,
        "lines": (LONG if question is G2 else SHORT) if question.is_text else 0,
        "place": question.kind is Kind.PLACE,
        "options": [str(words) for _value, words in options],
    }

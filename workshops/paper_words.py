"""What is wrong with lines typed from paper, in words, and the sheets to print."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from feedback.typeset import pdf_from, qr_picture
from workshops import paper
from workshops.board import LONGEST_CARD
from workshops.models import Phase, Workshop
from workshops.paper_lines import Fault
from workshops.report_words import plain

BOXES = 4  # cards on paper for each question
_FAULTS: dict[str, Callable[[int], str]] = {
    "empty": lambda _figure: _("écrivez au moins une ligne"),
    "many": lambda figure: _("%(most)s lignes au plus à la fois", most=figure),
    "prompt": lambda figure: _("il n’y a que %(count)s questions", count=figure),
    "words": lambda _figure: _("il manque les mots de l’idée"),
    "long": lambda figure: _(
        "%(count)s caractères, pour %(most)s au plus", count=figure, most=LONGEST_CARD
    ),
    "number": lambda _figure: _("des numéros de groupe, et rien d’autre"),
    "cells": lambda figure: _(
        "une ligne de tableau a %(count)s cases, une par groupe", count=figure
    ),
    "group": lambda figure: _("les groupes vont de 1 à %(count)s", count=figure),
    "budget": lambda figure: _("%(most)s votes au plus par bulletin", most=figure),
    "cap": lambda figure: _("%(most)s votes au plus sur un même groupe", most=figure),
}


def told(fault: Fault) -> str:
    """Return « Ligne 3 : … »."""
    return _("Ligne %(line)s : %(what)s.", line=fault.line, what=_FAULTS[fault.name](fault.figure))


def sheets(workshop: Workshop, day: date, address: str) -> bytes:
    """Return what a room writes on: cards for each question and, at the vote, a ballot."""
    said: dict[str, Any] = {
        "language": str(get_locale()),
        "title": workshop.title,
        "service": workshop.service.name,
        "cards": _("Une idée par case. Pas de nom : ni le vôtre, ni celui d’un autre."),
        "promise": _(
            "La personne qui anime recopie vos idées. Personne ne saura qui les a écrites."
        ),
        "prompts": [f"{n}. {prompt}" for n, prompt in enumerate(workshop.prompts, 1)],
        "boxes": BOXES,
        "join": _("Avec un téléphone : filmez le dessin, ou ouvrez l’adresse et tapez le code."),
        "code": f"{workshop.code[:3]} {workshop.code[3:]}",
        "address": address,
        "qr": qr_picture(address),
        "qr_name": _("QR code de la séance"),
        "ballot": _ballot(workshop),
    }
    return pdf_from("paper.typ", said, day)


def _ballot(workshop: Workshop) -> dict[str, Any] | None:
    if workshop.phase != Phase.VOTE:
        return None
    rows = paper.ballot_rows(workshop)
    return {
        "title": _("Bulletin"),
        "rule": _(
            "Cochez %(each)s cases au plus, dont %(most)s au plus sur une même ligne.",
            each=workshop.votes_each,
            most=workshop.votes_per_group,
        ),
        "names": [f"{n}. {plain(row.title)}" for n, row in enumerate(rows, 1)],
        "boxes": workshop.votes_per_group,
    }

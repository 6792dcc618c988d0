"""Reads another instance's file of evaluations: what is wrong with it, or with one of its rows.

Stores nothing. Faults are sentences for a person.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.floors import FLOOR
from app.matrix import FunctionalityClass
from feedback.csv_files import BadFile
from feedback.evaluations import SCHEMA, Cells, HalfYear, Row, choices_of, seal_of
from feedback.models import Channel

MOST_BYTES = 4 * 2**20  # some ten thousand rows
MOST_ROWS = 20_000
KINDS = frozenset(kind.value for kind in FunctionalityClass)
CHANNELS = frozenset(channel.value for channel in Channel)
_INSTANCE = re.compile(r"[0-9a-f]{32}")
_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PERIOD = re.compile(r"(20[0-9]{2})-S([12])")  # \d would let other scripts' digits in, a key apart


class BadRow(ValueError):
    """One row says what it may not; the message is for a person."""


@dataclass(frozen=True)
class EvaluationsRead:
    """What a good file holds: its rows, and [row number, sentence] of each that is refused."""

    instance: str
    name: str
    made: date
    seal: str
    rows: tuple[Row, ...]
    faults: tuple[tuple[int, str], ...]


def read(data: bytes, day: date) -> EvaluationsRead:
    """Return what ``data`` holds. Raises `BadFile` when nothing of it can be used."""
    held = _parsed(data)
    instance, made = held.get("instance"), _day(held.get("made"))
    if held.get("schema") != SCHEMA or not isinstance(instance, dict):
        raise BadFile([_("Ce n’est pas un fichier d’évaluations de Boucle, ou sa version change.")])
    if held.get("seal") != seal_of(held):
        raise BadFile([_("Le sceau ne correspond pas : le fichier a été changé ou coupé.")])
    number, name = instance.get("id"), instance.get("name")
    if not isinstance(number, str) or not _INSTANCE.fullmatch(number):
        raise BadFile([_("Le fichier ne dit pas de quelle instance il vient.")])
    if not isinstance(name, str) or not _is_name(name, 120):
        raise BadFile([_("Le nom de l’instance manque, ou il est trop long.")])
    if made is None or made > day:
        raise BadFile([_("La date du fichier manque, ou elle n’est pas encore venue.")])
    rows, faults = _rows(held.get("rows"), made)
    if not rows:
        raise BadFile(
            [_("Aucune ligne ne peut être lue.")]
            + [_("ligne %(row)d : %(fault)s", row=row, fault=fault) for row, fault in faults[:5]]
        )
    return EvaluationsRead(number, name, made, str(held["seal"]), tuple(rows), tuple(faults))


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise BadFile([_("Le fichier dépasse %(most)d Mo.", most=MOST_BYTES // 2**20)])
    try:
        held = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadFile([_("Ce n’est pas un fichier JSON entier.")]) from None
    if not isinstance(held, dict):
        raise BadFile([_("Ce n’est pas un fichier d’évaluations de Boucle, ou sa version change.")])
    return held


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _rows(held: Any, made: date) -> tuple[list[Row], list[tuple[int, str]]]:
    if not isinstance(held, list) or len(held) > MOST_ROWS:
        raise BadFile([_("Les lignes manquent, ou il y en a plus de %(most)d.", most=MOST_ROWS)])
    rows: dict[tuple[str, str, str, int, str], Row] = {}
    faults: list[tuple[int, str]] = []
    for number, each in enumerate(held, start=1):
        try:
            row = _row(each, made)
            if row.key in rows:
                raise BadRow(_("cette ligne est déjà plus haut dans le fichier."))
            rows[row.key] = row
        except BadRow as bad:
            faults.append((number, str(bad)))
    return list(rows.values()), faults


def _row(held: Any, made: date) -> Row:
    if not isinstance(held, dict) or held.keys() != Row.__dataclass_fields__.keys():
        raise BadRow(_("il manque des champs, ou il y en a d’autres."))
    texts = ("service", "service_name", "kind", "question", "period")
    if not all(isinstance(held[name], str) for name in texts):
        raise BadRow(_("un texte est attendu."))
    if not _SERVICE.fullmatch(held["service"]) or not _is_name(held["service_name"], 80):
        raise BadRow(_("le service n’est pas nommé comme il faut."))
    if held["kind"] not in KINDS:
        raise BadRow(_("« %(code)s » n’est pas une classe connue.", code=held["kind"][:20]))
    version = held["version"] if type(held["version"]) is int else 0
    choices = choices_of(held["question"], version)
    if not choices:
        code = f"{held['question'][:20]}.{version}"
        raise BadRow(_("« %(code)s » n’est pas une question connue ici.", code=code))
    _check_period(held["period"], made)
    n = held["n"]
    if type(n) is not int or n < FLOOR or n > 10**9:
        raise BadRow(_("moins de %(floor)d retours : la ligne ne devait pas sortir.", floor=FLOOR))
    if not isinstance(held["answers"], dict) or held["answers"].keys() != set(choices):
        raise BadRow(_("les réponses ne sont pas celles de la question."))
    if not isinstance(held["channels"], dict) or not held["channels"].keys() <= CHANNELS:
        raise BadRow(_("un canal n’est pas connu."))
    _check_cells(held["answers"], n)
    _check_cells(held["channels"], n)
    return Row(**held)


def _is_name(typed: str, longest: int) -> bool:
    """Say whether a name can be shown and stored: half a pair of UTF-16 cannot."""
    spaced = typed.replace("\u00a0", " ").replace("\u202f", " ")  # before « : » in French
    return 0 < len(typed) <= longest and spaced.isprintable()


def _check_period(period: str, made: date) -> None:
    found = _PERIOD.fullmatch(period)
    if not found:
        raise BadRow(_("la période n’est pas un semestre, comme 2026-S1."))
    if HalfYear(int(found[1]), int(found[2])).end > made:
        raise BadRow(_("le semestre n’était pas fini quand le fichier a été fait."))


def _check_cells(cells: Cells, n: int) -> None:
    """Raise when counts do not make ``n``, or when a small one is shown or can be found."""
    shown: Collection[Any] = [count for count in cells.values() if count is not None]
    if not all(type(count) is int and count >= 0 for count in shown):
        raise BadRow(_("un nombre entier est attendu."))
    if any(0 < count < FLOOR for count in shown):
        raise BadRow(_("un nombre sous %(floor)d est montré.", floor=FLOOR))
    hidden, rest = len(cells) - len(shown), n - sum(shown)
    if (rest < 0) or (rest and not hidden):
        raise BadRow(_("les nombres ne font pas le total."))
    if hidden == 1 or (hidden and rest < FLOOR):
        raise BadRow(_("un nombre caché se retrouve par soustraction."))

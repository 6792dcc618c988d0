"""How many people a service is for, as its team declares it: in all, and by role, age and place."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.catalogue import Service
from app.db import db
from feedback.facets import AGE, PLACE, WHO, Facet
from feedback.models import DeclaredPublic

WHOLE = ""  # the facet of the number in all
PLACES = "places"  # the field of many lines
MOST = 100_000_000  # people: more than the country has
Declared = dict[str, dict[str, int]]  # facet -> value -> people
Faults = list[tuple[str, str]]  # the field, or the facet as a whole, and why not


class BadPublic(Exception):
    """What was typed cannot be kept; ``faults`` says where and why, one sentence each."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(said for _field, said in faults))
        self.faults = faults


def facets_of(service: Service) -> tuple[Facet, ...]:
    """Return the facets that ``service`` declares its public by: no place where law hides it."""
    return (WHO, AGE) if service.anonymous_by_law else (WHO, AGE, PLACE)


def declared(service: Service) -> Declared:
    """Return what ``service`` declared; the number in all stands under ``WHOLE`` twice."""
    found: Declared = {}
    query = select(DeclaredPublic).where(DeclaredPublic.service_id == service.id)
    for row in db.session.scalars(query.order_by(DeclaredPublic.id)):
        found.setdefault(row.facet, {})[row.value] = row.people
    return found


def people_in_all(found: Declared) -> int | None:
    """Return the number in all, or None when none was declared."""
    return found.get(WHOLE, {}).get(WHOLE)


def declared_on(service: Service) -> date | None:
    """Return the last day on which ``service`` declared anything, or None."""
    query = select(DeclaredPublic.declared).where(DeclaredPublic.service_id == service.id)
    return db.session.scalars(query.order_by(DeclaredPublic.declared.desc()).limit(1)).first()


def declare(service: Service, numbers: Declared, day: date) -> None:
    """Put ``numbers`` in place of what ``service`` declared. Adds and flushes."""
    db.session.execute(delete(DeclaredPublic).where(DeclaredPublic.service_id == service.id))
    for facet, values in numbers.items():
        for value, people in values.items():
            row = DeclaredPublic(facet=facet, value=value, people=people, declared=day)
            row.service_id = service.id
            db.session.add(row)
    db.session.flush()


def read(service: Service, typed: Mapping[str, str]) -> Declared:
    """Return the numbers of a form: ``all``, then ``G6:usager`` …, and ``places`` one a line.

    Raise ``BadPublic`` with every fault; an empty field declares nothing.
    """
    faults: Faults = []
    numbers: Declared = {}
    for facet, value, words, text in _typed(service, typed, faults):
        people = _number(text)
        if people is None:
            said = _("%(what)s : écrivez un nombre entier, sans texte.", what=words)
            faults.append((field_of(facet, value), said))
        elif people:
            numbers.setdefault(facet, {})[value] = people
    faults += _too_many(numbers)
    if faults:
        raise BadPublic(faults)
    return numbers


def field_of(facet: str, value: str) -> str:
    """Return the name of the form's field that a number stands in."""
    if facet == PLACE.code:
        return PLACES
    return f"{facet}:{value}" if facet else "all"


def _typed(
    service: Service, typed: Mapping[str, str], faults: Faults
) -> Iterator[tuple[str, str, str, str]]:
    """Yield facet, value, their words and what was typed for them."""
    yield WHOLE, WHOLE, str(_("En tout")), typed.get("all", "")
    for facet in facets_of(service):
        if facet is PLACE:
            yield from _places(typed.get(PLACES, ""), faults)
            continue
        for value, words in facet.values.items():
            yield facet.code, value, str(words), typed.get(field_of(facet.code, value), "")


def _places(text: str, faults: Faults) -> Iterator[tuple[str, str, str, str]]:
    known: set[str] = set()
    for line in filter(None, (each.strip() for each in text.splitlines())):
        code, _colon, people = (part.strip() for part in line.partition(":"))
        value = PLACE.value_named(code)
        if value is None:
            unknown = _("« %(line)s » : ce département n’est pas connu.", line=line[:40])
            faults.append((PLACES, unknown))
        elif value in known:
            twice = _("« %(line)s » : ce département est écrit deux fois.", line=line[:40])
            faults.append((PLACES, twice))
        else:
            known.add(value)
            yield PLACE.code, value, line[:40], people


def _number(text: str) -> int | None:
    """Return the people typed, 0 for an empty field, None for what is no number."""
    digits = re.sub(r"[\s\u00a0\u202f.]", "", text)
    if not digits:
        return 0
    return int(digits) if digits.isdecimal() and int(digits) <= MOST else None


def _too_many(numbers: Declared) -> Faults:
    """Say which facet has more people than there are in all."""
    whole = people_in_all(numbers)
    return [
        (
            PLACES if facet is PLACE else facet.code,
            _(
                "%(facet)s : la somme, %(sum)d, dépasse le public en tout, %(all)d.",
                facet=facet.words,
                sum=sum(numbers[facet.code].values()),
                all=whole,
            ),
        )
        for facet in (WHO, AGE, PLACE)
        if whole is not None and sum(numbers.get(facet.code, {}).values()) > whole
    ]

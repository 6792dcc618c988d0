"""What narrows the inbox: read from an address, checked against what exists, written back.

A value that names nothing is left out and told, so that no list is silently other than asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts import Account
from app.catalogue import Functionality, Release, Service
from app.db import db
from app.said import as_said
from feedback.assignments import colleagues_of
from feedback.channels import CHANNEL_NAMES
from feedback.departements import DEPARTEMENTS
from feedback.models import Theme, ThreadState

LONGEST_WORDS = 100  # characters of a search
NOBODY = "personne"
PUBLISHED = "publie"
STATE_NAMES = {
    ThreadState.WAITING.value: _("attend une première réponse"),
    ThreadState.REPLIED.value: _("l’auteur a répondu"),
    ThreadState.ANSWERED.value: _("répondu"),
    ThreadState.SETTLED.value: _("réglé, dit l’auteur"),
    ThreadState.LAPSED.value: _("sans suite"),
    ThreadState.NONE.value: _("n’attend rien"),
    PUBLISHED: _("publié"),
}
FACES = {"0": _("Pas bien"), "5": _("Moyen"), "10": _("Très bien")}
NAMES = {
    "service": _("Service"),
    "theme": _("Thème"),
    "functionality": _("Fonctionnalité"),
    "release": _("Version"),
    "place": _("Lieu"),
    "channel": _("Canal"),
    "state": _("État"),
    "face": _("Avis"),
    "holder": _("Confié à"),
}
PARAMETERS = {
    "service": "service",
    "theme": "theme",
    "functionality": "fonction",
    "release": "version",
    "place": "lieu",
    "channel": "canal",
    "state": "etat",
    "face": "note",
    "holder": "confie",
    "words": "mots",
}


class View(StrEnum):
    """A view of the inbox, as its address names it."""

    TO_ANSWER = "a-repondre"
    LATE = "en-retard"
    SOON = "bientot"
    UNREAD = "non-lus"
    MINE = "a-moi"
    CONTESTED = "contestes"
    ALL = "tous"


@dataclass(frozen=True)
class Filters:
    """What narrows a view; an empty value narrows nothing."""

    service: str = ""  # a slug
    theme: str = ""  # a theme's id
    functionality: str = ""  # ids, as an address holds them
    release: str = ""
    place: str = ""  # a département's code
    channel: str = ""
    state: str = ""  # of STATE_NAMES
    face: str = ""  # 0, 5 or 10
    holder: str = ""  # an account's id, or NOBODY
    words: str = ""
    page: int = 1

    def __bool__(self) -> bool:
        return bool(self.narrows or self.words)

    @property
    def narrows(self) -> bool:
        """Say whether something else than words narrows the list."""
        return any(getattr(self, name) for name in NAMES)

    def as_query(self) -> dict[str, Any]:
        """Return the filters as the parameters of an address, the empty ones left out."""
        named: dict[str, Any] = {
            parameter: getattr(self, name) for name, parameter in PARAMETERS.items()
        }
        named["page"] = self.page if self.page > 1 else ""
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Choice:
    """One filter that is offered, with (value, words) of each option."""

    name: str  # of the field of Filters
    options: Sequence[tuple[str, str]]

    @property
    def parameter(self) -> str:
        """What the address calls it."""
        return PARAMETERS[self.name]

    @property
    def label(self) -> str:
        """What the page calls it."""
        return str(NAMES[self.name])


@dataclass(frozen=True)
class Asked:
    """The filters of an address that name something, and the labels of those that do not."""

    filters: Filters
    unknown: tuple[str, ...] = ()


def read_filters(asked: Mapping[str, str]) -> Filters:
    """Return what an address asks for, unchecked."""
    page = asked.get("page", "1")
    found = {name: asked.get(each, "").strip() for name, each in PARAMETERS.items()}
    found["words"] = found["words"].replace("\x00", "")[:LONGEST_WORDS]
    number = int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 1
    return Filters(**found, page=max(1, number))


def checked(filters: Filters, choices: Sequence[Choice]) -> Asked:
    """Return ``filters`` without the values that ``choices`` do not offer."""
    offered = {choice.name: {value for value, _words in choice.options} for choice in choices}
    unknown = [
        name
        for name in NAMES
        if getattr(filters, name) and getattr(filters, name) not in offered.get(name, ())
    ]
    nothing: dict[str, Any] = dict.fromkeys(unknown, "")
    kept = replace(filters, **nothing)
    return Asked(kept, tuple(str(NAMES[name]) for name in unknown))


def choices_of(services: Sequence[Service], account: Account) -> tuple[Choice, ...]:
    """Return the filters that make sense for these services; a constant number of queries."""
    ids = [service.id for service in services]
    colleagues = [(str(each.id), each.name) for each in colleagues_of(ids)]
    return (
        Choice("service", [(each.slug, as_said(each.name)) for each in services]),
        Choice("theme", _themes(ids)),
        Choice("functionality", _named(Functionality, Functionality.name, ids)),
        Choice("release", _named(Release, Release.number, ids)),
        Choice("place", list(DEPARTEMENTS)),
        Choice("channel", [(key.value, str(name)) for key, name in CHANNEL_NAMES.items()]),
        Choice("state", [(key, str(name)) for key, name in STATE_NAMES.items()]),
        Choice("face", [(key, str(name)) for key, name in FACES.items()]),
        Choice("holder", [(NOBODY, str(_("personne"))), *colleagues]),
    )


def _named(model: Any, column: Any, service_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Return the rows of several services, each with its service's name where there are several."""
    query = select(model.id, column, Service.name).join(Service, Service.id == model.service_id)
    rows = db.session.execute(query.where(Service.id.in_(service_ids)).order_by(column, model.id))
    several = len(service_ids) > 1
    return [(str(i), as_said(f"{name} · {of}" if several else name)) for i, name, of in rows]


def _themes(service_ids: Sequence[int]) -> list[tuple[str, str]]:
    query = select(Theme.id, Theme.name).where(
        Theme.service_id.in_(service_ids), Theme.ended.is_(None)
    )
    return [
        (i, as_said(name)) for i, name in db.session.execute(query.order_by(Theme.name, Theme.id))
    ]

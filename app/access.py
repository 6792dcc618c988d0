"""Who is asking, and which rows they may see: the golden table of model.md §5 as data.

Every view carries one of three marks, ``public``, ``author`` or ``staff``; a test walks the routes
and refuses one without. Rows of services are limited by ``limit`` alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from flask_security import current_user
from sqlalchemy import ColumnElement, false, select, true

from app.accounts import Account, Role
from app.author_session import current_author
from app.catalogue import Service, service_by_slug
from app.traces import Actor


class Verb(StrEnum):
    """What staff may do; the rows of the golden table."""

    SEND_FOR = "send for"
    READ = "read a feedback"
    ANSWER = "answer, commit, announce"
    MODERATE = "publish, return, refuse, hold"
    READ_THEMES = "read themes"
    ARRANGE_THEMES = "arrange themes"
    ARRANGE_SUBJECTS = "arrange subjects"
    READ_SIGNALS = "read signals"
    QUALIFY = "qualify signals"
    READ_INDICATORS = "read indicators"
    KEEP_LOG = "log visits, write lessons"
    READ_SESSIONS = "read sessions"
    RUN_SESSIONS = "run sessions"
    ANSWER_PROPOSALS = "answer proposals"
    CONFIGURE = "services, functionalities, clock, questions"
    ADMINISTER = "accounts, jobs, backups, settings"


class Scope(StrEnum):
    """How far a role's right reaches."""

    TEAM = "own services"
    ALL = "all services"
    TERRITORY = "own territory"


_P, _M, _E, _F = Role.PROMOTER, Role.MODERATOR, Role.EXPERT, Role.FACILITATOR
_R, _A = Role.RELAY, Role.ADMINISTRATOR

# An expert reads feedback inside signals only, a facilitator runs their own sessions only: these
# limits are kept by ``feedback.signals`` and ``workshops.sessions``, on top of this table.
MAY: dict[Verb, dict[Role, Scope]] = {
    Verb.SEND_FOR: {Role.MEDIATOR: Scope.ALL},
    Verb.READ: {_P: Scope.TEAM, _M: Scope.ALL},
    Verb.ANSWER: {_P: Scope.TEAM},
    Verb.MODERATE: {_M: Scope.ALL},
    Verb.READ_THEMES: {_P: Scope.TEAM, _M: Scope.ALL, _E: Scope.ALL},
    Verb.ARRANGE_THEMES: {_P: Scope.TEAM, _M: Scope.ALL},
    Verb.ARRANGE_SUBJECTS: {_M: Scope.ALL, _E: Scope.ALL},
    Verb.READ_SIGNALS: {_P: Scope.TEAM, _M: Scope.ALL, _E: Scope.ALL},
    Verb.QUALIFY: {_E: Scope.ALL},
    Verb.READ_INDICATORS: {_P: Scope.TEAM, _M: Scope.ALL, _E: Scope.ALL, _R: Scope.TERRITORY},
    Verb.KEEP_LOG: {_R: Scope.TERRITORY},
    Verb.READ_SESSIONS: {_P: Scope.TEAM, _F: Scope.ALL, _R: Scope.TERRITORY},
    Verb.RUN_SESSIONS: {_F: Scope.ALL},
    Verb.ANSWER_PROPOSALS: {_P: Scope.TEAM},
    Verb.CONFIGURE: {_P: Scope.TEAM, _A: Scope.ALL},
    Verb.ADMINISTER: {_A: Scope.ALL},
}


class AuthorLeft(Exception):
    """The author's half hour is over, and a form of their page was sent."""


class StaffLeft(Exception):
    """The session of a member of staff is over, and a form of the desk was sent."""


@dataclass(frozen=True)
class Mark:
    """Who may open a view: ``public``, ``author`` (holder of a code) or ``staff`` with a verb."""

    kind: str
    verbs: tuple[Verb, ...] = ()
    writes: bool = False  # a GET that writes the journal takes the write lock


View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that anybody may open."""
    view.access = Mark("public")  # type: ignore[attr-defined]
    return view


def author(view: View) -> View:
    """Mark a view for the holder of a code; it gets the feedback's id as first argument."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        feedback_id = current_author()
        if feedback_id is None:
            if request.method == "POST":
                raise AuthorLeft  # what was typed must not be lost on the way to the code
            return redirect(url_for("feedback.code"), 303)
        return view(feedback_id, *args, **kwargs)

    guarded.access = Mark("author", writes=True)  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def staff(*verbs: Verb, writes: bool = False) -> Callable[[View], View]:
    """Mark a view for staff who may do any of ``verbs``; no verb: any member of staff."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                if request.method == "POST":
                    raise StaffLeft  # what was typed must not be lost on the way to the passphrase
                return redirect(url_for("security.login", next=request.full_path), 303)
            if verbs and not any(may(current_user, verb) for verb in verbs):
                abort(403)
            return view(*args, **kwargs)

        guarded.access = Mark("staff", verbs, writes)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def may(account: Account, verb: Verb) -> bool:
    """Say whether the account's roles hold ``verb`` anywhere at all."""
    return account.is_authenticated and bool(account.role_names & MAY[verb].keys())


def limit(
    service_id: ColumnElement[int] | Any, account: Account, verb: Verb
) -> ColumnElement[bool]:
    """Return the condition that keeps rows of the services where ``account`` holds ``verb``.

    Args:
        service_id: the column that names the row's service.
    """
    scopes = {scope for role, scope in MAY[verb].items() if role in account.role_names}
    if Scope.ALL in scopes:
        return true()
    reach: ColumnElement[bool] = false()
    if Scope.TEAM in scopes:
        reach = reach | service_id.in_(account.service_ids)
    if Scope.TERRITORY in scopes and account.territory_code:
        near = select(Service.id).where(Service.territory_code == account.territory_code)
        reach = reach | service_id.in_(near)
    return reach


def reaches(service: Service, account: Account, verb: Verb) -> bool:
    """Say whether ``account`` holds ``verb`` on ``service``."""
    scopes = {scope for role, scope in MAY[verb].items() if role in account.role_names}
    own_territory = (
        service.territory_code is not None and service.territory_code == account.territory_code
    )
    return (
        Scope.ALL in scopes
        or (Scope.TEAM in scopes and service.id in account.service_ids)
        or (Scope.TERRITORY in scopes and own_territory)
    )


def service_or_404(slug: str, verb: Verb | None = None) -> Service:
    """Return the service at ``slug``; 404 when there is none, or no ``verb`` on it is held."""
    service = service_by_slug(slug)
    if service is None or (verb and not reaches(service, current_user, verb)):
        abort(404)
    return service


def actor_of(account: Account, verb: Verb) -> Actor:
    """Return ``account`` as the journal names it: the role with ``verb``, the organisation."""
    roles = [role for role in MAY[verb] if role in account.role_names]
    return Actor(roles[0].value if roles else "staff", account.organisation.name)

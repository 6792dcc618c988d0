"""A process: the sessions, trials and releases of one undertaking over the life of a service.

Its keeper is a facilitator; the service's team and its relay read what is closed. The map of
several sites is ``synthesis.py``, the diary of a trial ``diaries.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.accounts import Account
from app.catalogue import Release, Service
from app.db import db
from feedback.release_effect import Effect, effect_of
from workshops import crew, sessions
from workshops.around_models import KeptCode
from workshops.models import CardGroup, Phase, Proposal, Workshop
from workshops.process_models import DiaryEntry, PanelSeat, Process, Trial

STEPS: dict[str, Any] = {  # in the order of a service's life
    "explore": _("Explorer"),
    "codesign": _("Concevoir ensemble"),
    "trial": _("Essayer le prototype"),
    "retest": _("Essayer à nouveau"),
}
TITLE = 120  # characters, as the column
LATER_STEPS: dict[str, Any] = {"release": _("Version"), "effect": _("Effet mesuré")}


class OtherService(Exception):
    """A session of another service cannot join the process."""


@dataclass(frozen=True)
class Panel:
    """How many holders of a code the process has, and how many came back for each step."""

    codes: int
    wrote: int  # in a diary
    came_back: dict[str, int]  # by session


@dataclass(frozen=True)
class Delivered:
    """A release that carried what a proposal of the process asked for."""

    release: Release
    proposal: Proposal
    effect: Effect | None


def create(service: Service, keeper: Account, title: str, aim: str, day: date) -> Process:
    """Return a new process of ``service``."""
    process = Process(service=service, keeper=keeper, title=title, aim=aim, made=day)
    db.session.add(process)
    db.session.flush()
    return process


def gather_sites(plan: sessions.Plan, sites: Sequence[str], keeper: Account, day: date) -> Process:
    """Return a process with one session of ``plan`` for each site."""
    process = create(plan.service, keeper, plan.title, "", day)
    for site in sites:
        title = f"{plan.title[: TITLE - len(site) - 3]} · {site}"
        attach(process, sessions.create(replace(plan, title=title), keeper, day), "explore", site)
    return process


def kept_by(account: Account, process_id: str) -> Process | None:
    """Return the process if ``account`` keeps it, else None."""
    process = db.session.get(Process, process_id)
    return process if process and process.keeper_id == account.id else None


def readable_by(account: Account) -> list[Process]:
    """Return the processes that ``account`` keeps or whose service it reads, by title."""
    services = sessions.read_services(account)
    reach = (Process.keeper_id == account.id) | Process.service_id.in_(services)
    query = select(Process).where(reach).order_by(Process.made.desc(), Process.title)
    return list(db.session.scalars(query))


def sessions_of(process: Process, account: Account) -> list[Workshop]:
    """Return the sessions of ``process`` that ``account`` may read, in the order of their days."""
    query = select(Workshop).where(Workshop.process_id == process.id)
    if process.keeper_id != account.id:
        own = crew.runs(account.id)
        query = query.where(own | (Workshop.phase == Phase.CLOSED.value))
    return list(db.session.scalars(query.order_by(Workshop.day, Workshop.site, Workshop.title)))


def free_sessions(process: Process) -> list[Workshop]:
    """Return the keeper's sessions of the same service that stand in no process yet."""
    query = select(Workshop).where(
        Workshop.facilitator_id == process.keeper_id,
        Workshop.service_id == process.service_id,
        Workshop.process_id.is_(None),
        ~Workshop.is_dry_run,
    )
    return list(db.session.scalars(query.order_by(Workshop.day.desc(), Workshop.title)))


def attach(process: Process, workshop: Workshop, step: str, site: str = "") -> None:
    """Put a session into the process at ``step``; raise ``OtherService``."""
    if workshop.service_id != process.service_id:
        raise OtherService(workshop.id)
    workshop.process_id, workshop.step, workshop.site = process.id, step, site[:80]
    db.session.flush()


def detach(workshop: Workshop) -> None:
    """Take a session out of its process: it keeps its own report, the map loses its groups."""
    workshop.process_id, workshop.step, workshop.site = None, "", ""
    workshop.mapped_since = None
    query = select(CardGroup).where(CardGroup.workshop_id == workshop.id)
    for group in db.session.scalars(query):
        group.shared_id = None
    db.session.flush()


def trials_of(process: Process) -> list[Trial]:
    """Return the trials of ``process``, the first first."""
    query = select(Trial).where(Trial.process_id == process.id)
    return list(db.session.scalars(query.order_by(Trial.starts, Trial.title)))


def panel_of(process: Process, rooms: Sequence[Workshop]) -> Panel:
    """Return the panel's figures: for a retest, how many of the earlier panel came back."""
    ours = select(KeptCode.id).join(Workshop, Workshop.id == KeptCode.workshop_id)
    codes = set(db.session.scalars(ours.where(Workshop.process_id == process.id)))
    wrote = (
        select(func.count(func.distinct(DiaryEntry.code_id)))
        .join(Trial, Trial.id == DiaryEntry.trial_id)
        .where(Trial.process_id == process.id)
    )
    came = {room.id: _came_back(room) for room in rooms}
    return Panel(len(codes), db.session.scalar(wrote) or 0, came)


def _came_back(room: Workshop) -> int:
    """Return how many codes of other sessions took part in ``room``."""
    query = (
        select(func.count())
        .select_from(PanelSeat)
        .join(KeptCode, KeptCode.id == PanelSeat.code_id)
        .where(PanelSeat.workshop_id == room.id, KeptCode.workshop_id != room.id)
    )
    return db.session.scalar(query) or 0


def proposals_of(rooms: Sequence[Workshop]) -> list[Proposal]:
    """Return the proposals of the sessions, the oldest first."""
    query = select(Proposal).where(Proposal.workshop_id.in_([room.id for room in rooms]))
    return list(db.session.scalars(query.order_by(Proposal.made, Proposal.title)))


def delivered(proposals: Sequence[Proposal], day: date) -> list[Delivered]:
    """Return the releases that carried proposals, with the effect on their theme if known."""
    found = []
    for proposal in proposals:
        promise = proposal.commitment
        if promise is None or promise.release is None:
            continue
        effect = effect_of(promise.release, promise.theme, day) if promise.theme else None
        found.append(Delivered(promise.release, proposal, effect))
    return found


def missing_steps(
    rooms: Sequence[Workshop], trials: Sequence[Trial], carried: Sequence[Delivered]
) -> list[str]:
    """Return the names of the steps that the process has not come to: listed, not hidden."""
    done = {room.step for room in rooms} | ({"trial"} if trials else set())
    done |= {"release"} if carried else set()
    done |= {"effect"} if any(each.effect and each.effect.sentences for each in carried) else set()
    return [str(name) for key, name in {**STEPS, **LATER_STEPS}.items() if key not in done]

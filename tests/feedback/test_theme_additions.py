"""Putting whole retours into a theme: from others, from none, as one edit that is undone whole."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import traces
from app.catalogue import Service
from app.db import db
from feedback import bonds, theme_additions, theme_edits, theme_moves, theme_undo
from feedback.bulk_placing import sort_out
from feedback.models import (
    BondKind,
    Feedback,
    PlacedBy,
    Placement,
    SegmentBond,
    Theme,
    ThemeEvent,
)
from feedback.theme_refusals import Reason, Refused
from tests import factories
from tests.factories import TODAY
from tests.feedback import theme_town
from tests.feedback.theme_town import TEAM, photograph, placements, retours

pytestmark = pytest.mark.usefixtures("in_app")
Town = dict[str, Theme]


@pytest.fixture
def service(in_app: None) -> Service:
    return factories.service()


@pytest.fixture
def town(service: Service) -> Town:
    return theme_town.town(service)


def loose(town: Town, theme: str = "Carte") -> Feedback:
    """Return a retour that stands in no theme."""
    row = factories.retour(town[theme].service, text="Le bouton est caché.")
    placement = theme_town.placed(row, town[theme])
    db.session.delete(placement)
    db.session.flush()
    db.session.expire_all()
    return row


def rows(ids: Iterable[str]) -> list[Feedback]:
    return [db.session.get_one(Feedback, each) for each in ids]


def add(town: Town, feedbacks: list[Feedback], theme: str = "Export") -> ThemeEvent | None:
    return theme_additions.add(town[theme], feedbacks, TEAM, TODAY)[0]


def verbs(feedback: Feedback) -> list[str]:
    return [entry["verb"] for entry in traces.journal(feedback.id)]


def test_retours_of_other_themes_and_of_none_come_in_and_go_back(town: Town) -> None:
    free = loose(town)
    mixed = [free, *rows(retours(town["Carte"])[:2]), *rows(retours(town["Rappel"])[:1])]
    before = photograph()
    event, changed = theme_additions.add(town["Export"], mixed, TEAM, TODAY)
    assert event is not None
    assert changed == {each.id for each in mixed}
    assert set(retours(town["Export"])) >= changed
    kept = db.session.scalars(select(Placement).where(Placement.theme_id == town["Export"].id))
    assert {p.by for p in kept if p.segment.feedback_id in changed} == {PlacedBy.PERSON}
    assert all(verbs(each)[-1] == "grouped" for each in mixed)
    assert theme_undo.undo(event, TEAM, TODAY)
    db.session.flush()
    db.session.expire_all()
    assert photograph() == before
    assert verbs(free)[-1] == "ungrouped"


def test_what_stands_there_already_is_no_edit(town: Town) -> None:
    assert add(town, rows(retours(town["Export"]))) is None
    assert list(db.session.scalars(select(ThemeEvent))) == []


def test_every_sentence_of_a_retour_goes(town: Town) -> None:
    first = placements(town["Carte"])[0]
    first.segment.start, one = 6, first.segment.feedback
    db.session.flush()
    theme_town.placed(one, town["Rappel"], 1)
    assert add(town, [one]) is not None
    assert one.id not in retours(town["Carte"]) + retours(town["Rappel"])
    assert retours(town["Export"]).count(one.id) == 2


def test_what_the_team_took_out_can_be_put_into_a_theme(town: Town) -> None:
    one = retours(town["Carte"])[0]
    theme_moves.move(town["Carte"], [one], None, TEAM, TODAY)
    assert add(town, rows([one]), "Carte") is not None
    assert one in retours(town["Carte"])


@pytest.mark.parametrize(
    "reason",
    [
        Reason.LOCKED,
        Reason.LOCKED_THERE,
        Reason.NOT_MEANT,
        Reason.NOT_READ,
        Reason.ENDED,
        Reason.OTHER_SERVICE,
        Reason.TIED,
        Reason.APART_THERE,
    ],
)
def test_what_may_not_be_is_refused_and_changes_nothing(town: Town, reason: Reason) -> None:
    chosen = rows(retours(town["Carte"])[:2])
    _forbid(town, chosen, reason)
    db.session.flush()
    before = photograph()
    with pytest.raises(Refused) as refused:
        add(town, chosen)
    assert refused.value.reason is reason
    assert photograph() == before


def _forbid(town: Town, chosen: list[Feedback], reason: Reason) -> None:
    carte, export = town["Carte"], town["Export"]
    if reason is Reason.LOCKED:
        theme_edits.lock(export, TODAY, TEAM)
    elif reason is Reason.LOCKED_THERE:
        theme_edits.lock(carte, TODAY, TEAM)
    elif reason is Reason.NOT_MEANT:
        theme_moves.move(carte, [chosen[0].id], export, TEAM, TODAY)
        theme_edits.contest(chosen[0], export, TODAY)
    elif reason is Reason.NOT_READ:
        chosen.append(factories.retour(carte.service, text=None))
    elif reason is Reason.ENDED:
        export.ended = TODAY
    elif reason is Reason.OTHER_SERVICE:
        chosen.append(factories.retour(factories.service()))
    elif reason is Reason.TIED:
        bonds.keep_together(placements(carte)[:1], placements(carte)[3:], TEAM, TODAY)
    else:
        bonds.keep_apart(placements(export)[:1], placements(carte)[:1], TEAM, TODAY)


def test_an_author_who_takes_the_word_back_is_heard_when_it_is_undone(town: Town) -> None:
    free = loose(town)
    event = add(town, [free])
    assert event is not None
    theme_edits.contest(free, town["Export"], TODAY + timedelta(days=1))
    assert theme_undo.undo(event, TEAM, TODAY + timedelta(days=2))
    kept = db.session.scalars(select(Placement)).all()
    mine = [p for p in kept if p.segment.feedback_id == free.id]
    assert [(p.theme_id, p.contested) for p in mine] == [(town["Export"].id, True)]


def test_a_bond_keeps_its_retour_and_whoever_it_ties_and_nobody_else() -> None:
    service = factories.service()
    target, apart = theme_town.theme(service, "Arrivée"), theme_town.theme(service, "Départ")
    rows = [factories.retour(service, text=f"Phrase numéro {n}.") for n in range(6)]
    ids = [theme_town.placed(row, apart).segment_id for row in rows[:5]]
    there = theme_town.placed(rows[5], target).segment_id
    for one, other, kind in (
        (ids[0], there, BondKind.APART),  # never with one that stands there
        (ids[1], ids[0], BondKind.TOGETHER),  # goes nowhere without the first
        (ids[2], ids[3], BondKind.TOGETHER),  # both come: nothing keeps them
    ):
        one, other = sorted((one, other))
        bond = SegmentBond(one_id=one, other_id=other, kind=kind.value, day=TODAY)
        bond.service_id, bond.role = service.id, "promoter"
        db.session.add(bond)
    db.session.flush()
    stayed = sort_out(target, rows[:5])
    assert set(stayed) == {rows[0].id, rows[1].id}
    assert set(stayed.values()) <= {Reason.APART_THERE, Reason.TIED}
    assert set(sort_out(target, [rows[2]])) == {rows[2].id}  # its other half stays behind

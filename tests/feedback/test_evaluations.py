"""Evaluations that instances share: floors going out, and nothing counted twice coming in."""

import io
import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts import Role
from app.db import db
from app.traces import Trace
from feedback import evaluation_imports as imports
from feedback.csv_files import BadFile
from feedback.evaluation_page import pools
from feedback.evaluation_reader import MOST_BYTES, read
from feedback.evaluations import HalfYear, document, own_rows, seal_of, whole_half_years
from feedback.models import Answer, EvaluationCount, EvaluationFile, Feedback, State
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in

SPRING = date(2026, 3, 2)
OTHER = "f" * 32


def town(bad: int = 12, middling: int = 15, good: int = 20, **values: Any) -> Any:
    """Return a service of one class that heard these faces in the first half of 2026."""
    service = factories.service(slug="suivi", name="Suivi")
    part = factories.functionality(service)
    for face, n in ((0, bad), (5, middling), (10, good)):
        for _each in range(n):
            factories.retour(service, face=face, functionality_id=part.id, day=SPRING, **values)
    return service


def sealed(**changes: Any) -> bytes:
    """Return a good file of another instance, with ``changes``, sealed anew."""
    row = {
        "service": "suivi",
        "service_name": "Suivi",
        "kind": "self_monitoring",
        "question": "G1",
        "version": 1,
        "period": "2026-S1",
        "n": 60,
        "answers": {"0": 15, "5": 20, "10": 25},
        "channels": {"web": 40, "paper": 20},
    }
    held: dict[str, Any] = {
        "schema": "boucle-evaluations/1",
        "instance": {"id": OTHER, "name": "CHU d’ailleurs"},
        "made": "2026-07-10",
        "floor": 11,
        "rows": [row],
    }
    held |= {key: value for key, value in changes.items() if key in held}
    row |= {key: value for key, value in changes.items() if key in row}
    return json.dumps({**held, "seal": seal_of(held)}).encode()


def taken(data: bytes) -> EvaluationFile:
    """Import and keep a file."""
    file = imports.begin(data, TODAY)
    imports.keep(file)
    return file


def counted() -> tuple[int, int]:
    """Return how many rows are kept, and the retours that they count."""
    query = select(func.count(), func.coalesce(func.sum(EvaluationCount.n), 0))
    return tuple(db.session.execute(query).one())  # type: ignore[return-value]


def test_half_years_end_with_the_last_whole_one() -> None:
    found = [each.name for each in whole_half_years(date(2025, 8, 1), date(2026, 7, 1))]
    assert found == ["2025-S2", "2026-S1"]
    assert list(whole_half_years(date(2026, 7, 1), date(2026, 12, 31))) == []
    assert HalfYear(2026, 2).end == date(2027, 1, 1)


@pytest.mark.usefixtures("in_app")
def test_counts_leave_by_service_class_question_and_half_year() -> None:
    town()
    row = own_rows(TODAY)[0]
    assert row.key == ("suivi", "self_monitoring", "G1", 1, "2026-S1")
    assert (row.n, row.answers) == (47, {"0": 12, "5": 15, "10": 20})
    assert row.channels == {"web": 47}


@pytest.mark.usefixtures("in_app")
def test_other_closed_questions_leave_too_and_traits_never() -> None:
    town()
    for retour in db.session.scalars(select(Feedback)):
        for code, value in (("G4", "alone"), ("G7", "75-"), ("G5", "Une surprise")):
            db.session.add(
                Answer(feedback_id=retour.id, question=code, status="given", value=value)
            )
    db.session.flush()
    found = {row.question: row.answers for row in own_rows(TODAY)}
    assert found.keys() == {"G1", "G4"}
    assert found["G4"] == {"alone": 47, "helped": 0, "no": 0}


@pytest.mark.usefixtures("in_app")
def test_a_small_cell_is_hidden_with_another_and_a_small_row_stays() -> None:
    town(bad=2, middling=15, good=20)
    assert own_rows(TODAY)[0].answers == {"0": None, "5": None, "10": 20}
    assert own_rows(TODAY, floor=38) == []


@pytest.mark.usefixtures("in_app")
def test_what_was_withdrawn_or_refused_and_the_half_year_that_runs_do_not_leave() -> None:
    service = town(state=State.REFUSED.value)
    for _each in range(20):
        factories.retour(service, day=TODAY, functionality_id=service.functionalities[0].id)
    assert own_rows(TODAY) == []


@pytest.mark.usefixtures("in_app")
def test_what_leaves_one_instance_is_read_by_another_and_adds_to_its_counts() -> None:
    town()
    held = document(TODAY, "Ici")
    held["instance"] = {"id": OTHER, "name": "Ailleurs"}  # as if the other one had written it
    held["seal"] = seal_of(held)
    file = taken(json.dumps(held, ensure_ascii=False).encode())
    assert (file.added, file.faults) == (len(held["rows"]), [])
    pool = pools(own_rows(TODAY))[0]
    assert [(source.name, source.n) for source in pool.sources] == [("", 47), ("Ailleurs", 47)]
    assert pool.n == 94
    assert [share.percent for share in pool.sources[1].shares] == [26, 32, 43]


@pytest.mark.usefixtures("in_app")
def test_all_sources_have_one_share_together_unless_one_hides_it() -> None:
    town()  # 12, 15 and 20 of 47
    taken(sealed())  # 15, 20 and 25 of 60
    (pool,) = pools(own_rows(TODAY))
    assert [share.percent for share in pool.shares] == [25, 33, 42]
    other = {"service": "autre", "answers": {"0": None, "5": None, "10": 35}, "made": "2026-08-01"}
    taken(sealed(**other))
    (pool,) = pools(own_rows(TODAY))
    assert [share.percent for share in pool.shares] == [None, None, 48]


@pytest.mark.usefixtures("in_app")
def test_its_own_file_does_not_come_back_in() -> None:
    town()
    with pytest.raises(BadFile, match="vient d’ici"):
        imports.begin(json.dumps(document(TODAY, "Ici")).encode(), TODAY)
    assert db.session.scalar(select(func.count()).select_from(EvaluationFile)) == 0


@pytest.mark.usefixtures("in_app")
def test_the_same_file_and_the_same_rows_in_another_file_count_once() -> None:
    taken(sealed())
    with pytest.raises(imports.KnownFile):
        imports.begin(sealed(), TODAY)
    again = taken(sealed(made="2026-08-01"))  # the same rows in a later file
    assert (again.added, again.renewed) == (0, 0)
    imports.keep(again)
    assert counted() == (1, 60)


@pytest.mark.usefixtures("in_app")
def test_of_an_overlapping_file_only_what_is_new_is_added() -> None:
    taken(sealed())
    first = json.loads(sealed())["rows"][0]
    both = [first, {**first, "period": "2025-S2", "n": 60}]
    assert taken(sealed(rows=both, made="2026-09-01")).added == 1
    assert counted() == (2, 120)


@pytest.mark.usefixtures("in_app")
def test_a_newer_file_corrects_and_an_older_one_changes_nothing() -> None:
    taken(sealed())
    fewer = {"n": 59, "answers": {"0": 14, "5": 20, "10": 25}, "channels": {"web": 59}}
    assert taken(sealed(made="2026-10-01", **fewer)).renewed == 1
    assert counted() == (1, 59)
    assert taken(sealed(made="2026-07-11")).renewed == 0
    assert counted() == (1, 59)


@pytest.mark.usefixtures("in_app")
def test_removing_a_file_takes_its_counts_away() -> None:
    imports.remove(taken(sealed()))
    assert counted() == (0, 0)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "JSON entier"),
        (b"[" * 100_000, "JSON entier"),
        (b"\xff\xfe", "JSON entier"),
        (b'{"n": NaN}', "JSON entier"),
        (b"[]", "pas un fichier d’évaluations"),
        (b"{}", "pas un fichier d’évaluations"),
        (b" " * (MOST_BYTES + 1), "dépasse 4 Mo"),
        (sealed().replace(b'"n": 60', b'"n": 90'), "sceau"),
        (sealed(schema="boucle-evaluations/2"), "sa version change"),
        (sealed(instance={"id": "../x", "name": "x"}), "quelle instance"),
        (sealed(instance={"id": OTHER, "name": ""}), "nom de l’instance"),
        (sealed(made="2999-01-01"), "pas encore venue"),
        (sealed(rows={}), "Les lignes manquent"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_nothing_is_stored(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        imports.begin(data, TODAY)
    assert db.session.scalar(select(func.count()).select_from(EvaluationFile)) == 0


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "astrology"}, "pas une classe connue"),
        ({"question": "G9"}, "pas une question connue"),
        ({"version": 7}, "pas une question connue"),
        ({"version": True}, "pas une question connue"),
        ({"period": "2026-03"}, "pas un semestre"),
        ({"period": "2026-S2"}, "pas fini"),
        ({"n": 10}, "moins de 11"),
        ({"n": 61}, "ne font pas le total"),
        ({"answers": {"0": 5, "5": 30, "10": 25}}, "sous 11 est montré"),
        ({"answers": {"0": None, "5": 35, "10": 20}}, "par soustraction"),
        ({"answers": {"0": None, "5": None, "10": 55}}, "par soustraction"),
        ({"answers": {"0": "15", "5": 20, "10": 25}}, "nombre entier"),
        ({"answers": {"1": 60}}, "celles de la question"),
        ({"channels": {"pigeon": 60}}, "canal"),
        ({"service": "Suivi !"}, "nommé"),
        ({"service_name": 3}, "texte est attendu"),
    ],
)
def test_a_row_that_may_not_be_is_refused_with_its_reason(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadFile) as refused:
        read(sealed(**changes), TODAY)
    assert said in refused.value.faults[1]
    good = json.loads(sealed())["rows"][0]
    bad = json.loads(sealed(**changes))["rows"][0]
    found = read(sealed(rows=[{**good, "service": "autre"}, bad, good, good]), TODAY)
    assert [row.service for row in found.rows] == ["autre", "suivi"]
    assert [number for number, _said in found.faults] == [2, 4]


def _upload(client: FlaskClient, data: bytes) -> Any:
    return post(
        client, "/equipe/evaluations", {"file": (io.BytesIO(data), "f.json")},
        content_type="multipart/form-data",
    )  # fmt: skip


def test_an_administrator_looks_before_counting_and_a_relay_sees_the_provenance(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        town()
        sign_in(client, factories.account(Role.ADMINISTRATOR))
    refused = _upload(client, b"{")
    assert refused.status_code == 422
    assert "JSON entier" in refused.text
    place = _upload(client, sealed()).headers["Location"]
    assert "1 ligne nouvelle" in client.get(place).text
    assert "107" not in client.get("/equipe/evaluations").text  # not counted yet
    assert post(client, f"{place}/garder").status_code == 303
    with writing(app):
        sign_in(client, factories.account(Role.RELAY))
    page = client.get("/equipe/evaluations").text
    assert "CHU d’ailleurs" in page
    assert "107" in page  # 47 here and 60 there
    assert client.get("/equipe/evaluations/evaluations.json").status_code == 403


def test_the_export_is_a_file_that_reads_itself_and_leaves_a_line_in_the_journal(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        town()
        sign_in(client, factories.account(Role.ADMINISTRATOR))
    answer = client.get("/equipe/evaluations/evaluations.json")
    assert answer.mimetype == "application/json"
    with app.test_request_context():
        assert read(answer.data, TODAY).rows[0].n == 47
    again = client.get("/equipe/evaluations/evaluations.json")
    assert again.json
    assert answer.json
    assert again.json["instance"] == answer.json["instance"]
    with app.app_context():
        said = [t.payload for t in db.session.scalars(select(Trace)) if t.payload]
    assert [(p["verb"], p["detail"]) for p in said] == [("export", "évaluations")] * 2

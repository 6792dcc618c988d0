"""Reference tables: read as spreadsheets write them, reported, kept by a person, compared."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import tasks
from app.accounts import Role
from app.catalogue import Service
from app.days import now
from app.db import db, will_write
from app.territories import load_territories
from feedback import references
from feedback.csv_files import BadFile, decoded, rows
from feedback.models import FaceCount, ReferenceDigest, ReferenceRow, ReferenceTable, Scale
from feedback.reference_columns import guess
from feedback.reference_digests import MOST_UNITS, thinned
from feedback.reference_digests import references as references_of
from feedback.standing import Measure, Scope, Why, standing
from feedback.standing_words import said
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in
from tests.feedback.citizen import soup_of

KIND = "self_monitoring"
FORM = {
    "label": "Baromètre inventé",
    "source": "Chiffres inventés",
    "day": "2025-12-31",
    "kind": KIND,
    "scale": "mean",
    "words": "",
    "top": "",
}
ESATIS = (
    "Niveau;Établissement;Région;Réponses;Note\r\n"
    "France;;;12 480;7,1\r\n"
    "région;;Auvergne-Rhône-Alpes;1 640;7,3\r\n"
    "unité;Hôpital A;Auvergne-Rhône-Alpes;214;6,8\r\n"
    "unité;Hôpital B;Bretagne;120;8,2\r\n"
    "unité;Hôpital C;42;60;5,5\r\n"
).encode("cp1252")


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> FlaskClient:
    with writing(app):
        load_territories()
        sign_in(client, factories.account(Role.ADMINISTRATOR))
    return client


def upload(client: FlaskClient, data: bytes, **changes: str) -> Any:
    form = {**FORM, **changes, "file": (io.BytesIO(data), "table.csv")}
    return post(client, "/equipe/references", form, content_type="multipart/form-data")


def load(client: FlaskClient, data: bytes, **changes: str) -> str:
    """Upload ``data``, take the columns as guessed, and return the table's address."""
    answer = upload(client, data, **changes)
    assert answer.status_code == 303, words(answer)
    page = soup_of(client.get(answer.location))
    chosen = {
        str(each["name"]): str(option["value"])
        for each in page.select("main select")
        if (option := each.select_one("option[selected]"))
    }
    assert post(client, f"{answer.location}/colonnes", chosen).status_code == 303
    return str(answer.location)


def words(answer: Any) -> str:
    return (
        " ".join(soup_of(answer).get_text(" ").split()).replace("\xa0", " ").replace("\u202f", " ")
    )


def test_a_file_of_an_old_spreadsheet_is_read_reported_and_kept(
    app: Flask, admin: FlaskClient
) -> None:
    table = load(admin, ESATIS)
    report = words(admin.get(table))
    assert "5 lignes sont bonnes, 0 est écartée." in report
    assert post(admin, f"{table}/garder").status_code == 303
    assert "Cette table est gardée" in words(admin.get(table))
    assert "5 lignes gardées" in words(admin.get("/equipe/references"))
    with app.app_context():
        regions = {row.name: row.region for row in db.session.scalars(select(ReferenceRow))}
        assert regions["Hôpital C"] == regions["Hôpital A"] == "R84"
        assert db.session.scalars(select(ReferenceTable.data)).one() is None


def test_rejected_rows_are_told_by_line_and_the_good_wait_for_a_person(
    app: Flask, admin: FlaskClient
) -> None:
    data = (
        "niveau,nom,territoire,n,moyenne\n"
        'unité,A,42,"31","7,5"\n'
        "unité,B,42,beaucoup,7\n"
        "unité,C,42,31,12\n"
        "canton,D,42,31,5\n"
        "unité,E,Atlantide,31,5\n"
        "unité,A,42,40,5\n"
        "unité,F,42,0,5\n"
        "=1+1,G,42,40,5\n"
    ).encode("utf-8-sig")
    table = load(admin, data)
    report = words(admin.get(table))
    assert "1 ligne est bonne, 7 sont écartées." in report
    assert "3 nombre de réponses « beaucoup » : écrivez un entier" in report
    assert "4 valeur « 12 » : écrivez un nombre de 0 à 10" in report
    assert "5 niveau inconnu « canton »" in report
    assert "6 territoire inconnu « Atlantide »" in report
    assert "7 déjà donnée à la ligne 2" in report
    assert "8 aucune réponse" in report
    assert "9 niveau inconnu « =1+1 »" in report
    with app.app_context():
        assert references_of({KIND}, "R84").units == {}
    post(admin, f"{table}/garder")
    with app.app_context():
        assert len(references_of({KIND}, "R84").units["R84"]) == 1


def test_the_same_file_is_refused_by_name_and_comes_again_once_removed(admin: FlaskClient) -> None:
    table = load(admin, ESATIS)
    again = upload(admin, ESATIS, label="Autre nom")
    assert again.status_code == 422
    assert "Ce fichier est déjà importé : « Baromètre inventé »." in words(again)
    assert soup_of(again).select_one("#label")["value"] == "Autre nom"  # type: ignore[index]
    assert post(admin, f"{table}/retirer").status_code == 303
    assert upload(admin, ESATIS).status_code == 303


def test_each_fault_of_the_form_stands_at_its_field(admin: FlaskClient) -> None:
    answer = upload(admin, b"", label=" ", day="hier", scale="other", top="-1")
    assert answer.status_code == 422
    page = soup_of(answer)
    for name in ("file", "label", "day", "words", "top"):
        described = str(page.select_one(f"#{name}")["aria-describedby"])  # type: ignore[index]
        assert f"{name}-error" in described
        assert page.select_one(f"#{name}-error")


def test_columns_must_be_named_once_and_exist(admin: FlaskClient) -> None:
    table = upload(admin, ESATIS).location
    bad = post(admin, f"{table}/colonnes", {"n": "3", "value": "3", "place": "99", "level": "x"})
    assert bad.status_code == 422
    told = words(bad)
    assert "Cette colonne est choisie deux fois." in told
    assert "Cette colonne n’existe pas dans le fichier." in told
    empty = post(admin, f"{table}/colonnes", {})
    assert "Dites dans quelle colonne c’est." in words(empty)
    assert empty.status_code == 422


def test_a_long_file_is_read_by_the_worker_and_shows_how_far(
    app: Flask, admin: FlaskClient
) -> None:
    lines = [f"Unité {i};{30 + i % 300};{i % 100 / 10:.1f}".replace(".", ",") for i in range(5_000)]
    table = load(admin, "\n".join(["nom;réponses;note", *lines]).encode())
    assert "Lecture en cours : 0 lignes sur 5 000." in words(admin.get(table))
    with app.app_context():
        will_write()
        key = table.rsplit("/", 1)[1]
        assert tasks.read_reference(key, now()) == "read 5000 rows of reference table 1, rejected 0"
        assert "not to be read" in tasks.read_reference(key, now())
    assert post(admin, f"{table}/garder").status_code == 303
    with app.app_context():
        (digest,) = db.session.scalars(select(ReferenceDigest))
        assert len(digest.units) == MOST_UNITS
        assert sum(unit[3] or 0 for unit in digest.units) == pytest.approx(5_000)


def test_only_an_administrator_enters(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        sign_in(client, factories.account(Role.MODERATOR))
    assert client.get("/equipe/references").status_code == 403


def test_the_sample_is_read_whole(admin: FlaskClient) -> None:
    table = load(admin, admin.get("/equipe/references/modele.csv").data)
    assert "3 lignes sont bonnes, 0 est écartée." in words(admin.get(table))


def rated(bad: int, good: int) -> Service:
    load_territories()
    service = factories.service(territory_code="42")
    factories.functionality(service)
    for face, count in ((0, bad), (10, good)):
        where = {"service_id": service.id, "functionality_id": 0, "channel": "web", "age": ""}
        db.session.add(FaceCount(**where, face=face, retours=count))
    db.session.flush()
    factories.publish()
    return service


def kept(data: bytes, scale: Scale, words: str = "", top: float = 10.0) -> ReferenceTable:
    about = references.About("Table", "Source", date(2025, 12, 31), scale, words, top, KIND)
    table = references.begin(data, about, date(2026, 11, 23))
    references.read(table, lambda: None)
    assert references.keep(table)
    return table


SHARES = b"nom;reponses;part\nA;1000;20\nB;1000;40\nC;1000;90\nD;29;99\n"


def test_units_of_the_same_question_enter_the_distribution(in_app: None) -> None:
    service = rated(300, 700)
    assert standing(service).places == ()
    kept(SHARES, Scale.SHARE)
    (place,) = standing(service).places
    assert (place.scope, place.units, place.measure) == (Scope.FRANCE, 4, Measure.SHARE)
    assert place.below.value == pytest.approx(2 / 3, abs=0.01)


def test_means_are_compared_with_means(in_app: None) -> None:
    service = rated(500, 500)
    kept(b"nom;reponses;note\nA;1000;2\nB;1000;4\nC;1000;9\nD;1000;9,5\n", Scale.MEAN)
    (place,) = standing(service).places
    assert (place.units, place.measure) == (5, Measure.MEAN)
    assert place.below.value == pytest.approx(0.5, abs=0.01)


def test_another_question_stands_beside_and_is_never_mixed(in_app: None) -> None:
    service = rated(300, 700)
    data = b"niveau;nom;n;score\nFrance;;1000;72,7\nunite;A;90;70\nunite;B;90;60\nunite;C;90;80\n"
    kept(data, Scale.OTHER, "Recommanderiez-vous ?", 100)
    found = standing(service)
    assert found.places == ()
    assert found.missing == ((Scope.REGION, Why.TOO_FEW_UNITS),)
    (line,) = said(found).beside
    assert "72.7" in line or "72,7" in line
    assert "Recommanderiez-vous ?" in line


def test_a_removed_table_leaves_nothing(in_app: None) -> None:
    service = rated(300, 700)
    table = kept(SHARES, Scale.SHARE)
    references.remove(table)
    assert standing(service).places == ()
    assert db.session.scalars(select(ReferenceRow)).all() == []


def test_names_of_columns_are_guessed_in_both_languages() -> None:
    french = guess(["Établissement", "Nb. réponses", "Part de « Très bien »"], Scale.SHARE)
    assert french == {"name": 0, "n": 1, "value": 2}
    assert guess(["good", "bad", "fair", "Level"], Scale.FACES) == {
        "level": 3,
        "bad": 1,
        "fair": 2,
        "good": 0,
    }


def test_thinning_keeps_a_short_list_and_the_order_of_a_long_one() -> None:
    assert thinned([[0.1, None, 30, 1.0]]) == [[0.1, None, 30, 1.0]]
    long = thinned([[i / 1000, None, 30, 1.0] for i in range(1000)])
    shares = [unit[0] for unit in long]
    assert shares == sorted(shares)
    assert sum(shares) / len(shares) == pytest.approx(0.4995, abs=0.003)  # type: ignore[arg-type]


cells = st.text(max_size=30)


@given(st.one_of(st.binary(max_size=400), st.lists(st.lists(cells, max_size=6), max_size=8)))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_uploaded_is_read_or_refused_in_words(
    app: Flask, written: bytes | list[list[str]]
) -> None:
    data = (
        written
        if isinstance(written, bytes)
        else "\n".join(";".join(row) for row in written).encode("utf-8", "replace")
    )
    with app.test_request_context():
        about = references.About("T", "S", date(2025, 1, 1), Scale.MEAN, "", 10.0, KIND)
        try:
            assert list(rows(decoded(data))) is not None
            table = references.begin(data, about, date(2026, 1, 1))
            table.columns = {"n": 0, "value": 1, "name": 2, "level": 3, "place": 4}
            references.read(table, lambda: None)
        except BadFile as bad:
            told = bad.faults
        else:
            told = [str(fault) for _line, fault in table.faults]
            assert table.good + table.rejected <= table.lines
        assert all(told)
        db.session.rollback()


@given(
    st.dictionaries(
        st.sampled_from(["label", "source", "day", "kind", "scale", "words", "top"]), cells
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_in_the_form_is_answered(
    admin: FlaskClient, typed: dict[str, str]
) -> None:
    answer = upload(admin, b"n;note\n40;x\n", **typed)
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        post(admin, f"{answer.location}/retirer")

"""Speaking: one page, one required field, no account, no cookie; nothing typed is ever lost."""

import gzip
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import limits
from app.factory import create_app
from feedback import sendings, views
from feedback.models import CommitmentState, Feedback, State, ThreadState
from tests import factories
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback.citizen import (
    TEXT,
    code_of,
    come_back,
    form_key,
    hidden,
    open_service,
    send,
    soup_of,
    words_of,
)


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of a service."""
    return open_service(app, name="Mon suivi tension")


def rows(committed: Session) -> list[Feedback]:
    return list(committed.scalars(select(Feedback)))


def typed(answer: object) -> str:
    area = soup_of(answer).find("textarea", {"name": "text"})
    assert area is not None
    return area.get_text().strip("\r\n")


def test_service_page_says_who_what_and_how_else(client: FlaskClient, slug: str) -> None:
    words = words_of(client.get(f"/s/{slug}"))
    for said in ("Mon suivi tension", "Réseau de santé", "10 jours ouvrés", "Autrement", "place"):
        assert said in words


def test_speaking_sets_no_cookie(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/s/{slug}")
    assert "Set-Cookie" not in page.headers
    receipt = send(client, slug, hidden(page, slug)["key"])
    assert receipt.status_code == 200
    assert "Set-Cookie" not in receipt.headers
    assert "no-store" in receipt.headers["Cache-Control"]


def test_a_retour_is_masked_stored_and_committed(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = send(client, slug)
    (row,) = rows(committed)
    assert "Lemaire" not in str(row.text)
    assert "06 12" not in str(row.text)
    assert row.masked == {"PERSON": 1, "PHONE": 1}
    assert (row.face, row.state, row.thread_state) == (5, State.OPEN, ThreadState.WAITING)
    assert row.reply_due == date(2026, 12, 7)
    assert "Nous avons masqué 2 choses" in words_of(answer)
    assert "Avant le 7 décembre : elle vous répond ici." in words_of(answer)


@pytest.mark.parametrize(("allowed", "told"), [(["Dupont"], "Dupont"), ([], "Personne")])
def test_a_word_that_a_service_lets_through_is_masked_nowhere_and_others_are(
    app: Flask, client: FlaskClient, committed: Session, allowed: list[str], told: str
) -> None:
    own = open_service(app, allowed_words=allowed)
    words = "Mon lecteur Dupont ne marche plus, dit Fatou."
    come_back(client, code_of(send(client, own, text=words)))
    factories.post(client, "/suivi/retour/repondre", {"reply": f"Encore : {words}"})
    page = soup_of(client.get("/suivi/retour"))
    shown = [" ".join(each.get_text().split()) for each in page.select("#exchange .letter .text")]
    masked = f"Mon lecteur {told} ne marche plus, dit Personne."
    assert shown == [masked, f"Encore : {masked}"]
    (row,) = rows(committed)
    assert ("Dupont" in str(row.text), "Fatou" in str(row.text)) == (bool(allowed), False)


def test_code_name_and_number_are_in_no_column(client: FlaskClient, slug: str, app: Flask) -> None:
    code = code_of(send(client, slug))
    database = sqlite3.connect(app.config["INSTANCE"] / "boucle.db")
    dump = "\n".join(database.iterdump())
    database.close()
    for secret in (code, code[:4], "Lemaire", "06 12 34 56 78", "0612345678", "127.0.0.1"):
        assert secret not in dump


def test_the_code_is_in_no_address_of_the_receipt(client: FlaskClient, slug: str) -> None:
    answer = send(client, slug)
    code = code_of(answer)
    for tag in soup_of(answer).find_all(True):
        for name in ("href", "action", "src"):
            assert code not in str(tag.get(name, "")).replace("%20", "")


def test_a_face_alone_is_a_rating_that_waits_for_nothing(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = send(client, slug, face="0", text="  ")
    (row,) = rows(committed)
    assert (row.text, row.face, row.thread_state, row.reply_due) == (None, 0, "none", None)
    assert "votre note compte" in words_of(answer)


def test_a_text_alone_is_enough(client: FlaskClient, slug: str, committed: Session) -> None:
    assert send(client, slug, face="", text="Trop de mots de passe.").status_code == 200
    (row,) = rows(committed)
    assert (row.face, row.text) == (None, "Trop de mots de passe.")


def test_the_same_form_twice_gives_the_same_code_and_one_row(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    key = form_key(client, slug)
    codes = {code_of(send(client, slug, key)) for _ in range(3)}
    assert len(codes) == 1
    assert len(rows(committed)) == 1


def test_twenty_at_once_make_one_row_and_one_code(app: Flask, slug: str) -> None:
    key = form_key(app.test_client(), slug)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: send(app.test_client(), slug, key), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({code_of(answer) for answer in answers}) == 1
    with app.app_context():
        from app.db import db

        assert db.session.scalar(select(func.count()).select_from(Feedback)) == 1


def test_the_same_form_with_other_words_is_told_and_gets_no_code(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    key = form_key(client, slug)
    code = code_of(send(client, slug, key))
    answer = send(client, slug, key, text="Autre chose.")
    assert answer.status_code == 409
    assert "déjà envoyé" in words_of(answer)
    assert code not in re.sub(r"\s", "", answer.text)
    assert typed(answer) == "Autre chose."
    fresh = hidden(answer, slug)["key"]
    assert fresh != key
    assert code_of(send(client, slug, fresh, text="Autre chose.")) != code
    assert len(rows(committed)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"face": "", "text": " \n"}, "Choisissez un visage ou écrivez quelques mots."),
        ({"text": "é" * 5001}, "retirez-en 1."),
        ({"face": "7"}, "Choisissez l’un des trois visages."),
        ({"face": "zéro", "text": "Des mots."}, "Choisissez l’un des trois visages."),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(
    client: FlaskClient, slug: str, committed: Session, fields: dict[str, str], said: str
) -> None:
    answer = send(client, slug, **fields)
    assert answer.status_code == 422
    soup = soup_of(answer)
    assert said in words_of(answer)
    (error,) = soup.select("form p.error")
    assert soup.select(f'[aria-describedby~="{error["id"]}"]')
    summary = soup.find(id="problem")
    assert summary is not None
    assert summary.has_attr("autofocus")
    assert soup.title is not None
    assert soup.title.get_text().startswith("Erreur")
    assert typed(answer).strip() == fields.get("text", TEXT).strip()
    assert rows(committed) == []


def test_a_kept_face_stays_chosen(client: FlaskClient, slug: str) -> None:
    answer = send(client, slug, face="10", text="a" * 5001)
    checked = soup_of(answer).find("input", {"name": "face", "checked": True})
    assert checked is not None
    assert checked["value"] == "10"


def test_5000_characters_as_people_count_them_are_accepted(client: FlaskClient, slug: str) -> None:
    assert send(client, slug, text="👩🏽‍🚒e\u0301" * 2500).status_code == 200


@pytest.mark.parametrize(
    "key",
    ["", "forgé", "a.20261123.b", "x" * 5000, "../..", "0.00000000.0", "\x00"],
)
def test_a_forged_key_is_refused_with_a_fresh_form_and_the_text(
    client: FlaskClient, slug: str, committed: Session, key: str
) -> None:
    answer = client.post(f"/s/{slug}", data={"key": key, "face": "5", "text": TEXT})
    assert answer.status_code == 400
    assert typed(answer) == TEXT
    assert rows(committed) == []
    assert send(client, slug, hidden(answer, slug)["key"]).status_code == 200


def test_a_key_of_another_service_is_refused(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    other = open_service(app)
    answer = send(client, slug, form_key(client, other))
    assert answer.status_code == 400
    assert rows(committed) == []


def test_a_key_holds_for_seven_days(client: FlaskClient, slug: str, clock: StandingClock) -> None:
    key, old = form_key(client, slug), form_key(client, slug)
    clock.forward(days=7)
    assert send(client, slug, key).status_code == 200
    clock.forward(days=1)
    answer = send(client, slug, old)
    assert answer.status_code == 400
    assert typed(answer) == TEXT


def test_unknown_service_is_not_found(client: FlaskClient) -> None:
    assert client.get("/s/inconnu").status_code == 404
    assert client.post("/s/inconnu", data={"text": "x"}).status_code == 404


def test_odd_text_is_kept_as_meant(client: FlaskClient, slug: str, committed: Session) -> None:
    odd = "\x00Bonjour\x07 مرحبا 👍🏽\r\nligne deux"
    assert send(client, slug, text=odd).status_code == 200
    (row,) = rows(committed)
    assert row.text == "Bonjour مرحبا 👍🏽\nligne deux"


def test_bytes_that_are_no_text_do_no_harm(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    body = f"key={form_key(client, slug)}&face=5&text=avant%ED%A0%80apr%C3%A8s"
    answer = client.post(f"/s/{slug}", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    (row,) = rows(committed)
    assert str(row.text).startswith("avant")
    assert str(row.text).endswith("après")


def test_ten_megabytes_are_refused_with_a_way_back(client: FlaskClient, slug: str) -> None:
    answer = send(client, slug, text="a" * 10_000_000)
    assert answer.status_code == 413
    assert "Revenez en arrière" in words_of(answer)


def test_a_locked_database_answers_503_and_keeps_the_text(
    app: Flask, client: FlaskClient, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = form_key(client, slug)
    with app.app_context():
        from app.db import db

        db.engine.dispose()
    monkeypatch.setattr("app.db.BUSY_SECONDS", 0)
    holder = sqlite3.connect(app.config["INSTANCE"] / "boucle.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        answer = send(client, slug, key)
    finally:
        holder.close()
    assert answer.status_code == 503
    assert typed(answer) == TEXT
    assert hidden(answer, slug)["key"] == key
    assert send(client, slug, key).status_code == 200


def spend(app: Flask, clock: StandingClock, count: int) -> None:
    """Count that many sendings of the test's network."""
    with writing(app):
        key = app.config["SECRET_KEY"]
        network = limits.network_of("127.0.0.1")
        limits.take("send", network, count, sendings.SENDS, sendings.WINDOW, clock(), key)


def test_a_hospital_behind_one_address_gets_through_and_a_flood_waits_with_its_text(
    app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    for number in range(25):
        assert send(client, slug, text=f"Retour {number}").status_code == 200
    spend(app, clock, 599 - 25)
    assert send(client, slug).status_code == 200
    answer = send(client, slug)
    assert answer.status_code == 429
    assert typed(answer) == TEXT
    assert "Beaucoup de messages partent de votre réseau." in words_of(answer)
    assert 600 <= int(answer.headers["Retry-After"]) < 660  # noon begins a window of ten minutes
    clock.forward(seconds=int(answer.headers["Retry-After"]))
    assert send(client, slug, hidden(answer, slug)["key"]).status_code == 200


def test_what_is_refused_for_now_costs_no_masking(
    app: Flask,
    client: FlaskClient,
    slug: str,
    clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = form_key(client, slug)
    spend(app, clock, 600)
    monkeypatch.setattr(views, "prepare", lambda *_given: pytest.fail("masked all the same"))
    assert send(client, slug, key).status_code == 429


def test_the_same_form_sent_again_and_again_with_other_words_is_counted(
    client: FlaskClient, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendings, "SENDS", 4)
    key = form_key(client, slug)
    said = [send(client, slug, key, text=f"Autre texte {n}").status_code for n in range(6)]
    assert said == [200, 409, 409, 409, 429, 429]


def test_danger_shows_help_first_and_holds(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    answer = send(client, slug, text="Je veux mourir, appelez-moi au 06 12 34 56 78.")
    words = words_of(answer)
    assert words.index("3114") < words.index("C’est envoyé.")
    assert "Personne ne peut vous rappeler" in words
    (row,) = rows(committed)
    assert (row.state, row.reason) == (State.HELD, "danger")
    assert row.dangers


def test_without_the_name_model_only_a_moderator_sees_it(tmp_path: Path, app: Flask) -> None:
    slug = open_service(app)
    app.extensions["boucle"].lose_names()
    client = app.test_client()
    answer = send(client, slug)
    assert answer.status_code == 200
    assert "pas encore pu chercher tous les noms" in words_of(answer)
    with app.app_context():
        from app.db import db

        row = db.session.scalars(select(Feedback)).one()
        assert (row.state, row.reason, row.names_masked) == ("held", "unmasked_names", False)
        assert "06 12" not in str(row.text)
        indexed = db.session.connection().exec_driver_sql("SELECT * FROM feedback_search").all()
        assert indexed == []


def test_a_service_that_moderates_first_holds(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    send(client, open_service(app, moderate_first=True))
    (row,) = rows(committed)
    assert (row.state, row.reason) == ("held", "moderate_first")


def test_consent_is_asked_only_where_it_is_the_legal_basis(
    tmp_path: Path, app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    assert 'name="consent"' not in client.get(f"/s/{slug}").text
    changed = create_app(
        settings(LEGAL_BASIS="consent"),
        app.config["INSTANCE"],
        clock,
        FakeRuntime(),  # type: ignore[arg-type]
    )
    asked = changed.test_client()
    refused = send(asked, slug)
    assert refused.status_code == 422
    assert "Cochez cette case" in words_of(refused)
    assert typed(refused) == TEXT
    assert send(asked, slug, consent="y").status_code == 200


def test_channel_of_the_poster_is_recorded(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    page = client.get(f"/s/{slug}?par=poster")
    form = soup_of(page).find("form", id="retour")
    assert form is not None
    client.post(str(form["action"]), data={**hidden(page, "poster"), "face": "5"})
    client.post(f"/s/{slug}?par=mediator", data={"key": form_key(client, slug), "face": "5"})
    assert sorted(row.channel for row in rows(committed)) == ["poster", "web"]


def test_a_form_opened_before_a_session_is_not_lost(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    key = form_key(client, slug)
    client.post("/suivi", data={"code": code_of(send(client, slug))})
    assert send(client, slug, key).status_code == 200


def test_a_post_from_another_site_is_refused(
    client: FlaskClient, slug: str, committed: Session
) -> None:
    key = form_key(client, slug)
    foreign = {"Origin": "https://mal.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(f"/s/{slug}", data={"key": key, "face": "5"}, headers=foreign)
    assert answer.status_code == 403
    assert rows(committed) == []


def test_others_words_show_only_when_published_and_numbers_from_30(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        from app.catalogue import service_by_slug

        service = service_by_slug(slug)
        assert service is not None
        for number in range(29):
            factories.retour(service, text=f"Secret {number}", face=10)
        factories.retour(
            service, text="Merci [PERSONNE_1] !", state=State.PUBLISHED.value, face=None
        )
        factories.publish()
    words = words_of(client.get(f"/s/{slug}"))
    assert "Secret" not in words
    assert "Merci Personne !" in words
    assert "moins de 30 retours se comparent" in words
    with writing(app):
        factories.retour(service_by_slug(slug), face=0)  # type: ignore[arg-type]
        factories.publish()
    assert "« Très bien » : 97 sur 100, pour 30 retours." in words_of(client.get(f"/s/{slug}"))


def test_promises_show_but_not_an_announcement_that_is_unchecked(
    app: Flask, client: FlaskClient, slug: str, today: date
) -> None:
    with writing(app):
        from app.catalogue import service_by_slug
        from feedback import commitments

        service = service_by_slug(slug)
        assert service is not None
        promise = commitments.promise(
            service, "Version 6.3.", "Équipe", date(2026, 12, 10), [], today
        )
        promise.state = CommitmentState.CLAIMED.value
    words = words_of(client.get(f"/s/{slug}"))
    assert "Version 6.3." in words
    assert "Annonc" not in words.split("Vous avez dit")[1].split("Autrement")[0]


@pytest.mark.parametrize("page", ["", "/autrement", "/formulaire", "/affiche"])
def test_each_page_of_a_service_gives_the_human_alternative(
    client: FlaskClient, slug: str, page: str
) -> None:
    words = words_of(client.get(f"/s/{slug}{page}"))
    for said in ("04", "2 place du Marché", "9 h – 17 h"):
        assert said in words


def test_the_service_page_is_light(app: Flask, client: FlaskClient, slug: str) -> None:
    page = len(client.get(f"/s/{slug}", headers={"Accept-Encoding": "gzip"}).data)
    soup = soup_of(client.get(f"/s/{slug}"))
    files = [str(t["href"]) for t in soup.select('link[rel="stylesheet"],link[rel="icon"]')]
    files += [str(t["src"]) for t in soup.find_all("script")]
    files = [address for address in files if not address.startswith("data:")]
    static = Path(str(app.static_folder))
    names = [address.partition("?")[0].rpartition("/")[2] for address in files]
    total = page + sum(len(gzip.compress((static / name).read_bytes())) for name in names)
    assert len(files) + 1 <= 6
    assert page <= 10_000
    assert total <= 35_000

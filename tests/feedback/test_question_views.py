"""The optional questions on the receipt page: by risk, each way of answering kept apart, safely."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Functionality, service_by_slug
from app.db import db
from app.matrix import Risk
from feedback import local_question_edits as edits
from feedback.local_question_edits import Draft
from feedback.models import Answer, Feedback, Signal, SignalKind
from feedback.question_shapes import Kind
from feedback.serious import look_for_harm
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in
from tests.feedback.citizen import code_of, come_back, hidden, send, soup_of, words_of
from tests.feedback.question_town import WORDS, local, slug_with

M4_WORDS = "Avez-vous des craintes pour vos données personnelles ?"
NOTICE = "Ceci n’est pas une évaluation clinique."
LOW, MEDIUM, HIGH = Risk.LOW, Risk.MEDIUM, Risk.HIGH


def answer(client: FlaskClient, slug: str, page: Any, **fields: Any) -> Any:
    """Save the questions of the receipt ``page``, as a browser without JavaScript does."""
    return client.post(f"/s/{slug}/suite", data={**hidden(page, "suite"), **fields})


def kept(committed: Session) -> dict[str, tuple[str, str]]:
    """Return the stored answers by question."""
    committed.rollback()
    found = {a.question: (a.status, a.value) for a in committed.scalars(select(Answer))}
    committed.rollback()
    return found


def retour(committed: Session) -> Feedback:
    committed.rollback()
    row = committed.scalars(select(Feedback)).one()
    committed.expunge(row)
    committed.rollback()
    return row


def numbers(app: Flask) -> dict[str, str]:
    """Return the ids of the functionalities by name."""
    with app.app_context():
        return {f.name: str(f.id) for f in db.session.scalars(select(Functionality))}


def asked(page: Any) -> set[str]:
    """Return the codes that the form of ``page`` asks."""
    form = soup_of(page).select_one("#questions form")
    assert form is not None
    names = {str(field["name"]) for field in form.select("[name]")}
    return {name for name in names if re.fullmatch(r"[GML]\d+(\.kind)?", name)}


CORE_ASKED = {"G3", "G4", "G5", "G5.kind", "G6", "G7", "G8", "G9"}


@pytest.mark.parametrize(
    ("risk", "more"),
    [(LOW, set()), (MEDIUM, {"M1", "M2", "M3", "M4"}), (HIGH, {"M1", "M2", "M3", "M4", "M5"})],
)
def test_the_receipt_and_the_paper_ask_the_same_questions_of_the_risk(
    app: Flask, client: FlaskClient, risk: Risk, more: set[str]
) -> None:
    slug = slug_with(app, risk)
    with writing(app):
        code = local(service_by_slug(slug), Kind.ONE).code  # type: ignore[arg-type]
    page = send(client, slug)
    assert asked(page) == CORE_ASKED | more | {code}
    form, paper = words_of(page), words_of(client.get(f"/s/{slug}/formulaire"))
    for question in soup_of(page).select("#questions legend, #questions label[for]"):
        if str(question.get("for", "")).endswith(".way"):
            continue
        assert question.get_text() in paper
    assert WORDS in paper
    assert (NOTICE in form) == (NOTICE in paper) == (risk is HIGH)


def test_at_a_high_risk_surprise_and_harm_come_first_and_unfolded(
    app: Flask, client: FlaskClient
) -> None:
    soup = soup_of(send(client, slug_with(app, HIGH)))
    framed = soup.select_one("#questions form > .card")
    assert framed is not None
    assert NOTICE in framed.get_text()
    assert [str(t["id"]) for t in framed.select("textarea, fieldset")] == ["G5", "G5-kind", "M5"]
    assert not soup.select("#questions details #M5")
    assert soup.select("#questions details #G3")


def test_naming_a_functionality_saves_it_and_shows_its_questions(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, LOW, HIGH)
    low = numbers(app)["Partie low"]
    first = send(client, slug)
    assert "M5" in asked(first), "not named: the highest risk of the service"
    second = answer(client, slug, first, functionality=low, G3="4", M4="some")
    assert second.status_code == 200
    assert asked(second) == CORE_ASKED
    assert NOTICE not in words_of(second)
    assert kept(committed) == {"G3": ("given", "4"), "M4": ("given", "some")}
    assert retour(committed).functionality_id == int(low)


def test_with_javascript_another_functionality_shows_its_questions_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, LOW, HIGH)
    names = numbers(app)
    with writing(app):
        service = service_by_slug(slug)
        high = int(names["Partie high"])
        code = local(service, functionality_id=high).code  # type: ignore[arg-type]
    first = send(client, slug)
    select_ = soup_of(first).select_one("#functionality")
    assert select_ is not None
    url = str(select_["data-hx-post"])
    posted = {**hidden(first, "suite"), "G5": "Un bip", "G3": "2", "M1": ["phone", "web"]}
    to_high = client.post(url, data={**posted, "functionality": names["Partie high"]})
    assert {"M5", code} <= asked(to_high)
    assert soup_of(to_high).select('input[name="M1"][value="web"][checked]')
    typed = {**hidden(to_high, "suite"), "G5": "Un bip", "G3": "2", code: "Mes mots"}
    to_low = client.post(url, data={**typed, "functionality": names["Partie low"]})
    area, ticked = soup_of(to_low).select_one("#G5"), soup_of(to_low).select('[name="G3"][checked]')
    assert area is not None
    assert area.get_text().strip() == "Un bip"
    assert [field["value"] for field in ticked] == ["2"]
    assert "M5" not in asked(to_low)
    assert "Mes mots" in to_low.text, "words are not lost with their question"
    assert kept(committed) == {}
    saved = answer(client, slug, to_low, **{code: "Mes mots", "functionality": names["Partie low"]})
    assert saved.status_code == 200
    assert kept(committed)[code] == ("given", "Mes mots")


def test_each_way_of_answering_is_kept_apart_for_core_matrix_and_local_questions(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, HIGH)
    with writing(app):
        service = service_by_slug(slug)
        text, one, several, scale = (
            local(service, kind).code  # type: ignore[arg-type]
            for kind in (Kind.TEXT, Kind.ONE, Kind.SEVERAL, Kind.SCALE)
        )
    first = send(client, slug)
    fields = {"G3": "not_applicable", "G4": "unknown", "G5.way": "refused", "M5": "refused"}
    fields |= {"M1": ["phone", "close", "phone"], "M2": "not_applicable", "M3": "5"}
    fields |= {text + ".way": "not_applicable", one: "2", several: ["3", "1"], scale: "unknown"}
    second = answer(client, slug, first, **fields)
    assert second.status_code == 200
    assert kept(committed) == {
        "G3": ("not_applicable", ""),
        "G4": ("unknown", ""),
        "G5": ("refused", ""),
        "M5": ("refused", ""),
        "M1": ("given", "phone close"),
        "M2": ("not_applicable", ""),
        "M3": ("given", "5"),
        text: ("not_applicable", ""),
        one: ("given", "2"),
        several: ("given", "1 3"),
        scale: ("unknown", ""),
    }
    soup = soup_of(second)
    assert soup.select('[id="G5.way"] option[value="refused"][selected]')
    assert [str(b["value"]) for b in soup.select(f'[name="{several}"][checked]')] == ["1", "3"]


def test_emptied_answers_are_taken_back_and_absent_ones_stay(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, MEDIUM)
    page = answer(
        client, slug, send(client, slug), G5="Un bip", G7="75-", G3="1", M1=["phone"], M2="yes"
    )
    assert set(kept(committed)) == {"G5", "G7", "G3", "M1", "M2"}
    page = answer(client, slug, page, G5="", G7="", M1=[""])
    assert page.status_code == 200
    assert kept(committed) == {"G3": ("given", "1"), "M2": ("given", "yes")}


def test_reaching_the_service_is_kept_only_where_its_help_was_sought(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, MEDIUM)
    page = answer(client, slug, send(client, slug), M1=["mail"], M2="no", M3="1")
    assert set(kept(committed)) == {"M1", "M2", "M3"}
    answer(client, slug, page, M1=["close"], M2="no", M3="1")
    assert kept(committed) == {"M1": ("given", "close")}


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"M1": ["none", "phone"]}, "M1", "Gardez « Je n’ai pas eu besoin d’aide »"),
        ({"M1": ["refused", "phone"]}, "M1", "Gardez « Je préfère ne pas dire »"),
        ({"M1": ["dog"]}, "M1", "Choisissez l’une des réponses"),
        ({"G3": "6"}, "G3", "Choisissez l’une des réponses"),
        ({"G6": "not_applicable"}, "G6", "Choisissez l’une des réponses"),
        ({"G8": "99"}, "G8", "Nous ne connaissons pas ce lieu"),
        ({"G8": "Loire" * 20}, "G8", "Nous ne connaissons pas ce lieu"),
        ({"G9": "perhaps"}, "G9", "Choisissez l’une des réponses"),
        ({"functionality": "9" * 30}, "functionality", "Choisissez l’une des réponses"),
        ({"G5": "b" * 5001}, "G5", "dépasse 5 000 caractères"),
        ({"G5": "", "G5.way": "x"}, "G5", "Choisissez l’une des réponses"),
    ],
)
def test_what_cannot_be_kept_is_told_once_at_its_field_and_nothing_is_lost(
    app: Flask, client: FlaskClient, committed: Session, fields: Any, name: str, message: str
) -> None:
    slug = slug_with(app, MEDIUM, LOW)
    typed = {"G5": "Fatou a ri", "G4": "no", "G9": "yes", **fields}
    page = answer(client, slug, send(client, slug), **typed)
    assert page.status_code == 422
    soup = soup_of(page)
    summary = soup.select_one("#questions [role=alert][autofocus]")
    assert summary is not None
    assert [a.get_text()[:20] for a in summary.select("a")] == [
        a.get_text()[:20] for a in soup.select("#questions .error span:last-child")
    ]
    assert message in summary.get_text()
    error = f"{name}-error"
    assert soup.select_one(f"#{error}")
    assert soup.select(f'[aria-describedby~="{error}"]')
    assert soup.select_one(str(summary.select("a")[0]["href"]))
    assert soup.select("#questions details[open]")
    assert soup.select('[name="G4"][value="no"][checked]')
    area = soup.select_one("#G5")
    assert area is not None
    assert area.get_text().strip() == typed["G5"]
    assert kept(committed) == {}


def test_grave_harm_is_held_as_words_of_danger_are(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, HIGH)
    page = answer(client, slug, send(client, slug, face="10", text=""), M5="serious")
    assert "3114" in words_of(page)
    row = retour(committed)
    assert (row.state, row.reason, row.dangers) == ("held", "danger", ["declared"])
    assert (row.severity, row.thread_state) == (3, "waiting")


@pytest.mark.parametrize(("said", "raised"), [("some", 1), ("no", 0), ("unknown", 0)])
def test_any_harm_is_grave_enough_for_an_expert_and_no_harm_is_not(
    app: Flask, client: FlaskClient, committed: Session, said: str, raised: int
) -> None:
    slug = slug_with(app, HIGH)
    answer(client, slug, send(client, slug, face="10", text=""), M5=said)
    row = retour(committed)
    assert (row.state, row.dangers, row.severity) == ("open", [], 3 if raised else 1)
    assert row.thread_state == ("waiting" if raised else "none")
    with writing(app):
        assert look_for_harm(TODAY) == raised
        assert look_for_harm(TODAY) == 0, "once"
        for signal in db.session.scalars(select(Signal)):
            assert (signal.kind, signal.proof["kinds"]) == (SignalKind.SERIOUS, ["declared"])


def test_harm_taken_back_is_no_harm(app: Flask, client: FlaskClient, committed: Session) -> None:
    slug = slug_with(app, HIGH)
    page = answer(client, slug, send(client, slug, text="Bien."), M5="some")
    answer(client, slug, page, M5="no")
    assert retour(committed).severity == 1


def test_danger_in_a_local_answer_holds_and_names_in_it_are_masked(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, LOW)
    with writing(app):
        code = local(service_by_slug(slug)).code  # type: ignore[arg-type]
    page = answer(client, slug, send(client, slug), **{code: "Fatou a dit : je veux mourir."})
    assert "3114" in words_of(page)
    assert kept(committed)[code] == ("given", "[PERSONNE_1] a dit : je veux mourir.")
    assert (retour(committed).state, retour(committed).severity) == ("held", 3)


def test_correcting_the_text_forgets_no_danger_told_in_an_answer(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, HIGH)
    page = answer(client, slug, send(client, slug), M5="serious")
    corrected = client.post(
        f"/s/{slug}/corriger", data={**hidden(page, "suite"), "text": "Merci à tous."}
    )
    assert corrected.status_code == 200
    row = retour(committed)
    assert (row.state, row.dangers, row.severity) == ("held", ["declared"], 3)


def test_a_local_text_that_cannot_be_masked_stays_on_the_page(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, LOW)
    with writing(app):
        code = local(service_by_slug(slug)).code  # type: ignore[arg-type]
    page = send(client, slug)
    app.extensions["boucle"].lose_names()
    refused = answer(client, slug, page, **{code: "Zorglub a ri"})
    assert refused.status_code == 422
    area = soup_of(refused).select_one(f"#{code}[aria-describedby='{code}-error']")
    assert area is not None
    assert area.get_text().strip() == "Zorglub a ri"
    assert kept(committed) == {}


def test_an_expired_page_gives_back_every_word(app: Flask, client: FlaskClient) -> None:
    slug = slug_with(app, LOW)
    with writing(app):
        code = local(service_by_slug(slug)).code  # type: ignore[arg-type]
    page = send(client, slug)
    over = answer(client, slug, page, **{"key": "x", "G5": "Un bip", code: "Mes mots"})
    assert over.status_code == 400
    assert "Un bip" in over.text
    assert "Mes mots" in over.text


def test_an_answer_keeps_the_version_that_the_page_showed(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, LOW)
    with writing(app):
        row = local(service_by_slug(slug), Kind.ONE)  # type: ignore[arg-type]
        code = row.code
    page = send(client, slug)
    with writing(app):
        service = service_by_slug(slug)
        assert service is not None
        again = db.session.merge(row)
        edits.change(service, again, Draft("Et la notice ?", Kind.ONE, ("Bien", "Mal")), TODAY)
    after = answer(client, slug, page, **{code: "3"})
    assert after.status_code == 200
    committed.rollback()
    stored = committed.scalars(select(Answer)).one()
    assert (stored.version, stored.value) == (1, "3")
    assert not soup_of(after).select(f'[name="{code}"][checked]'), "another version is asked now"


FIELDS = st.sampled_from(
    ["G3", "G4", "G5", "G5.kind", "G5.way", "G6", "G7", "G8", "G9", "M1", "M2", "M3", "M4", "M5"]
    + ["L1", "L1.way", "L2", "L3", "L9", "shown", "functionality", "leave", "places", "original"]
    + ["text", "face", "__proto__", ""]
)
KNOWN = st.sampled_from(
    ["1", "5", "no", "yes", "none", "phone", "refused", "unknown", "not_applicable", "42", "-18"]
    + ["serious", "L1.1 L2.1", "L1.2", "G3.1 G3.2", "0", "-1", "9" * 40, "١", "\x00", "\ufffd"]
)
VALUES = st.one_of(KNOWN, st.text(max_size=40), st.text(min_size=4990, max_size=5010))
POSTED = st.dictionaries(FIELDS, st.lists(VALUES, min_size=1, max_size=3), max_size=8)


def test_whatever_is_posted_there_is_no_error_and_no_text_is_lost(
    app: Flask, client: FlaskClient
) -> None:
    slug = slug_with(app, HIGH, LOW)
    with writing(app):
        service = service_by_slug(slug)
        for kind in (Kind.TEXT, Kind.ONE, Kind.SEVERAL):
            local(service, kind)  # type: ignore[arg-type]
    fields = hidden(send(client, slug), "suite")

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(POSTED)
    def fuzz(posted: dict[str, list[str]]) -> None:
        for action in ("suite", "suite/fonction"):
            page = client.post(f"/s/{slug}/{action}", data={**fields, **posted})
            assert page.status_code in (200, 422)
            _nothing_is_lost(page, posted, action)

    fuzz()
    assert code_of(answer(client, slug, send(client, slug)))


def _nothing_is_lost(page: Any, posted: dict[str, list[str]], action: str) -> None:
    soup = soup_of(page)
    errors = [str(error["id"]) for error in soup.select("#questions .error")]
    assert len(errors) == len(set(errors))
    assert bool(errors) == (page.status_code == 422)
    for error in errors:
        assert soup.select(f'[aria-describedby~="{error}"]')
    if page.status_code == 422 or action != "suite":
        area = soup.select_one("#G5")
        assert area is not None
        shown = "".join(_printable(area.get_text()).split())
        for value in posted.get("G5", []):
            seen = value.encode("utf-8", "replace").decode()
            assert "".join(_printable(seen).split()) in shown


def _printable(value: str) -> str:
    """Return ``value`` as HTML can hold it."""
    return re.sub("[\x00-\x1f\x7f-\x9f]", "", value)


def test_my_data_show_and_export_local_answers_in_the_words_asked_until_they_are_erased(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, MEDIUM)
    with writing(app):
        row = local(service_by_slug(slug))  # type: ignore[arg-type]
        code = row.code
    page = answer(client, slug, send(client, slug), **{code: "Le quetzal", "M4": "refused"})
    with writing(app):
        service, again = service_by_slug(slug), db.session.merge(row)
        assert service is not None
        edits.change(service, again, Draft("Et la notice ?", Kind.TEXT), TODAY)
    come_back(client, code_of(page))
    shown = words_of(client.get("/suivi/mes-donnees"))
    assert f"{WORDS} Le quetzal" in shown
    assert "données personnelles ? Je préfère ne pas dire" in shown
    exported = post(client, "/suivi/mes-donnees/export").get_json()
    assert exported["questions"][-1] == {
        "code": code,
        "version": 1,
        "question": WORDS,
        "status": "given",
        "answer": "Le quetzal",
    }
    assert post(client, "/suivi/effacer").status_code == 200
    assert kept(committed) == {}
    folder: Path = app.config["INSTANCE"]
    assert all(b"quetzal" not in file.read_bytes() for file in folder.glob("boucle.db*"))


def test_the_team_and_the_moderator_read_answers_in_words_with_statuses_told_apart(
    app: Flask, client: FlaskClient
) -> None:
    slug = slug_with(app, HIGH)
    answer(client, slug, send(client, slug), M5="serious", M1=["phone", "web"], M4="refused")
    with writing(app):
        retour_id = db.session.scalars(select(Feedback.id)).one()
        sign_in(client, factories.account(Role.MODERATOR))
    held = client.get(f"/equipe/moderation/{retour_id}")
    assert "tort grave déclaré" in words_of(held)
    assert "fait du tort à quelqu’un ? Oui, c’est grave" in words_of(held)
    with writing(app):
        row = db.session.get_one(Feedback, retour_id)
        row.state = "open"
        sign_in(client, factories.account(Role.PROMOTER, services=(row.service,)))
    page = soup_of(client.get(f"/equipe/retours/{retour_id}"))
    facts = {dt.get_text(): dt.find_next("dd") for dt in page.select("dl.facts dt")}
    helped, worried = facts["Avez-vous cherché de l’aide, et comment ?"], facts[M4_WORDS]
    assert helped is not None
    assert worried is not None
    assert helped.get_text() == "Par téléphone, Sur des sites internet"
    assert worried.select_one("em") is not None  # type: ignore[union-attr]

"""Which questions are asked: the core always, the matrix by risk, local ones where they belong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.catalogue import Territory
from app.db import db
from app.matrix import Risk
from feedback import local_question_edits as edits
from feedback import local_questions, question_sets, ratings
from feedback.local_question_edits import Draft, TooManyQuestions
from feedback.local_question_rules import refusal
from feedback.models import Answer, LocalQuestion
from feedback.question_page import blocks
from feedback.question_shapes import Kind
from feedback.questions import CORE
from tests import factories
from tests.factories import TODAY
from tests.feedback.question_town import WORDS, local, service_with

pytestmark = pytest.mark.usefixtures("in_app")
LOW, MEDIUM, HIGH = Risk.LOW, Risk.MEDIUM, Risk.HIGH


def codes(service, functionality=None, day: date = TODAY) -> list[str]:  # type: ignore[no-untyped-def]
    return [q.code for q in question_sets.asked(service, functionality, day)]


def test_a_low_risk_asks_the_core_and_no_more() -> None:
    assert set(codes(service_with(LOW))) == set(CORE)
    assert set(codes(service_with())) == set(CORE)


def test_a_medium_risk_adds_help_found_and_data_worries() -> None:
    assert set(codes(service_with(MEDIUM))) - set(CORE) == {"M1", "M2", "M3", "M4"}


def test_a_high_risk_adds_the_harm_question_and_puts_it_first_with_the_surprise() -> None:
    asked = codes(service_with(HIGH))
    assert set(asked) - set(CORE) == {"M1", "M2", "M3", "M4", "M5"}
    assert asked[:5] == ["G1", "G2", "G5", "G5.kind", "M5"]


def test_the_functionality_named_decides_and_the_highest_risk_until_then() -> None:
    service = service_with(LOW, HIGH)
    low, high = sorted(service.functionalities, key=lambda f: f.name != "Partie low")
    assert "M5" in codes(service)
    assert "M5" in codes(service, high)
    assert set(codes(service, low)) == set(CORE)


def test_what_follows_an_answer_stands_beside_its_question() -> None:
    found = blocks(question_sets.asked(service_with(MEDIUM), None, TODAY))
    helped = next(each for each in found if each.question.code == "M1")
    assert [question.code for question in helped.then] == ["M2", "M3"]
    assert helped.leads == {"counter", "phone", "mail", "chat"}
    assert "M2" not in [each.question.code for each in found]


def test_an_anonymous_service_asks_no_departement() -> None:
    assert "G8" not in codes(service_with(LOW, anonymous_by_law=True))


def test_a_local_question_is_asked_by_its_functionality_its_risk_and_until_its_day() -> None:
    service = service_with(LOW, HIGH)
    low, high = sorted(service.functionalities, key=lambda f: f.name != "Partie low")
    everywhere = local(service, position=2)
    of_low = local(service, position=1, functionality_id=low.id)
    risky = local(service, from_risk=HIGH)
    ends = local(service, ended=TODAY + timedelta(days=1))
    here = {row.code for row in (everywhere, of_low, ends)}
    assert set(codes(service, low)) - set(CORE) == here
    assert {risky.code, everywhere.code} <= set(codes(service, high))
    assert of_low.code not in codes(service, high)
    assert ends.code not in codes(service, low, TODAY + timedelta(days=1))
    every = [q.code for q in question_sets.every_question(service, TODAY)]
    assert {of_low.code, risky.code} <= set(every)
    assert every.index(of_low.code) < every.index(everywhere.code)


def test_the_one_functionality_of_a_service_needs_no_choosing() -> None:
    service = service_with(LOW)
    row = local(service, functionality_id=service.functionalities[0].id)
    assert row.code in codes(service)


def test_a_question_of_a_territory_is_asked_by_each_of_its_services() -> None:
    _territories()
    loire, rhone = (factories.service(territory_code=code) for code in ("42", "69"))
    elsewhere, whole = factories.service(territory_code="75"), factories.service()
    of_region = local(loire, territory_code="R84", words="Dans la région ?")
    of_loire = local(loire, territory_code="42", words="Dans la Loire ?")
    assert codes(loire)[-6:-4] == [of_region.code, of_loire.code]
    assert of_region.code in codes(rhone)
    assert of_loire.code not in codes(rhone)
    assert set(codes(elsewhere)) == set(codes(whole)) == set(CORE)


def test_five_local_questions_fill_the_minute_of_a_service() -> None:
    _territories()
    service, neighbour = (factories.service(territory_code="42") for _ in range(2))
    rows = [local(service) for _ in range(4)]
    local(neighbour, territory_code="42")
    with pytest.raises(TooManyQuestions):
        local(service)
    with pytest.raises(TooManyQuestions) as full:
        local(neighbour, territory_code="42")
    assert full.value.service is service
    local(service, ended=TODAY)  # ended already: it takes no time
    edits.change(service, rows[0], Draft(WORDS, Kind.TEXT, position=9), TODAY)
    edits.withdraw(rows[1], TODAY)
    local(service)


def test_new_words_are_a_new_version_and_an_old_answer_keeps_its_own() -> None:
    service = service_with(LOW)
    row = local(service, Kind.ONE)
    old = Answer(question=row.code, version=1, status="given", value="3")
    retour = factories.retour(service)
    retour.answers.append(old)
    edits.change(service, row, Draft("Et la notice ?", Kind.ONE, ("Bien", "Mal")), TODAY)
    edits.change(service, row, Draft("Et la notice ?", Kind.ONE, ("Bien", "Mal"), HIGH), TODAY)
    db.session.expire_all()
    assert [w.words for w in row.wordings] == [WORDS, "Et la notice ?"]
    asked = question_sets.worded([old])[row.code, 1]
    assert (asked.words, asked.tell(old.status, old.value)) == (WORDS, "En partie")
    assert edits.withdraw(row, TODAY) is False
    assert row.ended == TODAY
    assert question_sets.worded([old])[row.code, 1].words == WORDS


def test_a_question_that_nobody_answered_goes_altogether() -> None:
    row = local(service_with(LOW))
    assert edits.withdraw(row, TODAY) is True
    assert db.session.scalars(select(LocalQuestion)).all() == []


def test_a_page_opened_before_a_change_is_read_in_the_words_it_showed() -> None:
    service = service_with(LOW)
    row, gone = local(service), local(service)
    edits.change(service, row, Draft("Et la notice ?", Kind.TEXT), TODAY)
    edits.change(service, gone, Draft(WORDS, Kind.TEXT, ended=TODAY - timedelta(days=3)), TODAY)
    shown = question_sets.read_shown(f"G3.1 {row.code}.1 {gone.code}.1 x .. L9.9 G3.99999 M5.1")
    found = question_sets.answerable(service, shown, TODAY)
    assert found[row.code].words == WORDS
    assert gone.code in found
    assert "M5" not in found, "not asked by this service"
    later = question_sets.answerable(service, shown, TODAY + timedelta(days=30))
    assert gone.code not in later


@pytest.mark.parametrize(
    "words",
    [
        "Quel est votre nom ?",
        "Vos nom et prénom ?",
        "Comment vous appelez-vous ?",
        "Votre date de naissance ?",
        "Quelle est votre adresse ?",
        "Où habitez-vous ?",
        "Votre numéro de téléphone ?",
        "Quel est votre courriel ?",
        "Votre e-mail ?",
        "Comment pouvons-nous vous recontacter ?",
        "Votre numéro de sécurité sociale ?",
        "Êtes-vous née en France ?",
        "What is your name?",
    ],
)
def test_no_local_question_asks_who_the_person_is(words: str) -> None:
    assert "qui est la personne" in refusal(words, [], anonymous=False)
    assert "qui est la personne" in refusal("Et vous ?", [words], anonymous=True)


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        "Le nom du médicament était-il lisible ?",
        "Le rappel par téléphone vous a-t-il aidé ?",
        "Le courriel de rappel est-il arrivé ?",
        "L’adresse du site était-elle facile à trouver ?",
        "Avez-vous compris l’ordonnance ?",
        "Combien de temps avez-vous attendu ?",
        "Votre nombre de rappels par jour vous convient-il ?",
        "Quel est le nombre de pages que vous avez lues ?",
    ],
)
def test_a_question_about_the_service_may_be_asked(words: str) -> None:
    assert refusal(words, ["Oui", "Non"], anonymous=False) == ""


def test_an_anonymous_service_asks_no_place_finer_than_the_region() -> None:
    for words, choices in (("Dans quelle ville ?", ()), ("Où ?", ("Loire", "Rhône"))):
        assert "région" in refusal(words, choices, anonymous=True)
        assert refusal(words, choices, anonymous=False) == ""
    assert refusal("Dans quelle région ?", ("Bretagne", "Corse"), anonymous=True) == ""


def test_a_service_that_becomes_anonymous_stops_asking_where_and_forgets_the_answers() -> None:
    service = service_with(LOW)
    place, other = local(service, words="Dans quelle ville ?"), local(service)
    retour = factories.retour(service)
    for row in (place, other):
        retour.answers.append(Answer(question=row.code, status="given", value="Roanne"))
    db.session.flush()
    from app.anonymity import make_anonymous

    make_anonymous(service)
    assert db.session.scalars(select(Answer.question)).all() == [other.code]
    assert place.code not in codes(service)
    assert other.code in codes(service)
    assert local_questions.open_shapes(service, TODAY)[0].code == other.code


def test_a_local_question_changes_no_score() -> None:
    service = service_with(LOW)
    for number in range(40):
        factories.retour(service, face=(0, 5, 10)[number % 3])
    before = ratings.score_of(ratings.face_counts([service.id]))
    row = local(service, Kind.SCALE)
    for retour in service_retours(service):
        retour.answers.append(Answer(question=row.code, status="given", value="1"))
    db.session.flush()
    assert before is not None
    assert ratings.score_of(ratings.face_counts([service.id])) == before


def service_retours(service):  # type: ignore[no-untyped-def]
    from feedback.models import Feedback

    return db.session.scalars(select(Feedback).where(Feedback.service_id == service.id))


def _territories() -> None:
    db.session.add(Territory(code="R84", name="Auvergne-Rhône-Alpes", level="region"))
    db.session.flush()
    for code, name in (("42", "Loire"), ("69", "Rhône")):
        db.session.add(Territory(code=code, name=name, level="departement", region_code="R84"))
    db.session.add(Territory(code="75", name="Paris", level="departement"))
    db.session.flush()

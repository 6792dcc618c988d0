"""With every model off each workflow still completes, pages say what waits, and it is caught up.

The web process has no name pipeline and the worker no encoder: the degraded mode of model.md §3.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import db
from app.jobs import Job
from feedback.models import Feedback, Message
from nlp.encode import HashingEncoder
from tests.fakes import CapitalNames
from tests.feedback.citizen import code_of
from tests.loop import answering, closing, meeting, speaking
from tests.plain_browser import PlainBrowser
from tests.town import SLUG, Town, town

NAME, OWN_WORD = "Lemaire", "galimatias"  # no rule and no lexicon knows the name in this sentence
SAID = (
    f"Je crois que {NAME} refuse la carte Vitale à la pharmacie, quel galimatias. "
    "La carte Vitale ne passe plus à la pharmacie. Tél 0612345678"
)
NOT_YET = "Nous n’avons pas encore pu chercher tous les noms."
NO_NAMES_NOW = "Nous ne pouvons pas masquer les noms en ce moment."


@pytest.fixture
def place(tmp_path: Path, migrated_database: Path) -> Iterator[Town]:
    with town(tmp_path, migrated_database) as built:
        yield built


def switch_off(place: Town) -> None:
    place.runtime.lose_names()
    place.runtime.encoder = None


def switch_on(place: Town) -> None:
    place.runtime.name_finder = CapitalNames()
    place.runtime.encoder = HashingEncoder(64)
    place.clock.forward(minutes=10)


def come_back(place: Town, code: str) -> PlainBrowser:
    return place.stranger().open("/suivi").submit("/suivi", code=code)


def test_the_whole_loop_closes_without_any_model(place: Town) -> None:
    code = speaking.a_citizen_speaks_from_a_phone(place)
    switch_off(place)
    place.let_work()
    assert "Analyse en attente pour" in place.desk("equipe").open("/equipe/themes").words
    assert "Analyse en attente : le thème sera là" in come_back(place, code).words

    place.clock.forward(days=1)
    answering.the_promoter_answers_and_makes_a_dated_promise(place)
    answering.a_moderator_publishes_the_masked_text(place)
    answering.neighbours_rate_and_one_follows_the_service(place)
    place.clock.forward(days=4)
    answering.both_editions_say_the_same_numbers_and_are_mailed_once(place)
    closing.the_team_announces_the_change_and_a_moderator_checks_it(place)
    page = come_back(place, code).submit("/suivi/retour/engagements/", verdict="confirmed")
    assert "Confirmé" in page.part(".state")
    closing.the_public_page_shows_the_loop_closed(place)
    assert "C’est effacé." in come_back(place, code).open("/suivi/effacer").submit("/effacer").words
    assert speaking.OWN_WORD.encode() not in place.stored_bytes()


def test_a_workshop_goes_from_cards_to_an_answer_and_warns_of_names(place: Town) -> None:
    switch_off(place)
    console, room = meeting.a_facilitator_opens_a_session(place)
    assert "La reconnaissance des noms est à l’arrêt" in console.words
    phones = meeting.two_phones_join_by_code(place, room)
    meeting.cards_stay_hidden_until_the_reveal(console, phones, room, names_ready=False)
    meeting.the_room_votes(console, phones, room)
    meeting.the_winning_card_becomes_a_proposal_that_the_promoter_must_answer(place, console)


def test_a_message_with_names_is_taken_and_only_a_moderator_sees_it(place: Town) -> None:
    switch_off(place)
    receipt = place.stranger().open(f"/s/{SLUG}").submit(SLUG, face="0", text=SAID)
    assert NOT_YET in receipt.words
    assert "nous finissons de masquer les noms, puis l’équipe peut vous lire." in receipt.words
    assert "Tél Téléphone" in receipt.part("#masque ~ blockquote"), "patterns still apply"
    assert b"0612345678" not in place.stored_bytes()
    assert NOT_YET in come_back(place, code_of(receipt)).words

    place.let_work("mask_names")
    desk = place.desk("equipe")
    for page in ("/equipe?vue=tous", f"/equipe?vue=tous&mots={OWN_WORD}", "/equipe/themes"):
        assert OWN_WORD not in desk.open(page).part("main").replace(f'value="{OWN_WORD}"', "")
    assert desk.open(f"/equipe/retours/{number_of(place)}").status == 404
    queue = place.desk("moderation").open("/equipe/moderation").follow(OWN_WORD)
    assert "Les noms ne sont pas encore masqués." in queue.words
    assert "open" not in queue.part("#decision"), "nobody opens it before it is masked"


def test_what_waited_is_masked_opened_and_placed_when_the_models_return(place: Town) -> None:
    switch_off(place)
    place.stranger().open(f"/s/{SLUG}").submit(SLUG, face="0", text=SAID)
    place.restart_worker()
    assert NAME in stored_text(place)
    assert waiting(place) == {
        ("analyse", 0, "the sentence encoder is not available"),
        ("mask_names", 0, "the name pipeline is not available"),
    }

    switch_on(place)
    place.let_work()
    assert waiting(place) == set()
    assert NAME.encode() not in place.stored_bytes()
    assert "[PERSONNE_1] refuse la carte Vitale" in stored_text(place)
    desk = place.desk("equipe").open(f"/equipe?vue=tous&mots={OWN_WORD}").follow(OWN_WORD)
    assert "Je crois que Personne refuse" in desk.words
    assert "Pharmacie" in desk.part("article .chips"), "it stands in a theme"
    assert "Analyse en attente" not in desk.open("/equipe/themes").words


def test_words_that_could_hold_a_name_stay_on_the_page_or_with_a_moderator(place: Town) -> None:
    receipt = place.stranger().open(f"/s/{SLUG}").submit(SLUG, face="0", text=speaking.MESSAGE)
    code = code_of(receipt)
    switch_off(place)
    receipt.submit("/suite", G5=f"{NAME} m’a aidé", G4="no")
    assert receipt.status == 422
    assert NO_NAMES_NOW in receipt.words
    assert f"{NAME} m’a aidé" in receipt.part("#G5")

    page = come_back(place, code).submit("/repondre", reply=f"Et que dit {NAME} de cela ?")
    assert "Un modérateur lit d’abord ce message." in page.words
    assert NAME not in place.desk("equipe").open(f"/equipe/retours/{number_of(place)}").words
    desk = place.desk("moderation").open("/equipe/moderation").follow(NAME)
    desk.submit("/equipe/moderation/", message=message_id(place))
    assert NO_NAMES_NOW in desk.words, "a moderator lets no unmasked name out"

    switch_on(place)
    place.let_work("mask_names")
    assert NAME.encode() not in place.stored_bytes()
    desk.submit("/equipe/moderation/", message=message_id(place))
    thread = place.desk("equipe").open(f"/equipe/retours/{number_of(place)}")
    assert "Et que dit Personne de cela ?" in thread.words


def test_a_moderator_refuses_and_an_appeal_waits_for_the_pipeline_with_its_words(
    place: Town,
) -> None:
    switch_off(place)
    receipt = place.stranger().open(f"/s/{SLUG}").submit(SLUG, face="0", text=SAID)
    desk = place.desk("moderation").open("/equipe/moderation").follow(OWN_WORD)
    desk.submit("/equipe/moderation/", decision="refuse", rule="insult")
    assert "Décision enregistrée." in desk.words
    page = come_back(place, code_of(receipt)).submit("/recours", appeal=f"{NAME} le sait bien.")
    assert page.status == 422
    assert NO_NAMES_NOW in page.words
    assert f"{NAME} le sait bien." in page.part("textarea[name=appeal]")
    switch_on(place)
    page.submit("/recours")
    assert "Un autre modérateur va relire votre retour." in page.words


def number_of(place: Town) -> str:
    with place.app.app_context():
        sent = select(Feedback.id).where(Feedback.code_hash.is_not(None))
        return db.session.scalars(sent).one()


def stored_text(place: Town) -> str:
    with place.app.app_context():
        return str(db.session.get_one(Feedback, number_of(place)).text)


def message_id(place: Town) -> str:
    with place.app.app_context():
        return db.session.scalars(select(Message.id)).one()


def waiting(place: Town) -> set[tuple[str, int, str]]:
    with place.app.app_context():
        return {(job.kind, job.tries, job.error) for job in db.session.scalars(select(Job))}

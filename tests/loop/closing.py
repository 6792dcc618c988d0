"""Chapter three: the change is announced and judged, the loop closes, and its author erases."""

from sqlalchemy import func, select, text

from app.db import db
from app.editions import Edition
from feedback.models import Feedback, Placement, Segment
from tests.loop.answering import ANSWER, PROMISE
from tests.loop.speaking import MASKED, OPENING, OWN_WORD, size_of_theme
from tests.plain_browser import PlainBrowser
from tests.town import SLUG, Town

EVIDENCE = "La version 6.3 est en ligne depuis ce matin ; essayée dans six pharmacies."
REPLY, VERDICT = "turlupinade", "saperlipopette"  # a word of the reply and one of the verdict


def the_team_announces_the_change_and_a_moderator_checks_it(place: Town) -> None:
    desk = place.desk("equipe").open("/equipe/engagements")
    desk.submit("/annonce", evidence=EVIDENCE)
    assert "Annonce transmise à la modération." in desk.words
    assert EVIDENCE not in _public_board(place).words, "nobody has checked it yet"
    checking = place.desk("moderation").open("/equipe/moderation")
    checking.submit("/moderation/engagements/", decision="accept")
    board = _public_board(place)
    assert EVIDENCE in board.words
    assert "Annoncé, à vérifier par vous" in board.words


def the_citizen_reads_replies_and_confirms_from_another_browser(place: Town, code: str) -> None:
    elsewhere = _come_back(place, code)
    assert ANSWER in elsewhere.words
    assert PROMISE in elsewhere.words
    elsewhere.submit("/suivi/retour/repondre", reply=f"Merci, quelle {REPLY} tout de même.")
    assert "Votre message est envoyé." in elsewhere.words
    assert EVIDENCE in elsewhere.words
    elsewhere.submit("/suivi/retour/engagements/", verdict="confirmed", words=f"{VERDICT}, oui.")
    assert "Confirmé" in elsewhere.part(".state")


def the_public_page_shows_the_loop_closed(place: Town) -> None:
    board = _public_board(place)
    entry = board.part("article.card")
    assert entry.startswith("Confirmé")
    for words in (MASKED, PROMISE, EVIDENCE):
        assert words in entry
    assert "Vous avez vérifié" in entry
    assert board.page.select("article svg.ring--confirmed")
    assert "Confirmé" in place.stranger().open(f"/s/{SLUG}").part("section[aria-labelledby=promis]")


def the_citizen_erases_and_nothing_is_left(place: Town, code: str, size: int) -> None:
    number, vectors = _what_the_machine_made(place)
    assert vectors
    for trace in _traces(vectors):
        assert trace in place.stored_bytes(), "what is erased must be there before"
    page = _come_back(place, code).follow("Effacer mon retour").submit("/suivi/effacer")
    assert "C’est effacé." in page.words
    stored = place.stored_bytes()
    assert [trace for trace in _traces(vectors) if trace in stored] == []
    _no_row_is_left(place, number)
    assert _come_back(place, code).status == 404
    assert size_of_theme(place) == size
    for path in ("/", f"/s/{SLUG}", f"/s/{SLUG}/ce-qui-change"):
        assert OPENING not in place.stranger().open(path).words
    _no_edition_quotes_it(place)
    signal = place.desk("expertise").open("/equipe/signaux").follow("Pharmacie")
    assert "1 retour effacé depuis." in signal.words
    assert OWN_WORD not in signal.words
    assert "Ce retour a été retiré" in place.desk("equipe").open(f"/equipe/retours/{number}").words


def _public_board(place: Town) -> PlainBrowser:
    return place.stranger().open(f"/s/{SLUG}").follow("Tout ce qui change")


def _come_back(place: Town, code: str) -> PlainBrowser:
    return place.stranger().open("/").follow("J’ai un code").submit("/suivi", code=code)


def _traces(vectors: list[bytes]) -> list[bytes]:
    return [OWN_WORD.encode(), REPLY.encode(), VERDICT.encode(), *vectors]


def _what_the_machine_made(place: Town) -> tuple[str, list[bytes]]:
    with place.app.app_context():
        own = Feedback.text.contains(OWN_WORD)
        number = db.session.scalars(select(Feedback.id).where(own)).one()
        vectors = select(Segment.vector).where(Segment.feedback_id == number)
        return number, list(db.session.scalars(vectors))


def _no_row_is_left(place: Town, number: str) -> None:
    with place.app.app_context():
        segments = select(func.count()).where(Segment.feedback_id == number)
        orphans = select(func.count()).where(Placement.segment_id.not_in(select(Segment.id)))
        indexes = [
            text(f"SELECT count(*) FROM {each} WHERE {each} MATCH :words")
            for each in ("feedback_search", "feedback_search_turns")
        ]
        assert db.session.scalar(segments) == 0
        assert db.session.scalar(orphans) == 0
        assert [db.session.scalar(each, {"words": OWN_WORD}) for each in indexes] == [0, 0]


def _no_edition_quotes_it(place: Town) -> None:
    with place.app.app_context():
        editions = list(db.session.scalars(select(Edition).where(Edition.skipped == "")))
        pages = [each.id for each in editions if each.audience in ("team", "public")]
        assert not any(each.content.get("quotes") for each in editions)
        assert not any(OWN_WORD in str(each.content) for each in editions)
    desk = place.desk("equipe")
    assert len(pages) >= 2
    for each in pages:
        page = desk.open(f"/syntheses/{each}")
        assert page.status == 200
        assert OWN_WORD not in page.words

"""Anything typed into the citizens' forms: no error of ours, the words stay, the fault is at its
field, and reading goes on from there.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db import db
from feedback.models import Commitment, CommitmentLink, Feedback, Message
from feedback.wording import clean
from tests.conftest import writing
from tests.factories import TODAY, csrf_token
from tests.feedback import citizen, readers
from tests.feedback.citizen import soup_of

LONGER = 5_001  # characters: one too many
WORDS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "",
            " \n ",
            "\x00",
            "Je veux mourir ce soir.",
            "</textarea><script>alert(1)</script>",
            "&amp; <b>gras</b>\r\n=1+1",
            "[PERSONNE_1] 06 12 34 56 78",
            "\u202eenvers\u2028ligne\u0300",
            "😀👍🏽" * 9,
            "x" * LONGER,
            "Deux mots. " * 480,
            "é" * 20_001,
        ]
    ),
)
ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "5", "10", "-1", "²", "1e9", "null", "\x00", "y", "poster", "'--"]),
    st.from_regex(r"[0-9A-Z]{4}( |-)?[0-9A-Z]{4}( |-)?[0-9A-Z]{8}", fullmatch=True),
)
FUZZ = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FORMS = {"repondre": "reply", "corriger": "text", "recours": "appeal"}
STATES = ("open", "held", "published", "returned", "refused")
TAKEN, ASKED_AGAIN = {200, 303}, {400, 404, 409, 422, 429}


@pytest.fixture
def returning(app: Flask, client: FlaskClient, slug: str) -> str:
    """The id of a retour with an announced change; its author's page is open on ``client``."""
    code = citizen.code_of(citizen.send(client, slug, text="Mes mesures ne partent plus."))
    with writing(app):
        own = db.session.scalars(select(Feedback)).one()
        promise = Commitment(
            service_id=own.service_id,
            text="Réparer l’envoi.",
            owner="Équipe",
            made=TODAY,
            due=TODAY,
            state="announced",
            announced=TODAY,
            evidence="La version 6.3 envoie les mesures.",
        )
        db.session.add(CommitmentLink(commitment=promise, feedback=own))
        number = own.id
    citizen.come_back(client, code)
    return number


def as_sent(value: str) -> str:
    """Return ``value`` as a browser can send it: a lone surrogate is none."""
    return value.encode("utf-8", "replace").decode()


def lines(text: str) -> list[str]:
    return [line.strip() for line in clean(text).splitlines()]


def typed_in(page: BeautifulSoup, name: str) -> list[str]:
    """Return what the fields of words called ``name`` hold, hidden ones left out."""
    return [area.get_text().removeprefix("\r").removeprefix("\n") for area in areas(page, name)]


def areas(page: BeautifulSoup, name: str) -> Iterator[Tag]:
    for each in name.split(","):
        yield from page.select(f"main textarea[name={each}]:not([hidden])")


def is_taken(answer: Any, name: str, words: str) -> bool:
    """Say whether the words were taken; else they are back in their field with the fault told."""
    assert answer.status_code in TAKEN | ASKED_AGAIN
    page = soup_of(answer)
    faults = page.select("main [aria-invalid=true]")
    for each in faults:
        assert has_its_error(page, each), each
    if answer.status_code in TAKEN:
        assert faults == []
        return True
    if clean(words):
        held = [lines(each) for each in typed_in(page, name)]
        assert lines(words) in held, f"{answer.status_code}: the words are gone"
    if answer.status_code == 422:
        starts = page.select("main [autofocus]")
        assert len(starts) == 1, "reading goes on from the fault, and from one place"
        is_summary = starts[0].get("role") == "alert"
        assert is_summary or starts[0] in faults
        assert not is_summary or all_lead_somewhere(page, starts[0])
    return False


def has_its_error(page: BeautifulSoup, field: Tag) -> bool:
    """Say whether the field, or the group of its choices, is described by an error of the page."""
    group = field.find_parent("fieldset") if field.get("type") == "radio" else field
    told = str((group or field).get("aria-describedby", "")).split()
    return all(page.find(id=each) for each in told) and any(
        page.select_one(f"#{each}.error") for each in told
    )


def all_lead_somewhere(page: BeautifulSoup, summary: Tag) -> bool:
    return all(page.select_one(str(link["href"])) for link in summary.select("a"))


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def post(client: FlaskClient, url: str, fields: dict[str, str]) -> Any:
    values = {name: as_sent(value) for name, value in fields.items()}
    return client.post(url, data={**values, "csrf_token": csrf_token(client)})


@pytest.mark.parametrize("basis", ["mission", "consent"])
@FUZZ
@given(text=WORDS, face=ODD, key=st.one_of(st.none(), ODD), consent=ODD, par=ODD)
def test_the_form_stands_anything(
    app: Flask, slug: str, basis: str, text: str, face: str, key: str | None, consent: str, par: str
) -> None:
    app.config["LEGAL_BASIS"] = basis
    visitor, before = app.test_client(), count(app, Feedback)
    fields = {"face": face, "text": text, "consent": consent}
    fields["key"] = key if key is not None else citizen.form_key(visitor, slug)
    values = {name: as_sent(value) for name, value in fields.items()}
    answer = visitor.post(f"/s/{slug}", data=values, query_string={"par": as_sent(par)})
    taken = is_taken(answer, "text", values["text"])
    assert count(app, Feedback) == before + taken
    assert "Set-Cookie" not in answer.headers


@FUZZ
@given(text=WORDS, original=st.one_of(st.none(), WORDS), leave=st.one_of(st.none(), ODD))
def test_correcting_stands_anything(
    app: Flask, client: FlaskClient, slug: str, text: str, original: str | None, leave: str | None
) -> None:
    own = citizen.hidden(citizen.send(client, slug), "corriger")
    fields = {**own, "text": text}
    fields |= {n: v for n, v in (("original", original), ("leave", leave)) if v is not None}
    answer = post(client, f"/s/{slug}/corriger", fields)
    assert answer.status_code in (200, 422)
    if leave is None or is_taken(answer, "text", as_sent(text)):
        is_taken(answer, "text", as_sent(text))


@FUZZ
@given(place=ODD, places=ODD, original=st.one_of(st.none(), WORDS))
def test_putting_a_word_back_stands_anything(
    client: FlaskClient, slug: str, place: str, places: str, original: str | None
) -> None:
    own = citizen.hidden(citizen.send(client, slug), "remettre")
    fields = {**own, "place": place, "places": places}
    fields |= {"original": original} if original is not None else {}
    answer = post(client, f"/s/{slug}/remettre", fields)
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        (start,) = soup_of(answer).select("main [autofocus]")
        assert start.get("role") == "alert"


@FUZZ
@given(reply=WORDS)
def test_writing_again_stands_anything(
    app: Flask, client: FlaskClient, returning: str, reply: str
) -> None:
    before = count(app, Message)
    answer = post(client, "/suivi/retour/repondre", {"reply": reply})
    if not is_taken(answer, "reply", as_sent(reply)):
        assert count(app, Message) == before


@FUZZ
@given(verdict=st.sampled_from(["confirmed", "partly", "not", "no_longer", "", "²"]), words=WORDS)
def test_a_verdict_stands_anything(
    app: Flask, client: FlaskClient, returning: str, verdict: str, words: str
) -> None:
    with app.app_context():
        number = db.session.scalars(select(Commitment.id)).one()
    url = f"/suivi/retour/engagements/{number}"
    is_taken(post(client, url, {"verdict": verdict, "words": words}), "words", as_sent(words))


@FUZZ
@given(words=WORDS, state=st.sampled_from(STATES), form=st.sampled_from(sorted(FORMS)))
def test_the_forms_of_the_authors_page_stand_anything_in_any_state(
    app: Flask, client: FlaskClient, returning: str, words: str, state: str, form: str
) -> None:
    """A page may be older than what a moderator decided meanwhile."""
    with writing(app):
        own = db.session.get_one(Feedback, returning)
        own.state, own.reason = state, "Une règle."
    name = FORMS[form]
    answer = post(client, f"/suivi/retour/{form}", {name: words})
    names = (name, "reply", "appeal") if answer.status_code == 409 else (name,)
    is_taken(answer, ",".join(names), as_sent(words))


@FUZZ
@given(words=WORDS, key=st.one_of(st.none(), ODD))
def test_answering_a_message_stands_anything(
    app: Flask, client: FlaskClient, slug: str, words: str, key: str | None
) -> None:
    at = readers.address(slug, readers.publish(app, slug))
    own = citizen.hidden(client.get(at), "repondre")["key"]
    before = count(app, Feedback)
    fields = {"key": own if key is None else key, "answer": words}
    taken = is_taken(post(client, f"{at}/repondre", fields), "answer", as_sent(words))
    assert count(app, Feedback) == before + taken


@FUZZ
@given(reason=st.one_of(ODD, st.just("insult")), words=WORDS, key=st.one_of(st.none(), ODD))
def test_a_notice_stands_anything(
    app: Flask, client: FlaskClient, slug: str, reason: str, words: str, key: str | None
) -> None:
    at = f"{readers.address(slug, readers.publish(app, slug))}/signaler"
    own = citizen.hidden(client.get(at), "signaler")["key"]
    fields = {"key": own if key is None else key, "reason": reason, "words": words}
    is_taken(post(client, at, fields), "words", as_sent(words))


@FUZZ
@given(code=ODD, kept=WORDS, name=ODD, address=ODD)
def test_a_code_stands_anything(
    client: FlaskClient, code: str, kept: str, name: str, address: str
) -> None:
    fields = {"code": code, "kept": kept, "kept_name": name, "kept_for": address}
    answer = post(client, "/suivi", fields)
    assert not is_taken(answer, "kept", as_sent(kept))
    field = soup_of(answer).select_one("#code")
    assert field is not None
    assert field.has_attr("autofocus")


@pytest.mark.parametrize(("page", "form"), [("repondre", "reponse"), ("signaler", "signalement")])
def test_sending_again_from_the_summary_sends_the_form_of_the_page(
    app: Flask, client: FlaskClient, slug: str, page: str, form: str
) -> None:
    at = f"{readers.address(slug, readers.publish(app, slug))}/{page}"
    fields = {"key": "trop vieille", "answer": "Chez moi aussi.", "reason": "insult", "words": "Un"}
    answer = soup_of(post(client, at, fields))
    button = answer.select_one("#problem button")
    assert button is not None
    assert button["form"] == form
    assert answer.select_one(f"form#{form}[action='{at}']") is not None

"""Anything typed into the forms for others: no error of ours, nothing lost, nothing kept unread."""

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.db import db
from feedback.models import Feedback
from feedback.wording import clean
from tests.factories import post
from tests.feedback import citizen
from tests.feedback.citizen import soup_of
from tests.feedback.speaking import form_key, speak_for, type_sheet

ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["", "0", "1", "9", "-1", "²", "٣", "1e9", "NaN", "null", "\x00", "\ud800a"]),
    st.text(alphabet="0123456789 -", max_size=12),
)
ANSWERS = ("face", "G5.kind", "G3", "G4", "G6", "G7", "G8", "G9", "functionality", "sheet")
OURS = {200, 303, 409, 422}
FUZZ = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def forms(draw: st.DrawFn) -> dict[str, str]:
    """Some fields with something odd in each."""
    names = draw(st.sets(st.sampled_from(ANSWERS)))
    fields = {name: draw(ODD) for name in names}
    fields |= {"text": draw(ODD), "G5": draw(ODD), "handover": draw(ODD), "consent": draw(ODD)}
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}


def _count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Feedback)) or 0


def _shown(page: str, name: str) -> str:
    area = soup_of_text(page).find(id=name)
    assert area is not None
    return area.get_text().removeprefix("\n")


def soup_of_text(page: str) -> citizen.BeautifulSoup:
    return citizen.BeautifulSoup(page, "html.parser")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in clean(text).splitlines()]


@FUZZ
@given(fields=forms())
def test_the_mediators_form_stands_anything(
    app: Flask, desk: FlaskClient, slug: str, fields: dict[str, str]
) -> None:
    before = _count(app)
    _check(app, speak_for(desk, slug, **fields), fields, before)


@FUZZ
@given(fields=forms())
def test_the_paper_screen_stands_anything(
    app: Flask, desk: FlaskClient, slug: str, fields: dict[str, str]
) -> None:
    before = _count(app)
    _check(app, type_sheet(desk, slug, **fields), fields, before)


def _check(app: Flask, answer: object, fields: dict[str, str], before: int) -> None:
    status, page = answer.status_code, answer.text  # type: ignore[attr-defined]
    assert status in OURS
    assert _count(app) == before + (status in (200, 303))
    if status in (200, 303):
        return
    assert soup_of(answer).select_one("#problem")
    for name in ("text", "G5"):
        assert _lines(_shown(page, name)) == _lines(fields[name])


@FUZZ
@given(key=st.one_of(ODD, st.none()), way=ODD, sheet=ODD)
def test_handing_over_stands_anything(
    app: Flask, desk: FlaskClient, slug: str, key: str | None, way: str, sheet: str
) -> None:
    own = key is None
    typed = form_key(desk, f"/equipe/saisir/{slug}") if own else key
    if own:
        speak_for(desk, slug, typed)
    values = {"key": typed, "way": way, "sheet": sheet}
    values = {n: str(v).encode("utf-8", "replace").decode() for n, v in values.items()}
    answer = post(desk, f"/equipe/saisir/{slug}/code", values)
    assert answer.status_code in ({200, 422} if own else {400})

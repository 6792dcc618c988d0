"""The doors to a service: short address, poster, button, frame, and what each tells of the way."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.accounts import Role
from app.anonymity import make_anonymous
from app.catalogue import SHORT_LETTERS, Service
from app.catalogue_edits import ServiceValues, create_service
from app.db import db
from feedback.models import Commitment
from feedback.widget_origins import MOST, BadOrigin, read_origin, read_origins
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen
from tests.feedback.citizen import soup_of, words_of
from tests.feedback.speaking import only_retour
from tests.tagged import tagged

SITES = ["https://www.exemple.fr", "https://sante.exemple.fr:8443"]


@pytest.fixture
def slug(app: Flask) -> str:
    return citizen.open_service(app, widget_origins=SITES)


@pytest.fixture
def team(app: Flask, slug: str) -> FlaskClient:
    """A browser where a member of the service's team is signed in."""
    client = app.test_client()
    with writing(app):
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service(slug),)))
    return client


def service(slug: str) -> Service:
    row: Service = db.session.scalars(db.select(Service).filter_by(slug=slug)).one()
    return row


def short_of(app: Flask, slug: str) -> str:
    with app.app_context():
        return service(slug).short


# The short address


def test_the_short_address_is_drawn_with_the_service_and_leads_to_its_page(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        values = ServiceValues("Nuit", "Dormir", "01", "Ici", "9 h")
        made = [create_service(values, factories.organisation(), TODAY) for _each in range(2)]
        shorts = [each.short for each in made]
        slug = made[0].slug
    assert shorts[0] != shorts[1]
    assert all(re.fullmatch(f"[{SHORT_LETTERS}]{{6}}", short) for short in shorts)
    for typed in (shorts[0], shorts[0].upper()):
        answer = client.get(f"/r/{typed}")
        assert (answer.status_code, answer.location) == (302, f"/s/{slug}?par=link")


def test_an_unknown_short_address_leads_home(client: FlaskClient) -> None:
    answer = client.get("/r/zzzzzz")
    assert answer.status_code == 404
    assert soup_of(answer).select_one("main a[href='/']")


@pytest.mark.parametrize(
    ("path", "channel"),
    [("?par=poster", "poster"), ("", "link"), ("?par=mediator", "link"), ("?par=x", "link")],
)
def test_what_came_by_the_short_address_is_counted_under_its_door(
    app: Flask, client: FlaskClient, slug: str, path: str, channel: str
) -> None:
    page = client.get(client.get(f"/r/{short_of(app, slug)}{path}").location)
    form = soup_of(page).select_one("form#retour")
    assert form is not None
    key = citizen.hidden(page, str(form["action"]))["key"]
    client.post(str(form["action"]), data={"key": key, "face": "5"})
    assert only_retour(app).channel == channel


def test_where_the_law_guarantees_anonymity_every_door_is_the_web(
    app: Flask, client: FlaskClient
) -> None:
    slug = citizen.open_service(app, anonymous_by_law=True)
    assert client.get(f"/r/{short_of(app, slug)}?par=poster").location == f"/s/{slug}"
    key = citizen.form_key(client, slug)
    client.post(f"/s/{slug}?par=widget", data={"key": key, "face": "5"})
    assert only_retour(app).channel == "web"
    assert "par=" not in client.get(f"/s/{slug}?par=poster").text
    assert client.get(f"/s/{slug}/cadre").status_code == 404


# The poster


def test_the_poster_on_paper_says_what_the_page_says(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    answer = client.get(f"/s/{slug}/affiche.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    assert len(reader.pages) == 1
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842), "A4"
    said = " ".join(reader.pages[0].extract_text().split())
    page = soup_of(client.get(f"/s/{slug}/affiche")).select_one("article.poster")
    assert page is not None
    sentences = [p.get_text(" ", strip=True) for p in page.select("h1, p:not(.no-print)")]
    assert len([each for each in sentences if each]) == 4
    for sentence in sentences:
        assert sentence in said
    assert f"localhost/r/{short_of(app, slug)}" in said


def test_the_poster_is_tagged_titled_and_in_its_language(client: FlaskClient, slug: str) -> None:
    for language in ("fr", "en"):
        tagged(
            client.get(f"/s/{slug}/affiche.pdf", headers={"Accept-Language": language}).data,
            language,
        )


# The frame


def test_the_frame_is_read_only_and_keeps_to_the_floors(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        for text in ("Réparer les rappels.", "Abandonné."):
            row = Commitment(service=service(slug), text=text, owner="o", made=TODAY, due=TODAY)
            row.state = "dropped" if text == "Abandonné." else "promised"
            db.session.add(row)
        for _each in range(29):
            factories.retour(service(slug), face=10)
        factories.publish()
    answer = client.get(f"/s/{slug}/cadre")
    page = soup_of(answer)
    assert not page.select("form, script, input, button, iframe, img")
    assert not answer.headers.getlist("Set-Cookie")
    assert "Réparer les rappels." in words_of(answer)
    assert "Abandonné." not in words_of(answer)
    assert "sur 100" not in words_of(answer), "29 retours are too few for a rate"
    links = [(a["href"], a["target"]) for a in page.select("a")]
    assert links == [(f"/s/{slug}?par=widget", "_blank"), (f"/s/{slug}/autrement", "_blank")]
    with writing(app):
        factories.retour(service(slug), face=10)
        factories.publish()
    assert "100 sur 100, pour 30 retours" in words_of(client.get(f"/s/{slug}/cadre"))


def test_only_listed_sites_may_show_the_frame(app: Flask, client: FlaskClient, slug: str) -> None:
    headers = client.get(f"/s/{slug}/cadre").headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert policy[-1] == "frame-ancestors " + " ".join(SITES)
    assert policy[0] == "default-src 'none'"
    assert "X-Frame-Options" not in headers
    with writing(app):
        service(slug).widget_origins = []
    headers = client.get(f"/s/{slug}/cadre").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


# The settings page


def test_the_settings_page_gives_every_door(app: Flask, team: FlaskClient, slug: str) -> None:
    page = team.get(f"/equipe/reglages/{slug}/entrees")
    short = f"http://localhost/r/{short_of(app, slug)}"
    soup = soup_of(page)
    assert soup.find("a", href=short)
    assert soup.find("a", href=f"/s/{slug}/affiche.pdf")
    assert soup.select_one(".qr svg")
    button = citizen.BeautifulSoup(soup.select_one("#bouton").get_text(), "html.parser")  # type: ignore[union-attr]
    (link,) = button.find_all()
    assert link.name == "a"
    assert set(link.attrs) == {"href", "rel"}
    assert link["href"] == f"http://localhost/s/{slug}?par=widget"
    frame = citizen.BeautifulSoup(soup.select_one("#frame").get_text(), "html.parser").iframe  # type: ignore[union-attr]
    assert frame is not None
    assert frame["src"] == f"http://localhost/s/{slug}/cadre"
    assert frame["title"]
    assert "allow-scripts" not in frame["sandbox"]
    assert not {"style", "onload"} & set(frame.attrs)
    settings_page = team.get(f"/equipe/reglages/{slug}")
    assert soup_of(settings_page).find("a", href=f"/equipe/reglages/{slug}/entrees")


def test_a_name_with_quotes_stays_text_in_the_snippets(app: Flask, team: FlaskClient) -> None:
    with writing(app):
        row = service(only_slug(app))
        row.name = 'Suivi "<b>tension</b>"'
    page = soup_of(team.get(f"/equipe/reglages/{only_slug(app)}/entrees"))
    snippet = citizen.BeautifulSoup(page.select_one("#bouton").get_text(), "html.parser")  # type: ignore[union-attr]
    assert [each.name for each in snippet.find_all()] == ["a"]
    assert 'Suivi "<b>tension</b>"' in snippet.get_text()


def only_slug(app: Flask) -> str:
    with app.app_context():
        return str(db.session.scalars(db.select(Service.slug)).one())


def test_sites_are_kept_once_as_browsers_write_them(
    app: Flask, team: FlaskClient, slug: str
) -> None:
    typed = "https://WWW.Exemple.fr/\n\n https://santé.exemple.fr:8443\nhttps://www.exemple.fr:443"
    path = f"/equipe/reglages/{slug}/entrees"
    assert post(team, path, {"origins": typed}).status_code == 303
    with app.app_context():
        kept = service(slug).widget_origins
    assert kept == ["https://www.exemple.fr", "https://xn--sant-epa.exemple.fr:8443"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("http://www.exemple.fr", "commence par https://"),
        ("www.exemple.fr", "commence par https://"),
        ("https://*.exemple.fr", "sans *"),
        ("https://www.exemple.fr/page", "rien après"),
        ("https://www.exemple.fr?x=1", "rien après"),
        ("https://moi@www.exemple.fr", "rien après"),
        ("https://www.exemple.fr; script-src *", "sans *"),
        ("https://www.exemple.fr;script-src", "pas le nom d’un site"),
        ("https://www.exemple.fr 'unsafe-inline'", "pas le nom d’un site"),
        ("https://localhost", "pas le nom d’un site"),
        ("https://192.168.1.1", "pas le nom d’un site"),
        ("https://[::1]", "pas le nom d’un site"),
        ("https://www.exemple.fr:99999", "n’est pas une adresse"),
        ("\n".join(f"https://n{n}.exemple.fr" for n in range(MOST + 1)), "10 adresses au plus"),
    ],
)
def test_a_wrong_site_is_refused_at_its_field(
    app: Flask, team: FlaskClient, slug: str, typed: str, why: str
) -> None:
    answer = post(team, f"/equipe/reglages/{slug}/entrees", {"origins": typed})
    assert answer.status_code == 422
    area = soup_of(answer).select_one("#origins[aria-describedby~=origins-error][autofocus]")
    assert area is not None
    assert area.get_text().strip() == typed
    assert why in soup_of(answer).select_one("#origins-error").get_text()  # type: ignore[union-attr]
    with app.app_context():
        assert service(slug).widget_origins == SITES


@settings(max_examples=300, deadline=None)
@given(line=st.one_of(st.text(max_size=40), st.from_regex(r"https://[ -~]{0,30}", fullmatch=True)))
def test_whatever_is_kept_is_an_origin_and_nothing_more(line: str) -> None:
    try:
        found = read_origins(line)
    except BadOrigin:
        return
    for origin in found:
        assert re.fullmatch(r"https://[a-z0-9.-]+(:\d{1,5})?", origin)


def test_another_teams_doors_are_not_there(app: Flask, team: FlaskClient) -> None:
    other = citizen.open_service(app)
    assert team.get(f"/equipe/reglages/{other}/entrees").status_code == 404
    assert post(team, f"/equipe/reglages/{other}/entrees", {"origins": ""}).status_code == 404


def test_turning_anonymity_on_takes_the_frame_away(
    app: Flask, team: FlaskClient, slug: str
) -> None:
    with writing(app):
        make_anonymous(service(slug))
    path = f"/equipe/reglages/{slug}/entrees"
    assert not soup_of(team.get(path)).find(id="cadre")
    answer = post(team, path, {"origins": SITES[0]})
    assert answer.status_code == 422
    with app.app_context():
        assert service(slug).widget_origins == []


def test_an_origin_is_read_alone() -> None:
    assert read_origin("https://a.fr:8443/") == "https://a.fr:8443"

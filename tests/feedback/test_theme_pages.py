"""The list of themes, what stands in none, and the page of one theme."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback.models import Theme, ThemeEvent
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.placed import declare, place, said, theme


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A service whose team is signed in, with a large, a growing and a small theme."""
    with writing(app):
        service = factories.service(slug="tension", name="Mon suivi tension")
        account = factories.account(Role.PROMOTER, services=(service,))
        large, growing, small = (
            theme(service, name) for name in ("Mesures perdues", "Écran figé", "Carte")
        )
        said(large, 30, TODAY - timedelta(days=100))
        said(large, 20, TODAY - timedelta(days=40))
        said(large, 1, TODAY - timedelta(days=10))
        said(growing, 12, TODAY - timedelta(days=3))
        said(small, 2, TODAY - timedelta(days=60))
        factories.sign_in(client, account)
        ids = {"large": large.id, "growing": growing.id, "small": small.id}
        return {"service": service.slug, **ids}


def page_of(client: FlaskClient, url: str, **more: Any) -> BeautifulSoup:
    answer = client.get(url, **more)
    assert answer.status_code == 200, url
    return BeautifulSoup(answer.text, "html.parser")


def words(tag: Tag | BeautifulSoup | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def names(page: BeautifulSoup) -> list[str]:
    return [words(link) for link in page.select(".row--theme > a")]


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that the database is asked."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_the_list_tells_size_movement_and_what_stands_in_none(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    page = page_of(client, "/equipe/themes")
    assert names(page) == ["Mesures perdues", "Écran figé", "Carte", "Sans thème"]
    first, second = (words(row) for row in page.select(".row--theme")[:2])
    assert "51 retours" in first
    assert "1 en 4 semaines, 20 les 4 d’avant" in first
    assert "en baisse" in first
    assert "en hausse" in second


def test_a_sparkline_says_its_finding_and_its_numbers_stand_in_the_table(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    page = page_of(client, "/equipe/themes")
    drawn = page.select("svg.spark")
    assert len(drawn) == 4
    assert all(each["role"] == "img" for each in drawn)
    assert drawn[1]["aria-label"] == (
        "Écran figé : 12 en 4 semaines, 0 les 4 d’avant, 12 au plus en une semaine, en hausse"
    )
    row = next(r for r in page.select("details tr") if "Écran figé" in words(r))
    cells = [words(cell) for cell in row.select("td")]
    assert len(cells) == 26
    assert cells[-1] == "12"
    assert set(cells[:-1]) == {"0"}


def test_the_list_is_sorted_by_growth_or_name_at_will(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    rising = names(page_of(client, "/equipe/themes?tri=progression"))
    assert rising[0] == "Écran figé"
    assert rising[-2] == "Mesures perdues"
    by_name = names(page_of(client, "/equipe/themes?tri=nom"))
    assert by_name[:3] == ["Carte", "Écran figé", "Mesures perdues"]


def test_names_are_searched_without_accents_and_an_unknown_word_says_what_to_do(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    assert names(page_of(client, "/equipe/themes?mots=ecran"))[0] == "Écran figé"
    nothing = page_of(client, "/equipe/themes?mots=zzz")
    assert names(nothing) == []
    assert "Aucun thème ne porte ces mots" in words(nothing)
    assert nothing.select_one("input[name=mots][value=zzz]")


def test_unknown_choices_in_the_address_fall_back_to_the_plain_list(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    page = page_of(client, "/equipe/themes?tri=hasard&par=prenom&page=-4")
    assert names(page)[0] == "Mesures perdues"


def test_a_split_shows_shares_of_every_theme_and_hides_few_of_a_trait(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        row = db.session.get(Theme, team["small"])
        assert row
        for retour in said(row, 5):
            declare(retour, "G6", "user")
        declare(said(row, 1)[0], "G6", "relative")
    page = page_of(client, "/equipe/themes?par=role")
    cells = {words(r.select_one("th")): words(r) for r in page.select("#theme-split tbody tr")}
    assert list(cells)[0] == "Tout le service"
    assert cells["Mesures perdues"] == "Mesures perdues 51 0 0 100 % (51)"
    assert "masqué" in cells["Carte"]
    assert "(1)" not in cells["Carte"]
    assert "Un point : moins de 5 retours" in words(page)


def test_ended_themes_are_folded_and_a_merged_one_leads_to_its_heir_for_good(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        service = db.session.get(Theme, team["large"]).service
        middle = theme(service, "Relevés", ended=TODAY, merged_into=team["large"])
        first = theme(service, "Tableaux", ended=TODAY, merged_into=middle.id)
        gone = theme(service, "Fax", ended=TODAY)
        said(gone, 1)
        ids = first.id, gone.id
    page = page_of(client, "/equipe/themes")
    folded = next(d for d in page.select("details") if "3 thèmes terminés" in words(d))
    assert not folded.has_attr("open")
    assert "Relevés , le 23 novembre 2026 : ses messages sont dans « Mesures perdues »" in words(
        folded
    )
    answer = client.get(f"/equipe/themes/{ids[0]}")
    assert (answer.status_code, answer.location) == (301, f"/equipe/themes/{team['large']}")
    assert "Ce thème est terminé depuis le 23 novembre 2026" in words(
        page_of(client, f"/equipe/themes/{ids[1]}")
    )


def test_what_stands_in_no_theme_opens_a_paged_list_with_masks_drawn(
    app: Flask, client: FlaskClient, team: dict[str, Any], committed: Any
) -> None:
    with writing(app):
        service = db.session.get(Theme, team["large"]).service
        for number in range(31):
            day = TODAY - timedelta(days=number)
            text = f"Phrase {number} de [PERSONNE_1]."
            place(factories.retour(service, text=text, day=day), None)
        place(factories.retour(service, text="Retenue.", state="held"), None)
    link = page_of(client, "/equipe/themes").select(".row--theme > a")[-1]["href"]
    page = page_of(client, str(link))
    assert "31 phrases sur 96 n’entrent dans aucun thème." in words(page)
    assert len(page.select(".row")) == 30
    assert page.select_one(".row .mask")
    assert "[PERSONNE" not in page.get_text()
    last = page_of(client, f"{link}?page=2")
    assert [words(row.a) for row in last.select(".row")] == ["Phrase 30 de Personne ."]
    assert "Retenue" not in words(page) + words(last)


def test_another_team_finds_neither_theme_nor_list(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        other = factories.account(Role.PROMOTER, services=(factories.service(),))
        factories.sign_in(client, other)
    for url in (f"/equipe/themes/{team['large']}", "/equipe/themes/sans-theme/tension"):
        assert client.get(url).status_code == 404
    assert "Mesures perdues" not in client.get("/equipe/themes?service=tension").text


def test_an_expert_reads_counts_and_no_message(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(Role.EXPERT))
    page = page_of(client, f"/equipe/themes/{team['large']}")
    assert "51 retours" in words(page)
    assert "ne transmet plus" not in words(page)
    assert not page.select("#messages")
    listed = page_of(client, "/equipe/themes")
    assert not listed.select(".row--alone a")
    assert "Sans thème" in words(listed)
    assert client.get("/equipe/themes/sans-theme/tension").status_code == 403


def test_under_thirty_texts_the_messages_stand_sorted_without_structure(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service()
        for days in (3, 1, 2):
            factories.retour(
                service, text=f"Il y a {days} jours.", day=TODAY - timedelta(days=days)
            )
        factories.retour(service, text=None, face=10)
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    page = page_of(client, "/equipe/themes")
    assert "Pas encore de structure : 3 textes, il en faut une trentaine." in words(page)
    assert [words(row.a) for row in page.select(".row")] == [
        "Il y a 1 jours.",
        "Il y a 2 jours.",
        "Il y a 3 jours.",
    ]
    assert "Analyse en attente pour 3 retours" in words(page)


def test_the_page_of_a_theme_says_size_and_trend_in_one_sentence_and_marks_releases(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        service = db.session.get(Theme, team["large"]).service
        factories.release(service, "6.2", TODAY - timedelta(days=30))
        factories.release(service, "1.0", date(2020, 1, 1))
    page = page_of(client, f"/equipe/themes/{team['growing']}")
    lead = "12 retours, en hausse : 12 en 4 semaines, 0 les 4 d’avant."
    assert words(page.select_one(".lead")) == lead
    picture = page.select_one("figure svg")
    assert picture
    assert lead in str(picture["aria-label"])
    assert "6.2" in words(picture)
    assert "1.0" not in words(picture)


def test_typical_and_borderline_messages_are_apart_and_only_readable_ones_show(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        row = db.session.get(Theme, team["small"])
        service = row.service
        typical = [
            place(factories.retour(service, text=f"Typique {n}."), row, 0.9) for n in range(4)
        ]
        hidden = place(factories.retour(service, text="Retenue.", state="held"), row, 0.9)
        row.typical = [hidden.id, *(segment.id for segment in typical)]
        place(factories.retour(service, text="Presque dehors."), row, 0.51)
        place(factories.retour(service, text="Sous le seuil."), row, 0.4)
        place(factories.retour(service, text="Mise par quelqu’un."), row, 0.5, by="person")
        place(factories.retour(service, text="Contestée."), row, 0.5, contested=True)
    page = page_of(client, f"/equipe/themes/{team['small']}")
    quotes = [words(quote) for quote in page.select("blockquote")]
    assert quotes[:3] == ["Typique 0.", "Typique 1.", "Typique 2."]
    assert quotes[3] == "Presque dehors."
    assert len(quotes) == 5
    assert not {"Sous le seuil.", "Mise par quelqu’un.", "Contestée.", "Retenue."} & set(quotes)


def test_all_messages_come_by_page_in_place_or_by_a_plain_link(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    url = f"/equipe/themes/{team['large']}"
    page = page_of(client, url)
    assert len(page.select("#messages .row")) == 30
    link = page.select_one("#theme-more a")
    assert link
    assert link["href"] == f"{url}?page=2#messages"
    assert link["data-hx-target"] == "#theme-more"
    part = page_of(client, str(link["data-hx-get"]), headers={"HX-Request": "true"})
    assert not part.select("main")
    assert len(part.select("#theme-messages-2 .row")) == 21
    assert not part.select("#theme-more")
    plain = page_of(client, f"{url}?page=2")
    assert len(plain.select("main #messages .row")) == 21
    seen = {a["href"] for a in page.select("#messages .row > a")}
    assert len(seen | {a["href"] for a in part.select(".row > a")}) == 51


def test_words_are_sized_by_their_weight(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        row = db.session.get(Theme, team["small"])
        row.words = [["carte", 8.0], ["vitale", 4.1], ["lecteur", 0.5]]
    chips = page_of(client, f"/equipe/themes/{team['small']}").select("aside .chips li")
    assert [(words(chip), chip["class"]) for chip in chips] == [
        ("carte", ["w4"]),
        ("vitale", ["w3"]),
        ("lecteur", ["w1"]),
    ]


def test_splits_are_bars_with_a_table_and_say_when_nobody_answered(
    client: FlaskClient, team: dict[str, Any]
) -> None:
    aside = page_of(client, f"/equipe/themes/{team['large']}").select_one("aside")
    assert aside
    assert "100 % (51)" in words(aside.select_one("figure svg"))
    assert "100 % (51)" in words(aside.select_one("figure table"))
    assert aside.select("figure svg")[0]["aria-label"] == "Le plus souvent : site, 100 %"
    assert words(aside).count("Personne ne l’a précisé.") == 3


def test_the_history_of_a_theme_is_told_in_words(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        for kind, detail, by in (
            ("born", "carte · vitale", "machine"),
            ("renamed", "carte · vitale → Carte", "promoter"),
            ("contested", "1", "author"),
            ("never seen", "?", "moderator"),
        ):
            row = ThemeEvent(theme_id=team["small"], day=TODAY, kind=kind, detail=detail, by=by)
            db.session.add(row)
    page = page_of(client, f"/equipe/themes/{team['small']}")
    told = [words(line) for line in page.select(".timeline li")]
    assert told == [
        "23 novembre 2026 Le thème apparaît (Analyse automatique)",
        "23 novembre 2026 Renommé : carte · vitale → Carte (Équipe)",
        "23 novembre 2026 Un auteur retire sa phrase : ce n’est pas ce qu’il voulait dire (Auteur)",
        "23 novembre 2026 Modifié : ? (Modération)",
    ]


def test_the_list_asks_no_query_for_each_theme(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with counted_queries(app) as few:
        client.get("/equipe/themes?par=role")
    with writing(app):
        service = db.session.get(Theme, team["large"]).service
        for number in range(45):
            said(theme(service, f"Thème {number}", words=[["mot", 1.0]]), 1)
    with counted_queries(app) as many:
        page_of(client, "/equipe/themes?par=role")
    assert len(many) == len(few)
    second = page_of(client, "/equipe/themes?page=2")
    assert len(names(second)) == 48 - 40 + 1


def test_a_theme_of_a_service_without_any_release_or_message_still_opens(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with writing(app):
        service: Service = db.session.get(Theme, team["large"]).service
        empty = theme(service, "Vide").id
    page = page_of(client, f"/equipe/themes/{empty}")
    assert "0 retour, stable" in words(page)
    assert "Aucun retour n’est plus dans ce thème." in words(page)

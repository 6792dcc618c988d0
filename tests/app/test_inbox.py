"""The inbox: what waits, filters, what is new, acts on many with undo, notes, own views."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import privacy, traces
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db, random_id, will_write
from app.desk_narrowing import MOST_HITS
from feedback import (
    commitments,
    desk_acts,
    readings,
    search,
    theme_edits,
    theme_moves,
    threads,
)
from feedback import models as m
from tests import factories
from tests.conftest import NOON, writing
from tests.factories import TODAY, post
from tests.feedback import theme_town
from tests.statements import counted

Town = dict[str, Any]


@pytest.fixture
def town(app: Flask, client: FlaskClient) -> Town:
    """Two services, two colleagues of one, a third of the other; the first is signed in."""
    with writing(app):
        own, other = factories.service(name="Mon suivi"), factories.service(name="Mes droits")
        me = factories.account(Role.PROMOTER, services=(own,), name="Ana")
        mate = factories.account(Role.PROMOTER, services=(own,), name="Bo")
        stranger = factories.account(Role.PROMOTER, services=(other,), name="Cy")
        kind = factories.functionality(own, name="Partage")
        factories.release(own)
        ids = {
            "late": _retour(own, "Le tensiomètre est muet", day=1, due=-1),
            "soon": _retour(own, "Les journaux des élèves", day=2, due=1, functionality=kind),
            "calm": _retour(own, "La courbe est lisible", day=3, thread_state="none", face=10),
            "foreign": _retour(other, "Le dossier étranger", day=1, due=-1),
        }
        found = {"me": me.id, "mate": mate.id, "stranger": stranger.id, **ids}
        found |= {"theme": theme_town.theme(own, "Appareil").id}
        found |= {"far": theme_town.theme(other, "Dossiers").id}
        found |= {"own": own.id, "slug": own.slug, "other_slug": other.slug, "kind": kind.id}
        factories.sign_in(client, me)
    return found


def _retour(service: Service, text: str, day: int, due: int | None = None, **values: Any) -> str:
    came = TODAY - timedelta(days=day)
    if due is not None:
        values |= {"reply_due": TODAY + timedelta(days=due)}
    if values.get("thread_state") == "none":
        values["waiting_since"] = None
    row = factories.retour(service, text=text, day=came, **values)
    search.index(row)
    return row.id


def shown(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/equipe?{query}")
    assert answer.status_code == 200, query
    return answer.get_data(as_text=True)


def rows(committed: Session, query: Any) -> list[Any]:
    """Return what was committed, and hold no lock."""
    found = list(committed.scalars(query))
    committed.expunge_all()
    committed.rollback()
    return found


def _soup(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def ids_in(page: str) -> set[str]:
    return {str(box["value"]) for box in _soup(page).select("input[name=retours]")}


def do(client: FlaskClient, act: str, ids: list[str], **more: Any) -> Any:
    data = {"acte": act, "retours": ids, "cle": random_id(), **more}
    return post(client, "/equipe/lot", data)


def test_the_head_says_what_to_decide(client: FlaskClient, town: Town) -> None:
    page = _soup(shown(client))
    head = page.find(class_="decide")
    assert head is not None
    words = " ".join(head.get_text(" ").split())
    assert "1 réponse en retard" in words
    assert "1 réponse à rendre bientôt" in words
    assert "3 nouveautés à lire" in words
    assert "Première visite" in words


@pytest.mark.parametrize(
    ("state", "due", "steps", "told"),
    [
        ("late", -1, (), "1 engagement en retard"),
        ("promised", 7, (), "1 engagement à tenir sous 7 jours"),
        ("due", 0, (), "1 engagement à tenir sous 7 jours"),
        ("promised", 8, (), ""),
        ("promised", 5, (("sent_back", 2),), "1 annonce rendue par la modération"),
        ("promised", 30, (("sent_back", 2), ("owner", 1)), "1 annonce rendue"),
        ("claimed", 3, (), ""),
        ("unverified", -40, (("unverified", 6),), "1 changement que personne n’a vérifié en 28"),
        ("unverified", -40, (("unverified", 7),), ""),
    ],
)
def test_the_head_tells_of_promises(
    app: Flask,
    client: FlaskClient,
    town: Town,
    state: str,
    due: int,
    steps: tuple[tuple[str, int], ...],
    told: str,
) -> None:
    with writing(app):
        service = db.session.get_one(Service, town["own"])
        made, day = TODAY - timedelta(days=60), TODAY + timedelta(days=due)
        row = m.Commitment(service=service, text="Réparer.", owner="Ana", made=made, due=day)
        row.state = state
        db.session.add(row)
        db.session.flush()
        for number, (kind, ago) in enumerate((("promised", 60), *steps)):
            step = m.CommitmentStep(kind=kind, day=TODAY - timedelta(days=ago), role="rule")
            step.commitment_id, step.position = row.id, number
            db.session.add(step)
    lines = [
        " ".join(each.get_text(" ").split()) for each in _soup(shown(client)).select(".decide li")
    ]
    asked = ("engagement", "annonce", "changement que")
    about = [line for line in lines if any(word in line for word in asked)]
    assert [line.startswith(told) for line in about] == ([True] if told else [])


def test_a_team_with_nothing_to_decide_is_told_so(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    with writing(app):
        for row in db.session.scalars(select(m.Feedback)):
            row.thread_state, row.reply_due, row.changed = "settled", None, date(2026, 1, 1)
    assert "Rien n’attend de décision." in shown(client)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("vue=a-repondre", {"late", "soon"}),
        ("vue=en-retard", {"late"}),
        ("vue=bientot", {"soon"}),
        ("vue=tous", {"late", "soon", "calm"}),
        ("vue=a-moi", set()),
        ("vue=contestes", set()),
        ("vue=tous&fonction={kind}", {"soon"}),
        ("vue=tous&canal=web", {"late", "soon", "calm"}),
        ("vue=tous&canal=paper", set()),
        ("vue=tous&etat=attend", {"late", "soon", "calm"}),  # no such state: told, and left out
        ("vue=tous&etat=waiting", {"late", "soon"}),
        ("vue=tous&etat=publie", set()),
        ("vue=tous&note=10", {"calm"}),
        ("vue=tous&mots=journal+eleve", {"soon"}),
        ("vue=tous&mots=%22journaux+des%22", {"soon"}),
        ("vue=tous&mots=dossier", set()),
        ("vue=tous&confie=personne", {"late", "soon", "calm"}),
        ("vue=tous&lieu=42", set()),
    ],
)
def test_views_and_filters_keep_what_they_say(
    client: FlaskClient, town: Town, query: str, expected: set[str]
) -> None:
    page = shown(client, query.format(**town))
    assert ids_in(page) == {town[name] for name in expected}
    assert town["foreign"] not in page


def test_place_theme_release_and_holder_narrow(app: Flask, client: FlaskClient, town: Town) -> None:
    with writing(app):
        late = db.session.get_one(m.Feedback, town["late"])
        db.session.add(m.Answer(feedback=late, question="G8", status="given", value="42"))
        release = db.session.scalars(select(factories.Release)).one()
        late.release_id, late.state = release.id, m.State.PUBLISHED.value
        theme = m.Theme(service=late.service, name="Appareil", named_by_person=True, born=TODAY)
        cut = m.Segment(feedback=late, start=0, end=5, vector=b"\0\0", model="test")
        placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
        db.session.add(m.Placement(segment=cut, theme=theme, **placed))
        db.session.add(m.Assignment(feedback_id=late.id, account_id=town["mate"], day=TODAY))
        db.session.flush()
        narrowed = [f"lieu={42}", f"theme={theme.id}", f"version={release.id}"]
        narrowed.append("etat=publie")
    for query in [*narrowed, f"confie={town['mate']}"]:
        assert ids_in(shown(client, f"vue=tous&{query}")) == {town["late"]}, query
    both = shown(client, f"vue=tous&{'&'.join(narrowed)}&mots=tensiometre")
    assert ids_in(both) == {town["late"]}


def test_the_words_of_a_later_turn_lead_to_their_retour(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    with writing(app):
        for which in ("soon", "foreign"):
            row = db.session.get_one(m.Feedback, town[which])
            threads.reply(row, "Cela recommence au gymnase.", TODAY)
    found = shown(client, "vue=tous&mots=gymnases")
    assert town["soon"] in found
    assert town["late"] not in found
    assert town["foreign"] not in found, "another team's exchange"
    assert town["soon"] in shown(client, "vue=tous&mots=journal+gymnase")


@pytest.mark.parametrize(
    "query",
    [
        "theme=nichts&fonction=99999&version=x&lieu=ZZ&canal=pigeon&etat=ivre&note=7&confie=moi",
        "service={other_slug}",
        "confie={stranger}",
        "fonction=-1&page=-3",
        "page=99999&vue=inconnue",
        "mots=%22%00%22+NEAR(+*+service:x",
        "page=%C2%B2",
    ],
)
def test_unknown_values_are_told_and_break_nothing(
    client: FlaskClient, town: Town, query: str
) -> None:
    page = shown(client, query.format(**town))
    assert town["foreign"] not in page
    asked = query.split("=")[0]
    if asked in ("theme", "service", "confie", "fonction"):
        assert "Ce filtre ne désigne plus rien" in page


def test_what_changed_since_i_read_it_is_new_again(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    assert ids_in(shown(client, "vue=non-lus")) == {town[n] for n in ("late", "soon", "calm")}
    client.get(f"/equipe/retours/{town['late']}")
    assert town["late"] not in ids_in(shown(client, "vue=non-lus"))
    with writing(app):
        row = db.session.get_one(m.Feedback, town["late"])
        mate = db.session.get_one(Account, town["mate"])
        threads.answer(row, "Nous regardons ce tensiomètre.", mate, TODAY)
    page = shown(client, "vue=non-lus")
    assert town["late"] in ids_in(page)
    assert "Changé" in page
    with writing(app):
        db.session.get_one(m.DeskVisit, town["me"]).day = TODAY - timedelta(days=3)
    assert "depuis votre visite du vendredi 20 novembre" in shown(client)


def test_marking_and_taking_it_back(app: Flask, client: FlaskClient, town: Town) -> None:
    answer = do(client, "lus", [town["late"], town["soon"]])
    assert answer.status_code == 303
    assert ids_in(shown(client, "vue=non-lus")) == {town["calm"]}
    page = client.get(answer.location).get_data(as_text=True)
    assert "2 retours marqués lus." in page
    undo = _soup(page).find("form", class_="done")
    assert undo is not None
    assert post(client, str(undo["action"])).status_code == 303
    assert len(ids_in(shown(client, "vue=non-lus"))) == 3
    assert "C’était déjà annulé." in post(client, str(undo["action"]), follow_redirects=True).text
    do(client, "lus", [town["calm"]])
    do(client, "non-lus", [town["calm"]])
    assert town["calm"] in ids_in(shown(client, "vue=non-lus"))


def test_giving_to_a_colleague_twice_is_once(client: FlaskClient, town: Town) -> None:
    data = {"acte": "confier", "retours": [town["late"]], "cle": random_id(), "a": town["mate"]}
    first = post(client, "/equipe/lot?vue=tous", data)
    second = post(client, "/equipe/lot?vue=tous", data)
    assert first.location == second.location
    assert "confié à Bo" in client.get(second.location).get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "more", "names"),
    [
        ("confier", {"a": "{stranger}"}, ["late"]),
        ("confier", {"a": "nobody"}, ["late"]),
        ("confier", {"a": ""}, ["late"]),
        ("confier", {"a": "²"}, ["late"]),
        ("confier", {"a": "{mate}"}, ["late", "foreign"]),
        ("confier", {"a": "{mate}"}, []),
        ("lus", {}, ["foreign"]),
        ("reprendre", {}, ["late", "foreign"]),
        ("lier", {"engagement": "XXXXXXXXXXXX"}, ["late"]),
        ("ranger", {"theme": "XXXXXXXXXXXX"}, ["late"]),
        ("ranger", {"theme": ""}, ["late"]),
        ("ranger", {"theme": "{far}"}, ["late"]),
        ("ranger", {"theme": "{theme}"}, ["late", "foreign"]),
        ("ranger", {"theme": "{theme}"}, []),
    ],
)
def test_a_refused_act_touches_nothing_and_keeps_the_ticks(
    client: FlaskClient,
    committed: Session,
    town: Town,
    act: str,
    more: dict[str, str],
    names: list[str],
) -> None:
    ids = [town[name] for name in names]
    data = {name: value.format(**town) for name, value in more.items()}
    answer = do(client, act, ids, **data)
    assert answer.status_code == 422
    soup = _soup(answer.text)
    assert soup.find(id="act-error") is not None
    ticked = {box["value"] for box in soup.select("input[name=retours][checked]")}
    assert ticked == {town[name] for name in names} - {town["foreign"]}
    for table in (m.Assignment, m.DeskAct, m.ThemeEvent, m.DeskReading, m.CommitmentLink):
        assert rows(committed, select(table)) == []


def test_undoing_keeps_what_a_colleague_changed(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    answer = do(client, "confier", [town["late"], town["soon"]], a=town["me"])
    act_id = answer.location.rpartition("fait=")[2]
    with writing(app):
        db.session.get_one(m.Assignment, town["late"]).account_id = town["mate"]
    undone = post(client, f"/equipe/lot/{act_id}/annuler", follow_redirects=True)
    assert "Annulé pour 1 retour." in undone.text
    assert "1 retour a changé entre-temps" in undone.text
    held = {row.feedback_id: row.account_id for row in rows(committed, select(m.Assignment))}
    assert held == {town["late"]: town["mate"]}


def test_linking_many_is_undone_until_it_is_announced(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    with writing(app):
        service = db.session.get_one(Service, town["own"])
        due = TODAY + timedelta(days=9)
        made = commitments.promise(service, "Réparer.", "Équipe", due, [], TODAY).id
    first = do(client, "lier", [town["late"]], engagement=made).location.rpartition("fait=")[2]
    assert len(rows(committed, select(m.CommitmentLink))) == 1
    post(client, f"/equipe/lot/{first}/annuler")
    assert rows(committed, select(m.CommitmentLink)) == []
    second = do(client, "lier", [town["late"]], engagement=made).location.rpartition("fait=")[2]
    with writing(app):
        commitments.announce(db.session.get_one(m.Commitment, made), "En ligne.", TODAY)
    kept = post(client, f"/equipe/lot/{second}/annuler", follow_redirects=True)
    assert "1 retour a changé entre-temps" in kept.text
    assert len(rows(committed, select(m.CommitmentLink))) == 1
    with app.app_context():
        written = [entry["verb"] for entry in traces.journal(town["late"])]
    assert written.count("committed") == 3  # linked, taken out, linked


def test_many_are_put_into_a_theme_and_taken_out_again(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    with writing(app):
        rows = [db.session.get_one(m.Feedback, town[name]) for name in ("late", "soon")]
        apart = theme_town.theme(rows[0].service, "Élèves")
        for row in rows:
            theme_town.placed(row, apart)
    for name in ("late", "soon"):
        assert "Élèves" in client.get(f"/equipe/retours/{town[name]}").text
    answer = do(client, "ranger", [town["late"], town["soon"]], theme=town["theme"])
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "2 retours rangés dans le thème." in page
    assert ids_in(shown(client, f"vue=tous&theme={town['theme']}")) == {town["late"], town["soon"]}
    undo = _soup(page).find("form", class_="done")
    assert undo is not None
    undone = post(client, str(undo["action"]), follow_redirects=True)
    assert "Annulé pour 2 retours." in undone.text
    assert ids_in(shown(client, f"vue=tous&theme={town['theme']}")) == set()
    with app.app_context():
        written = [entry["verb"] for entry in traces.journal(town["late"])]
    assert [verb for verb in written if verb == "grouped"] == ["grouped", "grouped"]  # and back


def test_a_theme_that_changed_since_is_left_and_the_reason_said(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    with writing(app):
        row = db.session.get_one(m.Feedback, town["late"])
        theme_town.placed(row, theme_town.theme(row.service, "Élèves"))
    act = do(client, "ranger", [town["late"]], theme=town["theme"]).location.rpartition("fait=")[2]
    with writing(app):
        theme = db.session.get_one(m.Theme, town["theme"])
        theme_moves.move(theme, [town["late"]], None, theme_town.TEAM, TODAY)
    said = post(client, f"/equipe/lot/{act}/annuler", follow_redirects=True).text
    assert "Un changement plus récent touche la même chose." in said
    assert "Annulé pour" not in said


def test_a_locked_theme_is_said_to_be_and_the_choice_is_kept(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    with writing(app):
        theme_town.placed(
            db.session.get_one(m.Feedback, town["late"]), db.session.get_one(m.Theme, town["theme"])
        )
        theme_edits.lock(db.session.get_one(m.Theme, town["theme"]), TODAY, theme_town.TEAM)
    answer = do(client, "ranger", [town["late"]], theme=town["theme"])
    assert answer.status_code == 422
    assert "Ce thème est verrouillé" in answer.text
    assert "Rien n’a changé." in answer.text
    chosen = _soup(answer.text).select_one("#act-theme option[selected]")
    assert chosen is not None
    assert chosen.get_text() == "Appareil (verrouillé)"


def test_what_can_move_moves_and_the_rest_is_named_with_its_reason(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    with writing(app):
        service = db.session.get_one(Service, town["own"])
        texts = ("Celui-ci peut aller.", "Celui-ci est enfermé.", "Celui-ci n’en parle pas.")
        free, locked, unmeant = (factories.retour(service, text=text) for text in texts)
        unread = factories.retour(service, text="Celui-ci n’est pas lu.")
        apart, closed = theme_town.theme(service, "Élèves"), theme_town.theme(service, "Fermé")
        theme_town.placed(free, apart)
        theme_town.placed(locked, closed)
        theme_town.placed(unmeant, apart)
        theme_edits.lock(closed, TODAY, theme_town.TEAM)
        traces.record(theme_edits.NOT_MEANT, traces.AUTHOR, TODAY, unmeant.id, town["theme"])
        ids = [free.id, locked.id, unmeant.id, unread.id]
    answer = do(client, "ranger", [*ids, town["foreign"]], theme=town["theme"])
    assert answer.status_code == 303
    page = _soup(client.get(answer.location).text)
    assert "1 retour rangé dans le thème." in page.get_text()
    stayed = {" ".join(each.get_text().split()) for each in page.select("#stayed li")}
    assert stayed == {
        "Celui-ci est enfermé. : il est dans un thème verrouillé.",
        "Celui-ci n’en parle pas. : son auteur a dit qu’il ne parle pas de ce thème.",
        "Celui-ci n’est pas lu. : il n’a pas de texte, ou l’analyse ne l’a pas encore lu.",
    }
    assert "1 retour coché est effacé, retenu, ou n’est pas de vos services." in page.get_text()
    assert ids_in(shown(client, f"vue=tous&theme={town['theme']}")) == {ids[0]}
    act = answer.location.rpartition("fait=")[2]
    assert (
        "Annulé pour 1 retour."
        in post(client, f"/equipe/lot/{act}/annuler", follow_redirects=True).text
    )
    assert ids_in(shown(client, f"vue=tous&theme={town['theme']}")) == set()


def test_where_nothing_can_move_each_is_named_and_nothing_is_written(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    with writing(app):
        row = factories.retour(db.session.get_one(Service, town["own"]), text="Pas encore lu.")
        unread = row.id
    answer = do(client, "ranger", [unread], theme=town["theme"])
    assert answer.status_code == 422
    assert "Aucun retour coché ne peut aller dans ce thème. Rien n’a changé." in answer.text
    assert "Pas encore lu." in _soup(answer.text).select("#stayed li")[0].get_text()
    assert rows(committed, select(m.DeskAct)) == []


def test_a_moderator_puts_into_themes_and_a_reader_of_signals_does_not(
    app: Flask, town: Town
) -> None:
    moderator, expert = app.test_client(), app.test_client()
    with writing(app):
        factories.sign_in(moderator, factories.account(Role.MODERATOR))
        factories.sign_in(expert, factories.account(Role.EXPERT))
        row = db.session.get_one(m.Feedback, town["late"])
        theme_town.placed(row, theme_town.theme(row.service, "Élèves"))
    page = _soup(shown(moderator, "vue=tous"))
    assert [group["label"] for group in page.select("#act-theme optgroup")] == [
        "Mes droits",
        "Mon suivi",
    ]
    assert do(moderator, "ranger", [town["late"]], theme=town["theme"]).status_code == 303
    assert do(expert, "ranger", [town["late"]], theme=town["theme"]).status_code == 403


def test_an_act_of_somebody_else_or_of_yesterday_is_not_undone(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    act_id, mate = random_id(), app.test_client()
    with writing(app):
        will_write()
        me = db.session.get_one(Account, town["me"])
        wanted = desk_acts.Wanted(desk_acts.Act.READ, (town["late"],), act_id)
        desk_acts.do(wanted, me, NOON, TODAY)
        known = db.session.get_one(Account, town["mate"]).fs_uniquifier
    with mate.session_transaction() as session:
        session |= {"_user_id": known, "_fresh": True}
    assert post(mate, f"/equipe/lot/{act_id}/annuler").status_code == 404
    with writing(app):
        db.session.get_one(m.DeskAct, act_id).made = NOON - timedelta(hours=25)
    assert post(client, f"/equipe/lot/{act_id}/annuler").status_code == 404
    with app.app_context():
        will_write()
        assert desk_acts.purge(NOON) == 1
        assert list(db.session.scalars(select(m.DeskActRow))) == []


def test_a_moderator_marks_as_read_and_does_nothing_else(app: Flask, town: Town) -> None:
    client = app.test_client()
    with writing(app):
        factories.sign_in(client, factories.account(Role.MODERATOR))
    assert do(client, "lus", [town["late"], town["foreign"]]).status_code == 303
    assert do(client, "confier", [town["late"]], a=town["mate"]).status_code == 403
    assert post(client, f"/equipe/retours/{town['late']}/notes", {"note": "x"}).status_code == 403
    assert "Notes de l’équipe" not in client.get(f"/equipe/retours/{town['late']}").text


def test_a_form_made_up_is_refused(client: FlaskClient, town: Town) -> None:
    for data in ({}, {"acte": "répondre"}, {"acte": "lus", "cle": "court"}):
        assert post(client, "/equipe/lot", data).status_code == 400


def test_a_note_is_masked_read_by_the_team_and_copied_to_its_author(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    url = f"/equipe/retours/{town['late']}"
    note = "Rappeler au 06 12 34 56 78 avant jeudi."
    for _ in range(2):
        assert post(client, f"{url}/notes", {"note": note}).status_code == 303
    page = client.get(url).text
    assert page.count("avant jeudi.") == 1
    assert "06 12" not in page
    assert "1 note" in shown(client, "vue=tous")
    with app.app_context():
        row = db.session.get_one(m.Feedback, town["late"])
        kept = privacy.export(row)["team_note"]
        assert [(each["role"], each["day"]) for each in kept] == [("promoter", TODAY.isoformat())]
        assert "avant jeudi" in kept[0]["text"]
        assert "account_id" not in kept[0]
        assert "noted" in [entry["verb"] for entry in traces.journal(row.id)]
        will_write()
        privacy.erase(row, TODAY)
        db.session.commit()
        assert list(db.session.scalars(select(m.TeamNote))) == []


@pytest.mark.parametrize("note", ["", "   ", "x" * 2001])
def test_a_bad_note_is_given_back(client: FlaskClient, town: Town, note: str) -> None:
    answer = post(client, f"/equipe/retours/{town['late']}/notes", {"note": note})
    assert answer.status_code == 422
    field = _soup(answer.text).find(id="note")
    assert field is not None
    assert field["aria-invalid"] == "true"
    assert field.get_text().strip() == note.strip()


def test_one_retour_is_given_and_taken_back(
    client: FlaskClient, committed: Session, town: Town
) -> None:
    url = f"/equipe/retours/{town['late']}/confier"
    assert post(client, url, {"a": town["stranger"]}).status_code == 422
    assert post(client, url, {"a": "x"}).status_code == 422
    assert post(client, url, {"a": town["mate"]}).status_code == 303
    assert ids_in(shown(client, f"vue=tous&confie={town['mate']}")) == {town["late"]}
    assert post(client, url, {"a": ""}).status_code == 303
    assert rows(committed, select(m.Assignment)) == []
    foreign = f"/equipe/retours/{town['foreign']}/confier"
    assert post(client, foreign, {"a": town["mate"]}).status_code == 404


def test_who_leaves_the_team_cares_for_nothing_more(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    do(client, "confier", [town["late"]], a=town["mate"])
    gone = post(client, f"/equipe/reglages/{town['slug']}/equipe/{town['mate']}/retirer")
    assert gone.status_code == 303
    assert rows(committed, select(m.Assignment)) == []


def test_a_view_is_kept_named_renamed_and_deleted(client: FlaskClient, town: Town) -> None:
    for _ in range(2):
        kept = post(client, "/equipe/vues?vue=tous&mots=journal&note=5", {"nom": " Mes  journaux "})
        assert kept.status_code == 303
        assert ids_in(client.get(kept.location).text) == {town["soon"]}
    assert shown(client).count("Mes journaux") == 1
    page = _soup(client.get("/equipe/vues").text)
    rename, delete = (
        page.select_one("form[action$='/nom']"),
        page.select_one("button[formaction]"),
    )
    assert rename is not None
    assert delete is not None
    post(client, str(rename["action"]), {"nom": "Journal"})
    assert "Journal</a>" in client.get("/equipe/vues").text
    assert post(client, str(delete["formaction"])).status_code == 303
    assert "Vous ne gardez encore aucune vue." in client.get("/equipe/vues").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "déjà LÀ"])
def test_a_bad_name_is_given_back_with_the_filters(
    client: FlaskClient, town: Town, name: str
) -> None:
    post(client, "/equipe/vues?vue=tous&note=5", {"nom": "Déjà là"})
    answer = post(client, "/equipe/vues?vue=tous&mots=journal", {"nom": name})
    assert answer.status_code == 422
    soup = _soup(answer.text)
    field, words = soup.find(id="view-name"), soup.find(id="filter-mots")
    assert field is not None
    assert words is not None
    assert (field["value"], words["value"]) == (name, "journal")
    view = _soup(client.get("/equipe/vues").text).select_one("form[action$='/nom']")
    assert view is not None
    bad = name if name != "déjà LÀ" else ""
    assert post(client, str(view["action"]), {"nom": bad}).status_code == 422


def test_a_twenty_first_view_is_refused(client: FlaskClient, town: Town) -> None:
    for number in range(20):
        post(client, "/equipe/vues?note=5", {"nom": f"Vue {number}"})
    assert post(client, "/equipe/vues?note=5", {"nom": "Une de trop"}).status_code == 422


def test_views_of_another_account_are_not_found(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    with writing(app):
        row = m.SavedView(account_id=town["mate"], name="À elle", query={"vue": "tous"})
        db.session.add(row)
        db.session.flush()
        view_id = row.id
    assert "À elle" not in shown(client)
    for verb in ("nom", "supprimer"):
        answer = post(client, f"/equipe/vues/{view_id}/{verb}", {"nom": "À moi"})
        assert answer.status_code == 404
    assert rows(committed, select(m.SavedView.name)) == ["À elle"]


def test_a_view_whose_theme_ended_says_so(app: Flask, client: FlaskClient, town: Town) -> None:
    kept = post(client, "/equipe/vues?vue=tous&theme=parti", {"nom": "Thème parti"})
    assert "Ce filtre ne désigne plus rien" in client.get(kept.location).text


def test_keys_are_listed_and_switched_off(client: FlaskClient, town: Town) -> None:
    assert 'data-shortcuts="on"' in shown(client)
    assert "<kbd>j</kbd>" in client.get("/equipe/raccourcis").text
    post(client, "/equipe/raccourcis", {"raccourcis": "non"})
    assert 'data-shortcuts="off"' in shown(client)
    post(client, "/equipe/raccourcis", {"raccourcis": "oui"})
    assert 'data-shortcuts="on"' in shown(client)


def test_a_list_is_one_line_of_the_journal(app: Flask, client: FlaskClient, town: Town) -> None:
    do(client, "confier", [])  # a refused form shows the list as well
    for query in ("", "vue=tous", "mots=journal"):
        shown(client, query)
    with app.app_context():
        lines = [t.payload for t in db.session.scalars(select(traces.Trace)) if t.payload]
    assert [line["verb"] for line in lines] == ["listed"]


def test_a_contest_and_a_new_release_of_the_author_are_seen(app: Flask, town: Town) -> None:
    with app.app_context():
        will_write()
        row = db.session.get_one(m.Feedback, town["calm"])
        readings.mark(town["me"], [row.id], is_read=True)
        readings.note_change(row, TODAY)
        db.session.flush()
        assert readings.read_marks(town["me"], [row.id]) == {}
        assert row.changed == TODAY


def test_more_than_a_page_and_several_services_stay_in_order(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        services = [factories.service() for _ in range(3)]
        rows = [
            (
                TODAY + timedelta(days=number - 20),
                _retour(services[number % 3], "Muet", 30, number - 20),
            )
            for number in range(60)
        ]
        factories.sign_in(client, factories.account(Role.PROMOTER, services=tuple(services)))
    found: list[str] = []
    for page in (1, 2, 3):
        soup = _soup(shown(client, f"vue=a-repondre&page={page}"))
        found += [str(box["value"]) for box in soup.select("input[name=retours]")]
    assert found == [each for _due, each in sorted(rows)]
    last = shown(client, "page=99")
    assert "Page 3 sur 3" in last


def test_past_the_most_that_is_counted_the_list_goes_on(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        for _ in range(530):
            factories.retour(service, reply_due=TODAY)
    first = shown(client)
    assert "Plus de 500 retours" in first
    assert "500+" in first
    assert len(ids_in(shown(client, "page=21"))) == 25
    assert len(ids_in(shown(client, "page=22"))) == 5
    assert 'rel="next"' not in shown(client, "page=22")


def test_a_search_that_looks_at_the_last_hits_alone_says_so(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    assert "nous n’avons cherché" not in shown(client, "vue=tous&mots=journal")
    with writing(app):
        own = db.session.get_one(Service, town["own"])
        for number in range(MOST_HITS):
            search.index(factories.retour(own, text=f"Le tensiomètre sonne {number}."), is_new=True)
    told = "Ces mots sont dans plus de 2\u202f000 retours"
    assert told in shown(client, "vue=tous&mots=tensiometre")
    assert told in shown(client, "vue=contestes&mots=tensiometre"), "an empty list says it too"
    muted = shown(client, "vue=tous&mots=tensiometre+muet")  # the oldest of all
    assert told not in muted
    assert ids_in(muted) == {town["late"]}
    assert told not in shown(client, f"vue=tous&mots=sonne&service={town['slug']}")
    assert told not in shown(client, "vue=tous")


def test_the_inbox_asks_as_often_for_thousands_as_for_ten(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        me = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, me)
        _fill(service, 40)
        theme = db.session.scalars(select(m.Theme.id)).one()
    queries = ("", "vue=tous", "vue=non-lus", "mots=mesure", "lieu=42&note=5", f"theme={theme}")

    def said(query: str) -> int:
        shown(client, query)
        with counted(app) as statements:
            shown(client, query)
        return len(statements)

    few = {query: said(query) for query in queries}
    with writing(app):
        _fill(db.session.scalars(select(Service)).one(), 3_000)
    assert {query: said(query) for query in queries} == few
    # Two of them are the session's, two ask whether anything is late.
    assert max(few.values()) <= 49


def _fill(service: Service, messages: int) -> None:
    theme = db.session.scalar(select(m.Theme)) or m.Theme(
        service=service, name="Mesures", named_by_person=True, born=TODAY
    )
    db.session.add(theme)
    for number in range(messages):
        day = TODAY - timedelta(days=number % 30)
        row = factories.retour(service, day=day, reply_due=day + timedelta(days=14))
        cut = m.Segment(feedback=row, start=0, end=5, vector=b"\0\0", model="test")
        placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
        db.session.add_all(
            [
                m.Placement(segment=cut, theme=theme, **placed),
                m.Answer(feedback=row, question="G8", status="given", value="42"),
            ]
        )
        search.index(row) if number < 40 else None
    db.session.flush()

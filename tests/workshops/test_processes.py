"""A process: several sites, a panel that comes back, a diary, what was delivered or is missing."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Account, Role
from app.catalogue import Service
from app.days import now
from app.db import db
from feedback.models import Commitment, CommitmentFollowUp
from tests.conftest import writing
from tests.factories import TODAY, account, post, release, service, sign_in
from tests.fakes import StandingClock
from tests.workshops.rooms import Phone, kept, workshop
from tests.workshops.test_kept_codes import ask, enter
from workshops import retention
from workshops.around_models import KeptCode
from workshops.models import Card, CardGroup, Phase, Proposal, Workshop
from workshops.process_models import DiaryEntry, PanelSeat, Process, SharedGroup, Trial

NEW = "/equipe/ateliers/nouveau"


class Keeper:
    """A facilitator with a process of two sites."""

    def __init__(self, app: Flask) -> None:
        self.app, self.desk = app, app.test_client()
        with writing(app):
            runs = account(Role.FACILITATOR)
            self.service_id = service().id
            sign_in(self.desk, runs)
        made = post(
            self.desk,
            NEW,
            {
                "modele": "etats-generaux",
                "title": "Les rappels",
                "subject": str(self.service_id),
                "prompts": "Que changer ?",
                "sites": "Lyon\n Saint-Étienne \nLyon\n",
                "votes_each": "5",
                "votes_per_group": "3",
            },
        )
        assert made.status_code == 303
        self.url = made.location

    @property
    def id(self) -> str:
        return str(self.url.rpartition("/")[2])

    def page(self, path: str = "") -> str:
        return str(self.desk.get(self.url + path).text)

    def send(self, path: str, **form: Any) -> Any:
        return post(self.desk, self.url + path, form)

    def room(self, site: str) -> tuple[str, str]:
        """Return the id and the code of the session of a site."""
        with self.app.app_context():
            query = select(Workshop.id, Workshop.code).where(Workshop.site == site)
            found = db.session.execute(query).one()
            return found.id, found.code

    def press(self, site: str, what: str, **form: Any) -> Any:
        return post(self.desk, f"/equipe/ateliers/{self.room(site)[0]}/{what}", form)

    def walk(self, site: str, *phases: str) -> None:
        for seen, target in zip(phases, phases[1:], strict=False):
            assert self.press(site, "phase", de=seen, vers=target).status_code == 303

    def phone(self, site: str) -> Phone:
        phone = Phone(self.app.test_client(), self.room(site)[1])
        assert phone.join().status_code == 303
        return phone

    def hold(self, site: str, votes: dict[str, int], keep: str = "", drop: str = "") -> Phone:
        """Hold a whole session with one phone: its ideas and its votes."""
        phone = self.phone(site)
        self.walk(site, "lobby", "write")
        for number, idea in enumerate(votes):
            phone.write(idea, key=str(number))
        self.walk(site, "write", "reveal", "vote")
        for idea, dots in votes.items():
            for _dot in range(dots):
                phone.vote(self.group(site, idea))
        self.walk(site, "vote", "discuss", "decide")
        for idea, decision in ((keep, "keep"), (drop, "drop")):
            if idea:
                self.press(site, f"groupes/{self.group(site, idea)}/decision", decision=decision)
        return phone

    def group(self, site: str, idea: str) -> str:
        with self.app.app_context():
            query = select(Card.group_id).where(
                Card.workshop_id == self.room(site)[0], Card.text == idea
            )
            return str(db.session.scalars(query).one())


@pytest.fixture
def keeper(app: Flask) -> Keeper:
    return Keeper(app)


def browser_of(app: Flask, *roles: Role, service_id: int | None = None, **more: Any) -> FlaskClient:
    browser = app.test_client()
    with writing(app):
        served = (db.session.get_one(Service, service_id),) if service_id else ()
        sign_in(browser, account(*roles, services=served, **more))
    return browser


def test_several_sites_give_one_process_with_a_session_each(
    keeper: Keeper, committed: Session
) -> None:
    rooms = kept(committed, select(Workshop).order_by(Workshop.site))
    assert [(room.site, room.title) for room in rooms] == [
        ("Lyon", "Les rappels · Lyon"),
        ("Saint-Étienne", "Les rappels · Saint-Étienne"),
    ]
    assert len({room.code for room in rooms}) == 2
    page = keeper.page()
    assert "Les rappels · Lyon" in page
    assert "Il manque : Concevoir ensemble, Essayer le prototype" in page


@pytest.mark.parametrize(
    "sites", ["Lyon", "\n".join(f"Lieu {n}" for n in range(21)), "Lyon\n" + "m" * 41]
)
def test_wrong_sites_are_refused_and_stay_typed(keeper: Keeper, sites: str) -> None:
    form = {"modele": "etats-generaux", "title": "T", "subject": str(keeper.service_id)}
    form |= {"prompts": "Quoi ?", "sites": sites, "votes_each": "5", "votes_per_group": "3"}
    refused = post(keeper.desk, NEW, form)
    assert refused.status_code == 422
    assert sites in refused.text


def test_the_map_shows_each_site_its_share_and_the_dissent(keeper: Keeper) -> None:
    keeper.hold("Lyon", {"Un rappel": 3, "Une ligne": 1, "Un plan": 0}, keep="Un rappel")
    keeper.hold("Saint-Étienne", {"Rappeler": 0, "Le prix": 3, "Les bus": 1}, drop="Rappeler")
    merged = keeper.send(
        "/synthese",
        keys=[keeper.group("Lyon", "Un rappel"), keeper.group("Saint-Étienne", "Rappeler")],
        title="Les rappels",
    )
    assert merged.status_code == 303
    page = keeper.page("/synthese")
    first = page[: page.index("Le prix")]
    assert "Les rappels" in first  # two sites come before one
    assert "Les lieux ne sont pas d’accord" in first
    assert "Gardé : Lyon. Laissé de côté : Saint-Étienne." in first
    assert "En tête : Lyon. En fin de liste ou sans vote : Saint-Étienne." in first
    assert "place 1 sur 3, 75 % des votes du lieu" in first
    table = keeper.desk.get(keeper.url + "/synthese.csv").text
    assert "Les rappels;Lyon;Un rappel;0.75;1;3;3;1;keep;Un rappel" in table


def test_lines_with_the_same_words_are_proposed_with_them_and_joined_by_a_person_alone(
    keeper: Keeper, committed: Session
) -> None:
    keeper.hold("Lyon", {"Un rappel la veille": 1, "Le prix du trajet": 0})
    keeper.hold("Saint-Étienne", {"Des RAPPELS la veille": 1, "Les bus": 0})
    page = keeper.page("/synthese")
    assert "Mots communs : rappels, veille" in page
    assert kept(committed, select(SharedGroup)) == []
    keys = [
        keeper.group("Lyon", "Un rappel la veille"),
        keeper.group("Saint-Étienne", "Des RAPPELS la veille"),
    ]
    assert all(f'name="keys" value="{key}"' in page for key in keys)
    keeper.send("/synthese", keys=keys)
    assert "Mots communs" not in keeper.page("/synthese")


def test_a_site_whose_votes_are_secret_waits(keeper: Keeper) -> None:
    keeper.hold("Lyon", {"Un rappel": 3})
    phone = keeper.phone("Saint-Étienne")
    keeper.walk("Saint-Étienne", "lobby", "write")
    phone.write("Encore caché")
    page = keeper.page("/synthese")
    assert "Leurs votes sont encore secrets : Saint-Étienne" in page
    assert "Encore caché" not in page


def test_merging_again_joins_lines_and_splitting_lets_them_stand_alone(
    keeper: Keeper, committed: Session
) -> None:
    keeper.hold("Lyon", {"Un": 1, "Deux": 0})
    keeper.hold("Saint-Étienne", {"Trois": 1})
    keys = [keeper.group("Lyon", "Un"), keeper.group("Saint-Étienne", "Trois")]
    keeper.send("/synthese", keys=keys, title="Ensemble")
    first = kept(committed, select(SharedGroup.id))[0]
    keeper.send("/synthese", keys=[first, keeper.group("Lyon", "Deux")])
    both = kept(committed, select(SharedGroup))
    assert [each.title for each in both] == ["Ensemble"]
    assert set(kept(committed, select(CardGroup.shared_id))) == {both[0].id}
    assert keeper.send("/synthese", separer=both[0].id).status_code == 303
    assert set(kept(committed, select(CardGroup.shared_id))) == {None}
    assert keeper.send("/synthese", separer=both[0].id).status_code == 404


def test_one_line_or_a_stranger_s_group_is_not_merged(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    keeper.hold("Lyon", {"Un": 1})
    own = keeper.group("Lyon", "Un")
    with writing(app):
        other = workshop(Phase.DECIDE)
        stranger = CardGroup(workshop_id=other.id, title="Ailleurs")
        db.session.add(stranger)
        db.session.flush()
        strange = stranger.id
    for keys in ([], [own], [own, own], [own, strange]):
        refused = keeper.send("/synthese", keys=keys, title="Nom tapé")
        assert refused.status_code == 422
        assert "Nom tapé" in refused.text
    assert kept(committed, select(SharedGroup)) == []


def test_team_and_relay_read_what_is_closed_others_nothing(app: Flask, keeper: Keeper) -> None:
    keeper.hold("Lyon", {"Un rappel": 3})
    team = browser_of(app, Role.PROMOTER, service_id=keeper.service_id)
    assert team.get(keeper.url).status_code == 200
    assert "Un rappel" not in team.get(keeper.url + "/synthese").text  # still open
    keeper.walk("Lyon", "decide", "closed")
    page = team.get(keeper.url + "/synthese").text
    assert "Un rappel" in page
    assert 'name="keys"' not in page
    for path, form in (("/synthese", {"keys": "x"}), ("/essais", {}), ("/seances", {})):
        assert post(team, keeper.url + path, form).status_code == 403
    for role in (Role.PROMOTER, Role.RELAY, Role.FACILITATOR):
        stranger = browser_of(app, role)
        for path in ("", "/synthese", "/synthese.csv"):
            assert stranger.get(keeper.url + path).status_code == 404
        assert "Les rappels" not in stranger.get("/equipe/processus").text
    other = browser_of(app, Role.FACILITATOR)
    for path in ("/synthese", "/essais", "/seances"):
        assert post(other, keeper.url + path, {"retirer": "x"}).status_code == 404
    assert browser_of(app, Role.EXPERT).get(keeper.url).status_code == 403


def test_a_process_is_begun_and_sessions_join_and_leave_it(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    made = post(
        keeper.desk,
        "/equipe/processus",
        {"title": "Suivi", "subject": str(keeper.service_id), "aim": "Mieux rappeler."},
    )
    assert made.status_code == 303
    refused = post(keeper.desk, "/equipe/processus", {"title": "", "aim": "Gardé à l’écran"})
    assert refused.status_code == 422
    assert "Gardé à l’écran" in refused.text
    lyon = keeper.room("Lyon")[0]
    keeper.send("/seances", retirer=lyon)
    assert kept(committed, select(Workshop.process_id).where(Workshop.id == lyon)) == [None]
    keeper.url = made.location
    assert keeper.send("/seances", session=lyon, step="rien").status_code == 422
    assert keeper.send("/seances", session=lyon, step="codesign", site="Lyon 7").status_code == 303
    row = kept(committed, select(Workshop).where(Workshop.id == lyon))[0]
    assert (row.process_id, row.step, row.site) == (keeper.id, "codesign", "Lyon 7")
    with writing(app):
        foreign = workshop(Phase.LOBBY).id
    assert keeper.send("/seances", session=foreign, step="codesign").status_code == 422
    assert keeper.send("/seances", retirer=foreign).status_code == 404


TRIAL = {"title": "La maquette", "starts": "2026-11-20", "ends": "2026-12-04"}


def trial(keeper: Keeper, **changes: str) -> Any:
    form = {**TRIAL, "prompts": "Qu’avez-vous essayé ?\nQu’est-ce qui bloque ?", **changes}
    return keeper.send("/essais", **form)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"starts": "demain"},
        {"ends": "2026-11-01"},
        {"ends": "2028-12-04"},
        {"prompts": ""},
        {"prompts": "\n".join("abcdef")},
        {"prompts": "m" * 201},
    ],
)
def test_a_wrong_trial_is_refused_and_stays_typed(
    keeper: Keeper, committed: Session, wrong: dict[str, str]
) -> None:
    refused = trial(keeper, **wrong)
    assert refused.status_code == 422
    assert wrong.get("title", "La maquette") in refused.text
    assert kept(committed, select(Trial)) == []


def panel(keeper: Keeper) -> tuple[str, FlaskClient]:
    """Return the code that somebody kept in Lyon and the browser where they typed it."""
    phone = keeper.phone("Lyon")
    code = ask(phone)
    keeper.walk("Lyon", "lobby", "write")
    phone.write("Un rappel")
    keeper.walk("Lyon", "write", "reveal", "vote", "discuss", "decide", "closed")
    return code, enter(keeper.app, code)


def test_the_diary_is_written_with_a_code_day_after_day_masked_and_read_without_hands(
    app: Flask, keeper: Keeper, committed: Session, clock: StandingClock
) -> None:
    code, home = panel(keeper)
    assert "Aucun carnet n’est ouvert" in home.get("/atelier/carnet").text
    trial(keeper)
    assert "Écrire dans mon carnet" in home.get("/atelier/mes-idees").text
    key = kept(committed, select(Trial.id))[0]
    note = {"answer-0": "J’ai essayé le rappel", "answer-1": "Appelez le 06 12 34 56 78"}
    assert post(home, f"/atelier/carnet/{key}", note).status_code == 303
    assert post(home, f"/atelier/carnet/{key}", note).status_code == 303  # a double tap
    rows = kept(committed, select(DiaryEntry))
    assert len(rows) == 2
    assert not any("06 12" in row.text for row in rows)
    clock.forward(days=1)
    home = enter(app, code)
    post(home, f"/atelier/carnet/{key}", {"answer-0": "Encore bien"})
    with app.app_context():
        runs = db.session.get_one(Process, keeper.id).keeper
        keeper.desk = app.test_client()  # the one before was idle for too long
        sign_in(keeper.desk, runs)
    page = keeper.page()
    assert "1 participant a gardé un code, 1 a écrit dans un carnet" in page
    assert page.index("J’ai essayé le rappel") < page.index("Encore bien")
    assert {row.code_id for row in kept(committed, select(DiaryEntry))} == set(
        kept(committed, select(KeptCode.id))
    )
    assert not any(key_id in page for key_id in kept(committed, select(KeptCode.id)))
    clock.forward(days=30)
    late = post(enter(app, code), f"/atelier/carnet/{key}", {"answer-0": "Trop tard"})
    assert late.status_code == 409
    assert "Trop tard" in late.text


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({}, "quelques mots"),
        ({"answer-0": "m" * 501}, "500 caractères"),
        ({"answer-7": "x"}, "quelques mots"),
    ],
)
def test_a_wrong_note_is_refused_and_stays_typed(
    keeper: Keeper, committed: Session, note: dict[str, str], said: str
) -> None:
    _code, home = panel(keeper)
    trial(keeper)
    key = kept(committed, select(Trial.id))[0]
    refused = post(home, f"/atelier/carnet/{key}", note)
    assert refused.status_code == 422
    assert said in refused.text
    assert note.get("answer-0", "") in refused.text


def test_a_day_takes_so_many_notes(keeper: Keeper, committed: Session) -> None:
    _code, home = panel(keeper)
    trial(keeper)
    key = kept(committed, select(Trial.id))[0]
    statuses = [
        post(home, f"/atelier/carnet/{key}", {"answer-0": f"Note {n}"}).status_code
        for n in range(21)
    ]
    assert statuses == [303] * 20 + [422]


def test_a_code_of_elsewhere_opens_no_diary_and_takes_no_note_back(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    _code, home = panel(keeper)
    trial(keeper)
    key = kept(committed, select(Trial.id))[0]
    post(home, f"/atelier/carnet/{key}", {"answer-0": "La mienne"})
    entry = kept(committed, select(DiaryEntry.id))[0]
    other = Keeper(app)
    with app.app_context():
        mine = db.session.get_one(Process, other.id)
        query = select(Workshop).where(Workshop.process_id == mine.id, Workshop.site == "Lyon")
        stranger_room = db.session.scalars(query).one().code
    phone = Phone(app.test_client(), stranger_room)
    phone.join()
    stranger = enter(app, ask(phone))
    assert post(stranger, f"/atelier/carnet/{key}", {"answer-0": "x"}).status_code == 404
    assert post(stranger, f"/atelier/carnet/notes/{entry}/retirer").status_code == 404
    assert post(home, f"/atelier/carnet/notes/{entry}/retirer").status_code == 303
    assert kept(committed, select(DiaryEntry)) == []
    gone = app.test_client().post(f"/atelier/carnet/{key}", data={"answer-0": "Sans code"})
    assert gone.status_code == 403
    assert "Sans code" in gone.text


def test_the_panel_comes_back_with_its_code_and_reads_both_sessions(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    code, home = panel(keeper)
    phone = keeper.phone("Saint-Étienne")
    wrong = phone.send("revenir", kept_code="FAUX CODE")
    assert wrong.status_code == 422
    assert "FAUX CODE" in wrong.text
    assert phone.send("revenir", kept_code=code).status_code == 303
    keeper.walk("Saint-Étienne", "lobby", "write")
    phone.write("Toujours un rappel")
    keeper.walk("Saint-Étienne", "write", "reveal", "vote", "discuss", "decide", "closed")
    assert len(kept(committed, select(KeptCode))) == 1
    assert len(kept(committed, select(PanelSeat))) == 2
    assert "1 code revenu sur 1" in keeper.page()
    ideas = enter(app, code).get("/atelier/mes-idees").text
    assert "Un rappel" in ideas
    assert "Toujours un rappel" in ideas
    assert home.get("/atelier/mes-idees").status_code == 200


def test_a_code_of_another_process_is_not_taken(app: Flask, keeper: Keeper) -> None:
    code, _home = panel(keeper)
    with writing(app):
        alone = workshop(Phase.LOBBY).code
    phone = Phone(app.test_client(), alone)
    phone.join()
    assert "J’ai un code d’une autre séance" not in phone.look()
    assert phone.send("revenir", kept_code=code).status_code == 422


def test_the_process_leads_to_the_release_and_says_what_is_missing(
    app: Flask, keeper: Keeper
) -> None:
    keeper.hold("Lyon", {"Un rappel": 3})
    keeper.press("Lyon", f"groupes/{keeper.group('Lyon', 'Un rappel')}/proposition")
    assert "Version" in keeper.page()[: keeper.page().index("Séances")]
    with writing(app):
        served = db.session.get_one(Service, keeper.service_id)
        promise = Commitment(service=served, text="SMS", owner="Produit", made=TODAY, due=TODAY)
        promise.follow_up = CommitmentFollowUp(release=release(served, "7.0"))
        proposal = db.session.scalars(select(Proposal)).one()
        proposal.state, proposal.commitment, proposal.answer = "accepted", promise, "Oui."
    page = keeper.page()
    assert "Version 7.0" in page
    assert "Effet mesuré" in page[: page.index("Séances")]
    assert "Version," not in page[: page.index("Séances")]


def test_erasing_and_the_term_take_the_diary_with_the_code(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    _code, home = panel(keeper)
    trial(keeper)
    key = kept(committed, select(Trial.id))[0]
    post(home, f"/atelier/carnet/{key}", {"answer-0": "La mienne"})
    post(home, "/atelier/mes-idees/effacer", {"sure": "1"})
    for table in (DiaryEntry, KeptCode, PanelSeat):
        assert kept(committed, select(table)) == []
    with writing(app):
        retention.purge(now() + timedelta(days=800))
    assert kept(committed, select(Workshop.phase)) == ["closed", "closed"]


def test_a_code_lives_as_long_as_a_session_that_it_came_back_to(
    app: Flask, keeper: Keeper, committed: Session
) -> None:
    code, _home = panel(keeper)
    phone = keeper.phone("Saint-Étienne")
    phone.send("revenir", kept_code=code)
    keeper.walk("Saint-Étienne", "lobby", "write")
    phone.write("Plus tard", may_show="1")
    keeper.walk("Saint-Étienne", "write", "reveal", "vote", "discuss", "decide", "closed")
    with writing(app):
        first = db.session.scalars(select(Workshop).where(Workshop.site == "Lyon")).one()
        first.day = TODAY - timedelta(days=731)
        db.session.flush()
        retention.purge(now())
    assert len(kept(committed, select(KeptCode))) == 1
    with writing(app):
        retention.purge(now() + timedelta(days=731))
    assert kept(committed, select(KeptCode)) == []


def test_only_accounts_that_run_sessions_begin_a_process(app: Flask, keeper: Keeper) -> None:
    team = browser_of(app, Role.PROMOTER, service_id=keeper.service_id)
    assert 'name="aim"' not in team.get("/equipe/processus").text
    assert post(team, "/equipe/processus", {"title": "x"}).status_code == 403
    with app.app_context():
        assert db.session.scalar(select(Account.id).limit(1))

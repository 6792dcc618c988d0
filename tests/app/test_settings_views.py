"""The first day of a real instance, and who may configure what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Account, Membership, Role
from app.catalogue import Functionality, Organisation, Release, Service, service_by_slug
from app.days import now
from app.db import db
from app.jobs import enqueue
from app.mail import Mail, OutboxRow, put
from app.subscriptions import Audience, Subscription
from app.territories import load_territories
from feedback.models import Answer, AnswerStatus, Feedback, ReleaseWatch, Theme
from nlp.redact import redact
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in

SERVICE = {
    "name": "L’appli d’Œdipe",
    "purpose": "Suivre ses rendez-vous.",
    "organisation": "Réseau du Forez",
    "territory_code": "42",
    "phone": "04 77 00 00 00",
    "place": "Mairie",
    "hours": "9 h – 12 h",
    "allowed_words": "Dupont\n\n Bluestar \nDupont",
}
ACCOUNT = {
    "name": "Aïcha Benali",
    "email": "Aicha@Example.fr",
    "organisation": "Réseau du Forez",
    "roles": ["promoter"],
}
Enter = Callable[..., FlaskClient]


@pytest.fixture
def stored(committed: Session) -> Callable[[Any], list[Any]]:
    """Read what was committed and let go at once, so that the next request can write."""

    def read(query: Any) -> list[Any]:
        rows = list(committed.scalars(query))
        committed.expunge_all()
        committed.rollback()
        return rows

    return read


Stored = Callable[[Any], list[Any]]


@pytest.fixture
def service_slug(app: Flask) -> str:
    with writing(app):
        load_territories()
        return factories.service(name="Suivi").slug


@pytest.fixture
def enter(app: Flask, client: FlaskClient, service_slug: str) -> Enter:
    def as_role(role: Role, *, member: bool = False) -> FlaskClient:
        with writing(app):
            served = _service(service_slug)
            account = factories.account(role, services=(served,) if member else ())
            sign_in(client, account)
        return client

    return as_role


def _service(slug: str) -> Service:
    found = service_by_slug(slug)
    assert found
    return found


def test_an_administrator_creates_a_service_with_its_human_alternative(
    enter: Enter, stored: Stored
) -> None:
    answer = post(enter(Role.ADMINISTRATOR), "/equipe/reglages/nouveau", SERVICE)
    assert answer.status_code == 303
    made = stored(select(Service).where(Service.slug == "l-appli-d-oedipe"))[0]
    assert (made.phone, made.place, made.hours) == ("04 77 00 00 00", "Mairie", "9 h – 12 h")
    assert made.allowed_words == ["Dupont", "Bluestar"]
    assert made.territory_code == "42"


def test_two_services_of_one_name_get_two_addresses(enter: Enter, stored: Stored) -> None:
    client = enter(Role.ADMINISTRATOR)
    for _ in range(2):
        assert post(client, "/equipe/reglages/nouveau", SERVICE).status_code == 303
    slugs = set(stored(select(Service.slug).where(Service.name == SERVICE["name"])))
    assert slugs == {"l-appli-d-oedipe", "l-appli-d-oedipe-2"}
    assert len(stored(select(Organisation).where(Organisation.name == "Réseau du Forez"))) == 1


@pytest.mark.parametrize("missing", ["phone", "place", "hours", "name", "purpose"])
def test_a_service_without_a_human_alternative_is_refused_and_the_rest_kept(
    enter: Enter, missing: str
) -> None:
    answer = post(enter(Role.ADMINISTRATOR), "/equipe/reglages/nouveau", {**SERVICE, missing: " "})
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert "Réseau du Forez" in answer.text


def test_a_promoter_configures_own_services_only(
    app: Flask, enter: Enter, service_slug: str
) -> None:
    with writing(app):
        other = factories.service(name="D’une autre équipe").slug
    client = enter(Role.PROMOTER, member=True)
    page = client.get("/equipe/reglages").text
    assert "Suivi" in page
    assert "D’une autre équipe" not in page
    assert client.get(f"/equipe/reglages/{service_slug}").status_code == 200
    assert client.get(f"/equipe/reglages/{other}").status_code == 404
    assert post(client, f"/equipe/reglages/{other}/versions").status_code == 404
    assert client.get("/equipe/reglages/nouveau").status_code == 403
    assert client.get("/equipe/comptes").status_code == 403
    assert client.get("/equipe/etat").status_code == 403


def test_a_change_is_saved_and_the_address_stays(
    enter: Enter, service_slug: str, stored: Stored
) -> None:
    changed = {**SERVICE, "moderate_first": "y"}
    url = f"/equipe/reglages/{service_slug}"
    assert post(enter(Role.PROMOTER, member=True), url, changed).status_code == 303
    row = stored(select(Service).where(Service.slug == service_slug))[0]
    assert (row.name, row.moderate_first, row.quotes_in_mails) == (SERVICE["name"], True, False)


RISKS = {
    "name": "Rappels",
    "kind": "self_monitoring",
    "individual_risk": "medium",
    "collective_risk": "medium",
}


def test_a_risk_shows_its_consequences_before_it_is_saved(
    enter: Enter, service_slug: str, stored: Stored
) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/fonctionnalites"
    shown = post(client, url, RISKS)
    assert shown.status_code == 200
    assert "5 jours ouvrés" in shown.text
    assert "104 semaines" in shown.text
    assert stored(select(Functionality)) == []
    assert post(client, url, {**RISKS, "confirmed": "yes"}).status_code == 303
    row = stored(select(Functionality))[0]
    assert (row.individual_risk, row.collective_risk, row.reply_days) == ("medium", "medium", 5)


def test_a_raised_risk_is_set_beside_the_old_one(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    with writing(app):
        row = factories.functionality(_service(service_slug), name="Rappels", individual_risk="low")
        number = row.id
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/fonctionnalites"
    changed = {**RISKS, "number": number, "individual_risk": "high", "collective_risk": "low"}
    page = post(client, url, changed).text
    assert "15 jours ouvrés" in page
    assert "5 jours ouvrés" in page
    assert "évaluation clinique" in page
    post(client, url, {**changed, "confirmed": "yes"})
    assert (
        stored(select(Functionality).where(Functionality.id == number))[0].individual_risk == "high"
    )


def test_a_functionality_of_another_service_is_not_changed(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    with writing(app):
        number = factories.functionality(factories.service(), individual_risk="low").id
    url = f"/equipe/reglages/{service_slug}/fonctionnalites"
    sent = {**RISKS, "number": number, "confirmed": "yes"}
    post(enter(Role.PROMOTER, member=True), url, sent)
    assert (
        stored(select(Functionality).where(Functionality.id == number))[0].individual_risk == "low"
    )


def test_a_release_is_added_once(enter: Enter, service_slug: str, stored: Stored) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/versions"
    sent = {"number": "6.3", "day": "2026-11-20", "note": "Nouvel écran"}
    assert post(client, url, sent).status_code == 303
    assert post(client, url, sent).status_code == 422
    assert post(client, url, {**sent, "number": "6.4", "day": "hier"}).status_code == 422
    assert stored(select(Release.number)) == ["6.3"]


def test_a_member_joins_by_address_and_is_taken_out(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    with writing(app):
        joining = factories.account(Role.PROMOTER, email="lea@example.fr").id
    client = enter(Role.ADMINISTRATOR)
    url = f"/equipe/reglages/{service_slug}/equipe"
    assert post(client, url, {"email": " Lea@example.fr "}).status_code == 303
    assert stored(select(Membership.account_id)) == [joining]
    assert post(client, f"{url}/{joining}/retirer").status_code == 303
    assert stored(select(Membership.account_id)) == []


@pytest.mark.parametrize("address", ["personne@example.fr", "expert@example.fr", ""])
def test_who_has_no_promoter_account_does_not_join(
    app: Flask, enter: Enter, service_slug: str, stored: Stored, address: str
) -> None:
    with writing(app):
        factories.account(Role.EXPERT, email="expert@example.fr")
    url = f"/equipe/reglages/{service_slug}/equipe"
    assert post(enter(Role.ADMINISTRATOR), url, {"email": address}).status_code == 422
    assert stored(select(Membership)) == []


def test_anonymity_says_what_it_erases_then_erases_it_for_good(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    with writing(app):
        served = _service(service_slug)
        for service, address in ((served, "a@example.fr"), (factories.service(), "b@example.fr")):
            _follow(service, address)
        retour = factories.retour(served)
        answer = Answer(question="G8", status=AnswerStatus.GIVEN.value, value="42")
        retour.answers.append(answer)
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/anonymat"
    assert "1 personne qui reçoit des courriels" in client.get(url).text.replace("\xa0", " ")
    assert post(client, url).status_code == 422
    assert stored(select(Service).where(Service.anonymous_by_law)) == []
    assert post(client, url, {"understood": "yes"}).status_code == 303
    assert stored(select(Subscription.address)) == ["b@example.fr"]
    assert stored(select(OutboxRow.to)) == ["b@example.fr"]
    assert stored(select(Answer.value)) == ["R84"]
    for again in (client.get(url), post(client, url, {"understood": "yes"})):  # a second tap
        assert again.status_code == 303
    assert "déjà activé" in client.get(f"/equipe/reglages/{service_slug}").text
    changed = {**SERVICE, "quotes_in_mails": "y", "anonymous_by_law": ""}
    post(client, f"/equipe/reglages/{service_slug}", changed)
    row = stored(select(Service).where(Service.slug == service_slug))[0]
    assert row.anonymous_by_law
    assert not row.quotes_in_mails
    assert row.quick_exit


def test_a_team_asks_for_the_quick_exit_and_takes_it_back(
    enter: Enter, stored: Stored, service_slug: str
) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}"
    chosen = select(Service.quick_exit).where(Service.slug == service_slug)
    assert "Un bouton « Quitter vite » sur chaque page du service" in client.get(url).text
    assert "Quitter vite" not in client.get(f"/s/{service_slug}").text
    post(client, url, {**SERVICE, "quick_exit": "y"})
    assert stored(chosen) == [True]
    assert "Quitter vite" in client.get(f"/s/{service_slug}").text
    post(client, url, SERVICE)
    assert stored(chosen) == [False]


def _follow(service: Service, address: str) -> None:
    row = Subscription(
        audience=Audience.PUBLIC.value, service=service, address=address, created=TODAY
    )
    db.session.add(row)
    put(Mail(key=address, to=address, subject="s", text="t"), now())


def test_an_administrator_opens_and_closes_an_account(enter: Enter, stored: Stored) -> None:
    client = enter(Role.ADMINISTRATOR)
    assert post(client, "/equipe/comptes", ACCOUNT).status_code == 303
    made = stored(select(Account).where(Account.email == "aicha@example.fr"))[0]
    assert made.role_names == {Role.PROMOTER}
    assert made.password is None, "an invitation went out: nobody else knows the passphrase"
    key = made.fs_uniquifier
    assert post(client, f"/equipe/comptes/{made.id}/fermer").status_code == 303
    made = stored(select(Account).where(Account.id == made.id))[0]
    assert not made.active
    assert made.fs_uniquifier != key


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": ["administrator", "promoter"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"email": "sans arobase"}, "email"),
    ],
)
def test_an_account_is_refused_with_the_reason_at_its_field(
    enter: Enter, change: dict[str, object], field: str
) -> None:
    answer = post(enter(Role.ADMINISTRATOR), "/equipe/comptes", {**ACCOUNT, **change})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_nobody_closes_their_own_account(enter: Enter, stored: Stored) -> None:
    client = enter(Role.ADMINISTRATOR)
    own = stored(select(Account))[0]
    post(client, f"/equipe/comptes/{own.id}/fermer")
    own = stored(select(Account).where(Account.id == own.id))[0]
    assert own.active


def test_the_state_page_counts_what_waits(app: Flask, enter: Enter, service_slug: str) -> None:
    with writing(app):
        enqueue("analyse", "a", now())
        enqueue("analyse", "b", now()).set_aside = True
        put(Mail(key="k", to="a@example.fr", subject="s", text="t"), now())
        factories.retour(_service(service_slug))
    page = enter(Role.ADMINISTRATOR).get("/equipe/etat").text
    for label in ("Travaux", "Travaux mis de côté", "Courriels", "Retours à analyser"):
        assert f"<dt>{label}</dt><dd>1</dd>" in page
    assert "à jour, migration" in page


def test_no_settings_page_shows_a_message(app: Flask, enter: Enter, service_slug: str) -> None:
    with writing(app):
        factories.retour(_service(service_slug), text="PHRASE QUE PERSONNE ICI NE LIT")
    client = enter(Role.ADMINISTRATOR)
    for url in ("reglages", f"reglages/{service_slug}", "comptes", "etat"):
        assert "PHRASE QUE" not in client.get(f"/equipe/{url}").text


@pytest.mark.parametrize(
    "line",
    [
        "06 12 34 56 78",
        "marie@example.fr",
        "1 84 12 76 451 089 46",
        "12 rue des Lilas",
        "x" * 61,
        "\n".join(f"Mot{n}" for n in range(201)),
    ],
)
def test_no_identifier_and_no_endless_list_is_let_through_the_masking(
    enter: Enter, service_slug: str, stored: Stored, line: str
) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}"
    answer = post(client, url, {**SERVICE, "allowed_words": f"Bluestar\n{line}"})
    assert answer.status_code == 422
    assert 'id="allowed_words-error"' in answer.text
    assert line.split("\n")[0] in answer.text
    assert stored(select(Service).where(Service.slug == service_slug))[0].allowed_words == []


def test_an_identifier_stays_masked_even_where_the_list_holds_it() -> None:
    kept = redact("Appelez Doctolib au 06 12 34 56 78.", None, ["Doctolib", "06 12 34 56 78"])
    assert "06 12" not in kept.text
    assert "Doctolib" in kept.text


# What a hand gets wrong, twice or too late.


def test_a_release_is_corrected_and_its_retours_follow(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/versions"
    with writing(app):
        served = _service(service_slug)
        early = factories.retour(served, day=TODAY - timedelta(days=20)).id
        late = factories.retour(served, day=TODAY - timedelta(days=2)).id
        gone = factories.retour(served, day=TODAY, state="withdrawn").id
        factories.retour(factories.service(), day=TODAY)
    day = (TODAY - timedelta(days=30)).isoformat()
    assert post(client, url, {"number": "1.0", "day": day, "note": "Début"}).status_code == 303
    number = select(Release.number).join(Feedback, Feedback.release_id == Release.id)

    def under() -> dict[str, str | None]:
        return {
            each: next(iter(stored(number.where(Feedback.id == each))), None)
            for each in (early, late, gone)
        }

    assert under() == {early: "1.0", late: "1.0", gone: None}
    made = stored(select(Release.id))[0]
    moved = {"number": "1.1", "day": (TODAY - timedelta(days=5)).isoformat(), "note": ""}
    assert post(client, f"{url}/{made}", moved).status_code == 303
    assert under() == {early: None, late: "1.1", gone: None}
    for said in ("La version est retirée.", "Cette version était déjà retirée."):
        assert said in post(client, f"{url}/{made}/retirer", follow_redirects=True).text
    assert under() == {early: None, late: None, gone: None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": ""}, "Remplissez ce champ."),
        ({"number": "2.0"}, "Cette version existe déjà."),
        ({"day": ""}, "Choisissez un jour."),
        ({"day": "hier"}, "valide"),
        ({"day": "0026-11-01"}, "Choisissez un jour entre 1990 et le 24 novembre 2027."),
        ({"day": "2062-11-01"}, "Choisissez un jour entre 1990 et le 24 novembre 2027."),
        ({"note": "x" * 301}, "300 caractères au plus."),
    ],
)
def test_a_wrong_release_is_refused_in_french_with_what_was_typed(
    app: Flask, enter: Enter, service_slug: str, stored: Stored, change: dict[str, str], said: str
) -> None:
    client = enter(Role.PROMOTER, member=True)
    with writing(app):
        served = _service(service_slug)
        kept = [factories.release(served, number=each).id for each in ("1.0", "2.0")]
    form = {"number": "3.0", "day": TODAY.isoformat(), "note": "Une note tapée"} | change
    url = f"/equipe/reglages/{service_slug}/versions"
    for address in (url, f"{url}/{kept[0]}"):
        answer = post(client, address, form)
        assert answer.status_code == 422
        assert said in answer.text
        assert change.get("note") or "Une note tapée" in answer.text
        assert "Not a valid" not in answer.text
        assert "cannot be longer" not in answer.text
    assert sorted(stored(select(Release.number))) == ["1.0", "2.0"]


def test_a_release_of_another_service_or_one_that_is_watched_stays(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    client = enter(Role.PROMOTER, member=True)
    with writing(app):
        served, far = _service(service_slug), factories.service()
        own, other = factories.release(served, number="1.0"), factories.release(far, number="9.0")
        theme = Theme(service=served, name="Envoi", born=TODAY)
        db.session.add(theme)
        db.session.flush()
        watch = ReleaseWatch(service=served, release=own, theme=theme, question="Oui ?")
        watch.declared = watch.starts = TODAY
        watch.planned_weeks = 8
        db.session.add(watch)
        ids = own.id, other.id
    url = f"/equipe/reglages/{service_slug}/versions"
    kept = post(client, f"{url}/{ids[0]}/retirer", follow_redirects=True)
    assert "Une surveillance porte sur cette version : elle reste." in kept.text
    form = {"number": "1.0.1", "day": TODAY.isoformat(), "note": ""}
    moved = post(client, f"{url}/{ids[0]}", form)
    assert moved.status_code == 422
    assert "Une surveillance porte sur cette version : son jour reste." in moved.text
    assert post(client, f"{url}/{ids[1]}", form).status_code == 404
    post(client, f"{url}/{ids[1]}/retirer")
    assert sorted(stored(select(Release.number))) == ["1.0", "9.0"]


def test_a_member_is_removed_once_and_the_last_one_not_by_herself(
    app: Flask, enter: Enter, service_slug: str, stored: Stored
) -> None:
    client = enter(Role.PROMOTER, member=True)
    me = stored(select(Membership.account_id))[0]
    with writing(app):
        mate = factories.account(Role.PROMOTER, services=(_service(service_slug),), name="Bo").id
    url = f"/equipe/reglages/{service_slug}/equipe"
    for said in ("Bo quitte l’équipe.", "Cette personne n’est pas dans l’équipe."):
        assert said in post(client, f"{url}/{mate}/retirer", follow_redirects=True).text
    alone = post(client, f"{url}/{me}/retirer", follow_redirects=True)
    assert "Personne d’autre n’est dans l’équipe." in alone.text
    assert stored(select(Membership.account_id)) == [me]
    with writing(app):
        factories.account(Role.PROMOTER, services=(_service(service_slug),))
    left = post(client, f"{url}/{me}/retirer", follow_redirects=True)
    assert left.status_code == 200
    assert "quitte l’équipe." in left.text
    assert client.get(f"/equipe/reglages/{service_slug}").status_code == 404


def test_the_form_library_speaks_the_language_of_the_page(enter: Enter, service_slug: str) -> None:
    client = enter(Role.PROMOTER, member=True)
    url = f"/equipe/reglages/{service_slug}/versions"
    form = {"number": "1", "day": "hier", "note": ""}
    assert "Not a valid date" not in post(client, url, form).text
    client.set_cookie("langue", "en")
    assert "Not a valid date value." in post(client, url, form).text

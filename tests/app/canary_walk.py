"""The boxes beyond speaking and following: readers, contests, appeals, mediators, paper, rooms."""

from app.accounts import Role
from app.days import utc_now
from app.db import db
from app.second_factor import demo_code, give_demo_factor
from app.sign_in import create_account, grant
from feedback.models import Feedback, State
from tests import factories
from tests.app.canaries import Canary
from tests.conftest import writing
from tests.feedback import readers
from tests.feedback.citizen import code_of
from tests.plain_browser import PlainBrowser
from tests.served import HttpClient
from tests.town import PASSPHRASE, SLUG, Town


def answer_and_report(place: Town, reader: PlainBrowser, text: str) -> None:
    """Let a reader answer a published message, and report it."""
    page = readers.address(SLUG, readers.publish(place.app, SLUG))
    reader.open(page).submit("/repondre", answer=text)
    assert code_of(reader), "the answer has a code of its own"
    reader.open(page).follow("Signaler ce contenu").submit("/signaler", reason="other", words=text)
    assert reader.status == 200, reader.words


def contest_the_level(author: PlainBrowser, text: str) -> None:
    """Let an author, on their page, ask for another level of urgency."""
    author.submit("/retour/urgence", level="urgent", words=text)
    assert author.status == 200, author.words


def appeal(place: Town, author: PlainBrowser, text: str) -> None:
    """Speak once more, be refused, and ask another moderator to look."""
    author.open(f"/s/{SLUG}").submit(SLUG, face="5", text=f"Autre chose. {text}")
    code = code_of(author)
    with writing(place.app):
        newest = db.select(Feedback).where(Feedback.text.startswith("Autre chose."))
        row = db.session.scalars(newest).one()
        row.state, row.reason = State.REFUSED.value, "Une règle de la charte."
    author.open("/suivi").submit("/suivi", code=code)
    author.submit("/recours", appeal=text)
    assert author.status == 200, author.words


def type_for_others(place: Town, port: int, headers: dict[str, str], text: str) -> None:
    """Let a mediator write for somebody, then type a sheet of paper."""
    with writing(place.app):
        seat = factories.organisation("Maison de quartier")
        account = create_account("mediation@example.fr", "Mia", PASSPHRASE, seat, place.today())
        grant(account, Role.MEDIATOR)
        give_demo_factor(account)
    desk = PlainBrowser(HttpClient(port), headers).open("/connexion")
    desk.submit("/connexion", email="mediation@example.fr", password=PASSPHRASE)
    # The served site reads the machine's clock, which has gone on since the walk began.
    desk.submit("/connexion/code", code=demo_code(utc_now()))
    for path, more in (
        (f"/equipe/saisir/{SLUG}", {"consent": "y", "handover": "none"}),
        (f"/equipe/papier/{SLUG}", {}),
    ):
        for field in ("text", "G5"):
            face = {"face": "5" if "saisir" in path else "2"}
            desk.open(path).submit(path, **{"text": "Rien ne marche.", **face, **more, field: text})
            assert desk.status == 200, desk.words


def talk_and_judge(
    console: PlainBrowser, phone: PlainBrowser, room: str, planted: tuple[Canary, ...]
) -> None:
    """Write in a group's thread, then say what one thinks of the session that is over."""
    for phase in ("reveal", "group", "vote"):
        console.submit("/phase", vers=phase)
    phone.open(f"/atelier/{room}").submit("/votes", plus=_group(phone))
    console.submit("/phase", vers="discuss")
    thread = phone.open(f"/atelier/{room}").address_of('a[href*="/groupes/"]')
    for each in planted:
        phone.open(thread).submit("/messages", text=each.said)
        assert phone.status == 200, phone.words
    for phase in ("decide", "closed"):
        console.submit("/phase", vers=phase)
    phone.open(f"/atelier/{room}").submit(
        "/avis", words=" ".join(each.said for each in planted[-5:])
    )
    assert phone.status == 200, phone.words


def ask_to_be_told(phone: PlainBrowser, code: str, text: str, address: str) -> None:
    """Open the page behind a session's code and ask for mails: badly, then well."""
    phone.open("/atelier/suivi").submit("/atelier/suivi", code=code)
    phone.follow("Être prévenu par courriel").submit("/courriel", address=text)
    assert phone.status == 422, phone.words
    phone.submit("/courriel", address=address)
    assert "Un lien est parti" in phone.words, phone.words


def _group(phone: PlainBrowser) -> str:
    return str(phone.page.select("button[name=plus]")[0]["value"])

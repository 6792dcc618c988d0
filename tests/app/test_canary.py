"""Nothing that identifies a citizen is stored, indexed, logged, mailed or exported.

Twenty planted identifiers go through every box that a citizen can type in, from one address with
one user agent, to the site as gunicorn serves it. A control word travels with them and is found
wherever it belongs: so the search would find them.
"""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.backups import DATABASE, back_up
from tests.app import canaries
from tests.app import canary_walk as walk
from tests.app.canaries import Canary, Search, held
from tests.feedback.citizen import code_of
from tests.loop import meeting
from tests.plain_browser import PlainBrowser
from tests.served import HttpClient, served
from tests.town import SLUG, Town, town

CONTROL = "palissandre"
FOLLOWER = f"{CONTROL}@example.org"
ADDRESS, NETWORK, AGENT = "203.0.113.77", "203.0.113.", "Canari/7.3 (essai de recette)"
ELSEWHERE = {"X-Forwarded-For": ADDRESS, "User-Agent": AGENT, "Referer": f"http://{ADDRESS}/"}
BOXES = (  # table and column: what a citizen may fill
    ("feedback", "text"),
    ("answer", "value"),
    ("message", "text"),
    ("commitment_link", "words"),
    ("card", "text"),
    ("remark", "text"),
    ("opinion", "words"),
    ("urgency", "words"),
    ("content_notice", "words"),
    ("subscription", "address"),
)


@pytest.fixture(scope="module")
def planted() -> tuple[Canary, ...]:
    return canaries.make()


@pytest.fixture(scope="module")
def search(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: Path, planted: tuple[Canary, ...]
) -> Iterator[Search]:
    """Everything that is left after a citizen typed the identifiers wherever they could."""
    folder = tmp_path_factory.mktemp("canary")
    instance, log = folder / "instance", folder / "site.log"
    instance.mkdir()
    with town(instance, migrated_database) as place:
        place.clock.moment = datetime.now(UTC)  # the served site reads the machine's clock
        settings = replace(place.app.config["SETTINGS"], PROXY_HOPS=1)
        with served(settings, instance, log, "tests.app.heard_wsgi:app") as port:
            exports = type_everywhere(place, port, planted)
        back_up(instance / DATABASE, folder / "backup", place.today(), settings.RECEIPT_SECRET)
        yield Search(
            {
                **{f"instance/{p.name}": held(p) for p in instance.rglob("*") if p.is_file()},
                **{f"backup/{p.name}": held(p) for p in (folder / "backup").iterdir()},
                **{name: text.lower().encode() for name, text in exports.items()},
                "site.log": held(log),
            },
            folder / "backup" / DATABASE,
        )


def type_everywhere(place: Town, port: int, planted: tuple[Canary, ...]) -> dict[str, str]:
    """Type the identifiers into every box; return what was exported meanwhile."""
    text = " ".join([f"Quel {CONTROL}, ma carte Vitale.", *(each.said for each in planted)])
    citizen = PlainBrowser(HttpClient(port), ELSEWHERE)
    citizen.open(f"/s/{SLUG}?par={planted[0].surface.replace(' ', '')}")
    citizen.submit(SLUG, face="0", text=text)
    code = code_of(citizen)
    citizen.submit("/corriger", text=f"{text} Merci.")
    citizen.submit("/suite", G5=text)
    exports = {"code.txt": citizen.submit("/code.txt").text}
    answer_and_promise(place)
    citizen.open("/suivi").submit("/suivi", code=text)
    citizen.submit("/suivi", code=code)
    citizen.submit("/repondre", reply=text)
    citizen.submit("/engagements/", verdict="not", words=text)
    walk.contest_the_level(citizen, text)
    citizen.follow("Voir mes données").submit("/export")
    exports["mes-donnees.json"] = citizen.text
    subscribe(citizen, text)
    write_cards(place, citizen, planted)
    walk.answer_and_report(place, PlainBrowser(HttpClient(port), ELSEWHERE), text)
    walk.appeal(place, PlainBrowser(HttpClient(port), ELSEWHERE), text)
    walk.type_for_others(place, port, ELSEWHERE, text)
    lose_the_way(citizen, port, text)
    place.clock.moment = datetime.now(UTC)
    with capture_logs() as lines:  # with every key, also those that the last step would drop
        place.restart_worker()
    exports["worker.log"] = json.dumps(lines, ensure_ascii=False)
    for path in (f"/s/{SLUG}/flux.atom", f"/s/{SLUG}/ce-qui-change", f"/s/{SLUG}"):
        exports[path] = citizen.client.get(path, ELSEWHERE).text
    return exports


def answer_and_promise(place: Town) -> None:
    """Let the team answer, promise and announce, so that there is something to reply to."""
    desk = place.desk("equipe").open("/equipe").follow(CONTROL)
    desk.submit("/reponse", text="Nous avons lu votre message, merci beaucoup.")
    due = place.today().replace(year=place.today().year + 1, day=1).isoformat()
    desk.submit("/engagement", text="La carte sera lue de nouveau.", owner="Équipe", due=due)
    desk.open("/equipe/engagements").submit("/annonce", evidence="La carte est lue, voyez ici.")
    desk = place.desk("moderation").open("/equipe/moderation")
    desk.submit("/moderation/engagements/", decision="accept")


def subscribe(citizen: PlainBrowser, text: str) -> None:
    citizen.open(f"/s/{SLUG}/suivre").submit("/suivre", address=text)
    assert citizen.status == 422
    citizen.submit("/suivre", address=FOLLOWER)
    assert "Regardez votre courrier" in citizen.words


def write_cards(place: Town, citizen: PlainBrowser, planted: tuple[Canary, ...]) -> None:
    console, room = meeting.a_facilitator_opens_a_session(place)
    citizen.open("/atelier").submit("/atelier", code=" ".join(each.said for each in planted))
    citizen.submit("/atelier", code=room)
    code = code_of(citizen.submit("/garder"))
    console.submit("/phase", vers="write")
    for each in (*planted, Canary("", "Un {}.", CONTROL)):
        citizen.open(f"/atelier/{room}").submit("/idees", text=each.said)
        assert citizen.status == 200, citizen.words
    citizen.submit("/idees", text=" ".join(each.said for each in planted))
    assert citizen.status == 422, "too long for a card"
    walk.talk_and_judge(console, citizen, room, (*planted, Canary("", "Un {}.", CONTROL)))
    walk.ask_to_be_told(citizen, code, " ".join(each.said for each in planted), FOLLOWER)


def lose_the_way(citizen: PlainBrowser, port: int, text: str) -> None:
    """Ask for addresses that do not exist, and for something that is no request at all."""
    first = text.split(". ")[1].replace(" ", "-").replace("é", "e")
    for path in (f"/{first}", f"/atelier/{first}", f"/?mots={first}", f"/s/{first}"):
        citizen.open(path)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET /{first} HTTP/1.1\r\nX {AGENT}: {ADDRESS}\r\n\r\n".encode())
        assert b"400" in line.recv(200)


def test_there_are_twenty(planted: tuple[Canary, ...]) -> None:
    assert len({each.surface for each in planted}) == 20


def test_the_control_word_is_found_wherever_it_belongs(search: Search) -> None:
    where = search.found(CONTROL)
    assert where & {"instance/boucle.db", "instance/boucle.db-wal"}
    assert "backup/boucle.db" in where
    assert "mes-donnees.json" in where
    assert any(name.endswith(".eml") for name in where), "the mail to the follower"
    assert search.found("log_heard") == {"site.log"}
    assert search.found("job_done") == {"worker.log"}


@pytest.mark.parametrize(("table", "column"), BOXES)
def test_the_control_word_was_kept_from_every_box(search: Search, table: str, column: str) -> None:
    with closing(sqlite3.connect(search.database)) as copy:
        kept = [str(row[0]) for row in copy.execute(f"SELECT {column} FROM {table}")]
    assert [words for words in kept if CONTROL in words]


def test_no_identifier_is_found_anywhere(search: Search, planted: tuple[Canary, ...]) -> None:
    leaks = {
        (each.kind, words): where
        for each in planted
        for words in each.spellings
        if (where := search.found(words))
    }
    assert leaks == {}


@pytest.mark.parametrize("trace", [ADDRESS, NETWORK, AGENT, AGENT.split("/")[0]])
def test_no_trace_of_the_connection_is_found_anywhere(search: Search, trace: str) -> None:
    assert search.found(trace) == set()


def test_the_index_finds_the_control_word_and_no_identifier(
    search: Search, planted: tuple[Canary, ...]
) -> None:
    with closing(sqlite3.connect(search.database)) as copy:
        # Of the citizen, the mediator and the sheet; that of the appeal has no further turn.
        for index, holding in (("feedback_search", 4), ("feedback_search_turns", 3)):
            query = f"SELECT count(*) FROM {index} WHERE {index} MATCH ?"

            def hits(words: str, query: str = query) -> int:
                phrase = words.replace('"', "")
                return int(copy.execute(query, [f'"{phrase}"']).fetchone()[0])

            assert hits(CONTROL) == holding, index
            assert hits("carte bancaire") == holding
            assert {each.kind: hits(each.surface) for each in planted if hits(each.surface)} == {}

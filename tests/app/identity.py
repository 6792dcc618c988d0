"""Somebody who tries to attach an identity everywhere: each form of each page, each address.

``Visitor.fill_every_form`` fills the forms that its pages show, and those of the answers;
``knock_everywhere`` posts to every address, forms or not. Both add fields that no form has.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.access import Mark
from tests import factories
from tests.app import worlds

CONTROL = "palissandre"
MAIL, PHONE, NAME = "z.quenelle4821@example.org", "06 98 12 34 57", "Lemaire"
COMMUNE, MOMENT, CONTACT = "Saint-Galmier-le-Puy", "2026-11-23T11:37:42", "canari-contact"
PHOTO, AGENT, ADDRESS = b"\x89PNG canari-photo", "Canari/7.3 (essai)", "203.0."
WORDS = f"Le {CONTROL} du docteur {NAME} : {MAIL}, {PHONE}."  # fits on a card
TEAM_WORDS = "Nous avons lu votre message. La correction arrive dans la version suivante."
MARKS = (MAIL, "z.quenelle", PHONE, PHONE.replace(" ", ""), NAME, COMMUNE, MOMENT, "11:37:42")
MARKS = (*MARKS, CONTACT, "canari-photo", AGENT, ADDRESS)
FIELDS = {
    MAIL: "mail email e_mail courriel address adresse_mail notify notification follower",
    PHONE: "phone tel telephone mobile sms whatsapp",
    NAME: "name nom prenom first_name last_name surname author who person pseudo patient",
    COMMUNE: "commune city ville town postcode zip code_postal street rue lieu location geo",
    "42": "G8 departement département department territory territory_code place_code",
    MOMENT: "time moment hour heure when datetime created sent_at timestamp",
    CONTACT: "contact account account_id user user_id login nir ine identity ip user_agent device",
    "daily": "frequency subscribe subscription suivre abonnement",
}
FILES = ("photo", "image", "picture", "file", "attachment", "fichier", "avatar", "audio")
WAY_OUT = "device.leave"  # ends the visit
LAST = ("effacer", "fermer", "connexion", "logout", "anonymat", "supprimer")  # they end the visit
LINES = {"date": "2027-01-04", "number": "3", "time": MOMENT[11:16], "datetime-local": MOMENT[:16]}


def extras() -> dict[str, Any]:
    """Return every field that could hold an identity, under the names it could have."""
    found: dict[str, Any] = {
        name: value for value, names in FIELDS.items() for name in names.split()
    }
    return found | {name: (BytesIO(PHOTO), f"{name}.png", "image/png") for name in FILES}


class Visitor:
    """One actor of the walk, who tries whatever its pages and the addresses offer."""

    def __init__(self, app: Flask, ids: dict[str, dict[str, Any]], actor: str) -> None:
        self.app, self.ids, self.actor = app, ids, actor
        self.is_citizen = actor in ("anonymous", "author")
        self.client: FlaskClient = app.test_client()
        self.tries = count()
        self.enter()

    def enter(self) -> None:
        """Open the actor's session, again where a form ended it."""
        worlds._enter(self.client, self.actor, self.ids)

    def addresses(self, method: str) -> Iterator[tuple[str, str]]:
        """Yield the endpoint and the address of every route, those that end the visit last.

        Staff go to the pages of staff: at those of everybody they are anybody.
        """
        rules = [r for r in self.app.url_map.iter_rules() if method in (r.methods or ())]
        rules = [r for r in rules if r.endpoint not in worlds.UNWALKED and self._is_for(r)]
        for rule in sorted(rules, key=lambda r: (any(w in r.rule for w in LAST), r.rule)):
            yield rule.endpoint, worlds._address(rule, self.ids["own"])

    def _is_for(self, rule: Rule) -> bool:
        mark = getattr(self.app.view_functions[rule.endpoint], "access", None)
        return self.is_citizen or (isinstance(mark, Mark) and mark.kind == "staff")

    def open(self, address: str) -> Any:
        """Get a page, with an identity in its address too."""
        asked = urlencode({"mail": MAIL, "nom": NAME, "dep": "42"})
        return self.client.get(
            f"{address}{'&' if '?' in address else '?'}{asked}", **self._traces()
        )

    def fill_every_form(self, after: Callable[[str], None]) -> set[str]:
        """Send every form of every page, then those of the answers; return their addresses."""
        pages = [address for endpoint, address in self.addresses("GET") if endpoint != WAY_OUT]
        waiting = [form for address in pages for form in self._forms(address)]
        seen: set[tuple[str, frozenset[str]]] = set()
        while waiting:
            waiting.sort(key=lambda pair: any(word in pair[0] for word in LAST))
            action, form = waiting.pop(0)
            shape = re.sub(r"\d+", "", action), frozenset(_names(form))
            if shape in seen:
                continue
            seen.add(shape)
            answer = self.send(action, self._filled(form))
            after(f"{self.actor} form {action}")
            if answer.status_code in (302, 303):
                waiting += self._forms(answer.location)
            elif answer.mimetype == "text/html":
                waiting += _posting(answer.get_data(as_text=True), action)
        return {action for action, _ in seen}

    def knock_everywhere(self, after: Callable[[str], None]) -> None:
        """Post every identity field to every address that takes a post."""
        for endpoint, address in self.addresses("POST"):
            self.enter()
            self.send(address, {"text": WORDS} if self.is_citizen else {})
            after(f"{self.actor} {endpoint}")

    def send(self, address: str, fields: dict[str, Any]) -> Any:
        """Post ``fields`` with all identities beside them."""
        data = {**extras(), **fields}
        with self.client.session_transaction() as session:
            is_open = bool(session)
        if is_open:
            data["csrf_token"] = factories.csrf_token(self.client)
        return self.client.post(
            address, data=data, content_type="multipart/form-data", **self._traces()
        )

    def _traces(self) -> dict[str, Any]:
        """Return where one request comes from: each from elsewhere, so that no limit stops it."""
        came = f"{ADDRESS}{next(self.tries) % 250}.77"
        headers = {"User-Agent": AGENT, "X-Forwarded-For": came, "Sec-Fetch-Site": "same-origin"}
        return {"headers": headers, "environ_overrides": {"REMOTE_ADDR": came}}

    def _forms(self, address: str) -> list[tuple[str, Tag]]:
        answer = self.open(address.split("#")[0])
        if answer.status_code != 200 or "html" not in answer.mimetype:
            return []
        return _posting(answer.get_data(as_text=True), address)

    def _filled(self, form: Tag) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for control in form.select("input, textarea, select, button"):
            name = str(control.get("name") or "")
            if name and (value := self._value(control)) is not None:
                found.setdefault(name, value)
        return found

    def _value(self, control: Tag) -> Any:
        kind = str(control.get("type") or control.name)
        if control.has_attr("hidden") or kind == "hidden":
            return str(control.get("value") or control.get_text().removeprefix("\n"))
        if kind == "select":
            options = [str(o.get("value", "")) for o in control.find_all("option")]
            return options[-1] if options else ""
        if kind == "file":
            return BytesIO(PHOTO), "photo.png", "image/png"
        if kind in ("textarea", "text", "search", "email", "tel"):
            return self._said(control, kind)
        return LINES.get(kind) or str(control.get("value") or "y")

    def _said(self, control: Tag, kind: str) -> str:
        if self.is_citizen:
            return MAIL if kind == "email" else PHONE if kind == "tel" else WORDS
        return str(control.get("value") or control.get_text().strip() or TEAM_WORDS)


def _posting(page: str, address: str) -> list[tuple[str, Tag]]:
    forms = BeautifulSoup(page, "html.parser").find_all("form", method="post")
    return [(str(form.get("action") or address), form) for form in forms]


def _names(form: Tag) -> list[str]:
    return [str(each.get("name")) for each in form.select("input, textarea, select, button")]


def found_in(folder: Path) -> set[tuple[str, str]]:
    """Return (table or file, mark) of every mark that lies in an instance folder."""
    held = {path: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    marks = [(mark, mark.lower().encode()) for mark in MARKS]
    raw = {(path.name, mark) for path, data in held.items() for mark, seen in marks if seen in data}
    database = folder / "boucle.db"
    if not any(name.startswith(database.name) for name, _ in raw):
        return raw
    with closing(sqlite3.connect(database)) as copy:
        lines = [line.lower() for line in copy.iterdump() if line.startswith("INSERT")]
    tables = {
        (line.split('"')[1], mark) for line in lines for mark, _ in marks if mark.lower() in line
    }
    return tables | {pair for pair in raw if not pair[0].startswith(database.name)}

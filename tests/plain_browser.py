"""A browser without JavaScript over HTTP: opens pages, fills their forms, goes where they lead.

Only what stands on the page can be done: a form or a field that is missing fails the test.
"""

import re
from typing import Any, Self
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag

REDIRECTS = (301, 302, 303)


class PlainBrowser:
    """One browser with its own cookies, showing one page.

    Its ``client`` gets and posts: Flask's test client, or one that speaks to a served site.
    """

    def __init__(self, client: Any, headers: dict[str, str] | None = None) -> None:
        self.client = client
        self.headers = headers or {}
        self.show("", 0)

    def open(self, path: str) -> Self:
        """Go to ``path``."""
        return self._land(self.client.get(path, headers=self.headers))

    def follow(self, words: str) -> Self:
        """Go where the link with ``words`` leads."""
        links = [a for a in self.page.find_all("a", href=True) if words in flat(a)]
        assert links, f"no link « {words} » in: {self.words}"
        return self.open(urldefrag(str(links[0]["href"])).url)

    def submit(self, action: str, **fields: Any) -> Self:
        """Fill the form whose address holds ``action`` and that has all ``fields``; send it."""
        forms = [f for f in self.page.find_all("form") if action in self._address(f)]
        assert forms, f"no form to « {action} » in: {self.words}"
        fitting = [f for f in forms if fields.keys() <= self._controls(f).keys()]
        assert fitting, f"no form to « {action} » has the fields {sorted(fields)}"
        values = {**self._as_it_stands(fitting[0]), **fields}
        own = {"Sec-Fetch-Site": "same-origin", **self.headers}
        return self._land(self.client.post(self._address(fitting[0]), data=values, headers=own))

    @property
    def words(self) -> str:
        """What can be read on the page, on one line."""
        return flat(self.page.find("main") or self.page)

    def part(self, selector: str) -> str:
        """Return the words of the one part of the page that ``selector`` names."""
        found = self.page.select(selector)
        assert len(found) == 1, f"{len(found)} parts « {selector} » in: {self.words}"
        return flat(found[0])

    def address_of(self, selector: str) -> str:
        """Return where the first link or form that ``selector`` names leads."""
        found = self.page.select_one(selector)
        assert found is not None, f"no « {selector} » in: {self.words}"
        return str(found.get("href") or found.get("action"))

    def show(self, text: str, status: int) -> None:
        """Put a page on the screen."""
        self.text, self.status = text, status
        self.page = BeautifulSoup(text, "html.parser")

    def _land(self, answer: Any) -> Self:
        while answer.status_code in REDIRECTS:
            answer = self.client.get(urldefrag(answer.location).url, headers=self.headers)
        assert answer.status_code < 500, answer.text
        self.show(answer.text, answer.status_code)
        return self

    def _address(self, form: Tag) -> str:
        return str(form.get("action") or "")

    def _controls(self, form: Tag) -> dict[str, list[Tag]]:
        """Return the controls of ``form`` by name, those that name it from elsewhere too."""
        found: dict[str, list[Tag]] = {}
        controls = form.select("input, textarea, select, button")
        if form.get("id"):
            controls += self.page.select(f'[form="{form["id"]}"]')
        for control in controls:
            found.setdefault(str(control.get("name", "")), []).append(control)
        return found

    def _as_it_stands(self, form: Tag) -> dict[str, list[str]]:
        """Return what a browser would send of ``form`` untouched, its buttons left alone."""
        values: dict[str, list[str]] = {}
        for name, controls in self._controls(form).items():
            standing = [value for each in controls if (value := _standing(each)) is not None]
            if name and standing:
                values[name] = standing
        return values


def _standing(control: Tag) -> str | None:
    if control.name == "button" or control.get("type") == "submit":
        return None
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        options = control.find_all("option")
        chosen = [each for each in options if each.has_attr("selected")] or options[:1]
        return str(chosen[0].get("value", chosen[0].get_text())) if chosen else None
    if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
        return None
    return str(control.get("value", ""))


def flat(tag: Tag) -> str:
    """Return the words of ``tag`` with single spaces."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()

"""The rules of Atom (RFC 4287), as far as the schema of its appendix B and its MUSTs ask of a feed.

No validator of feeds is kept on the package index; each rule here is named by its section.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NAMESPACE = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ONE = ("id", "title", "updated")  # exactly one of each (4.1.1, 4.1.2)
ONE_AT_MOST = {
    "feed": ("generator", "icon", "logo", "subtitle", "rights"),
    "entry": ("content", "published", "rights", "source", "summary"),
}
KNOWN = {
    "feed": {*ONE, *ONE_AT_MOST["feed"], "author", "contributor", "category", "link", "entry"},
    "entry": {*ONE, *ONE_AT_MOST["entry"], "author", "contributor", "category", "link"},
    "author": {"name", "uri", "email"},
    "contributor": {"name", "uri", "email"},
}
TEXTS = ("title", "subtitle", "summary", "rights")
DATES = ("updated", "published")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MEDIA = re.compile(r".+/.+")


def faults(document: str) -> list[str]:
    """Return every rule that ``document`` breaks, in words; none for a feed that is valid."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        return [f"not well-formed: {error}"]
    if root.tag != f"{NAMESPACE}feed":
        return [f"the root is {root.tag} (4.1.1)"]
    return [*_container(root, "feed"), *_entries(root), *_everywhere(root)]


def _name(element: Element) -> str:
    return element.tag.removeprefix(NAMESPACE)


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(f"{NAMESPACE}{name}")


def _text(element: Element, name: str) -> str:
    return element.findtext(f"{NAMESPACE}{name}") or ""


def _container(element: Element, kind: str) -> Iterator[str]:
    """Yield what a feed or an entry lacks, has twice, or must not have."""
    count = Counter(map(_name, element))
    yield from (f"{kind}: {count[name]} {name} (4.1)" for name in ONE if count[name] != 1)
    yield from (f"{kind}: {name} twice (4.1)" for name in ONE_AT_MOST[kind] if count[name] > 1)
    unknown = {n for n in count if not n.startswith("{") and n not in KNOWN[kind]}
    yield from (f"{kind}: an element {name} (6.3)" for name in sorted(unknown))
    if not _text(element, "title").strip():
        yield f"{kind}: a title without words (4.2.14)"
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in _all(element, "link")
        if link.get("rel", "alternate") == "alternate"
    )
    yield from (f"{kind}: two alternates {each} (4.1)" for each, n in alternates.items() if n > 1)


def _entries(feed: Element) -> Iterator[str]:
    entries, has_author = _all(feed, "entry"), bool(_all(feed, "author"))
    if not any(link.get("rel") == "self" for link in _all(feed, "link")):
        yield "feed: no link to itself (4.1.1)"
    if not has_author and not (entries and all(_all(each, "author") for each in entries)):
        yield "feed: no author (4.1.1)"
    ids = Counter(_text(each, "id") for each in entries)
    yield from (f"two entries are {each} (4.1.1)" for each, number in ids.items() if number > 1)
    for each in entries:
        yield from _container(each, "entry")
        yield from _told(each)


def _told(entry: Element) -> Iterator[str]:
    """Yield what is missing of an entry's words and of where they are."""
    links = [link.get("rel", "alternate") for link in _all(entry, "link")]
    contents = _all(entry, "content")
    if not contents and "alternate" not in links:
        yield "entry: neither content nor alternate (4.1.2)"
    if any(each.get("src") for each in contents) and not _all(entry, "summary"):
        yield "entry: content elsewhere without summary (4.1.2)"


def _everywhere(root: Element) -> Iterator[str]:
    """Yield the faults of single elements, wherever they stand."""
    for element in root.iter():
        name = _name(element)
        if (lang := element.get(LANG)) and not LANGUAGE.fullmatch(lang):
            yield f"{name}: the language {lang} (2)"
        if name in ("author", "contributor"):
            yield from _person(element, name)
        elif name in TEXTS:
            yield from _words(element, name)
        elif name in DATES:
            yield from _moment(element.text or "", name)
        elif name in ("id", "icon", "logo", "uri"):
            if name == "id" and not _is_absolute(element.text or ""):
                yield f"id: {element.text} is no whole address (4.2.6)"
        elif name == "link":
            yield from _link(element)
        elif name == "category" and not element.get("term"):
            yield "category: no term (4.2.2)"


def _person(element: Element, name: str) -> Iterator[str]:
    count = Counter(map(_name, element))
    if count["name"] != 1 or not _text(element, "name").strip():
        yield f"{name}: {count['name']} names (3.2.1)"
    yield from (f"{name}: {each} twice (3.2)" for each in ("uri", "email") if count[each] > 1)
    unknown = {each for each in count if not each.startswith("{") and each not in KNOWN[name]}
    yield from (f"{name}: an element {each} (6.3)" for each in sorted(unknown))


def _words(element: Element, name: str) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in ("text", "html", "xhtml"):
        yield f"{name}: the type {kind} (3.1.1)"
    elif kind != "xhtml" and len(element):
        yield f"{name}: elements within {kind} (3.1.1)"


def _moment(words: str, name: str) -> Iterator[str]:
    if not MOMENT.fullmatch(words):
        yield f"{name}: {words} is no moment (3.3)"
        return
    try:
        datetime.fromisoformat(words)
    except ValueError:
        yield f"{name}: {words} is no day (3.3)"


def _link(element: Element) -> Iterator[str]:
    href, rel, kind = (element.get(each) for each in ("href", "rel", "type"))
    if not href or re.search(r"\s", href):
        yield f"link: the address {href} (4.2.7.1)"
    if rel == "":
        yield "link: an empty relation (4.2.7.2)"
    if kind is not None and not MEDIA.fullmatch(kind):
        yield f"link: the type {kind} (4.2.7.3)"
    lang = element.get("hreflang")
    if lang is not None and not LANGUAGE.fullmatch(lang):
        yield f"link: the language {lang} (4.2.7.4)"


def _is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", address)

"""Words that try to run: as markup, formula, header or template; and what shows that one did.

``plant`` puts them into every column that people write in; ``faults`` says what came alive.
"""

import csv
import io
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from sqlalchemy import JSON, select, update

from app.db import db
from feedback.csv_files import FORMULA
from tests.app.planted import TEXTS, WRITTEN

MARK = "zzx"  # stands in whatever must not run
PRODUCT = str(1231 * 1237)  # what a template engine would make of the sum
MARKUP = (
    "<script>zzx()</script>", "<ScRiPt>zzx()</sCrIpT>", "</textarea><script>zzx()</script>",
    "</title><script>zzx()</script>", "</style><script>zzx()</script>", "--><script>zzx()</script>",
    "]]><script>zzx()</script>", '"><script>zzx()</script>', "'><script>zzx()</script>",
    "<img src=x onerror=zzx()>", '"><img src=x onerror=zzx()>', "<svg onload=zzx()>",
    "<svg><script>zzx()</script></svg>", "<body onload=zzx()>", "<iframe src=javascript:zzx()>",
    "<iframe srcdoc='<script>zzx()</script>'>", "<a href=javascript:zzx()>ici</a>",
    "<a href='data:text/html,zzx'>ici</a>", "<form action=//zzx.example><input name=code>",
    "<input autofocus onfocus=zzx()>", "<details open ontoggle=zzx()>",
    "<video><source onerror=zzx()>",
    "<math><mi xlink:href=javascript:zzx()>", "<object data=zzx>", "<embed src=zzx>",
    "<link rel=stylesheet href=//zzx.example>", "<style>@import '//zzx.example'</style>",
    "<meta http-equiv=refresh content='0;url=//zzx.example'>", "<base href=//zzx.example>",
    "<div data-hx-get=/zzx data-hx-trigger=load>", "<div hx-get=/zzx hx-trigger=load>",
    '" data-hx-get="/zzx" data-hx-trigger="load', '" onmouseover="zzx()', "' onmouseover='zzx()",
    "` onmouseover=zzx()", "<b style='background:url(//zzx.example)'>", "<marquee onstart=zzx()>",
    "&lt;script&gt;zzx()&lt;/script&gt;", "&#60;script&#62;zzx()&#60;/script&#62;",
    "\\u003cscript\\u003ezzx()", "<scr<script>ipt>zzx()</scr</script>ipt>",
    "<noscript><p title='</noscript><img src=x onerror=zzx()>'>",
    "<template><script>zzx()</script>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY zzx SYSTEM 'file:///etc/passwd'>]><x>&zzx;</x>",
    "<![CDATA[<script>zzx()</script>]]>", "javascript:zzx()", "\u202e<script>zzx()</script>",
)  # fmt: skip
FORMULAS = (
    "=cmd|' /C zzx'!A0", "+zzx+1", "-zzx-1", "@SUM(zzx)", "=HYPERLINK(\"//zzx.example\")",
    "\t=zzx", "\r=zzx", "＝zzx()", "=1+1;zzx",
)  # fmt: skip
TEMPLATES = (
    "{{ 1231 * 1237 }}",
    "{% print(1231*1237) %}",
    "${1231*1237}",
    "#{1231*1237}",
    "{0.__class__}",
)
LINES = (
    "zzx\r\nX-Zzx: 1",
    "zzx\nBcc: zzx@example.org",
    "zzx%0d%0aSet-Cookie: zzx=1",
    "zzx\u2028X-Zzx: 1",
)
TYPESET = ("#sys.inputs", '#read("/etc/passwd")', "*zzx* _zzx_ $zzx$", "\\input{zzx}")
CORPUS = (*MARKUP, *FORMULAS, *TEMPLATES, *LINES, *TYPESET)
LOADS = ("src", "href", "action", "data", "srcdoc", "formaction", "background", "style", "poster")
FORBIDDEN = (
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "math",
    "marquee",
    "style",
    "link",
    "meta",
)


def plant(first: int) -> int:
    """Write payloads into every text of people, from ``first`` on; return how many texts."""
    number = first
    for table_name, columns in WRITTEN.items():
        table = db.metadata.tables[table_name]
        keys = list(table.primary_key.columns)
        for name in columns:
            column = table.c[name]
            for *key, value in db.session.execute(select(*keys, column)).all():
                if value is None:
                    continue
                number += 1
                same = [part == of for part, of in zip(keys, key, strict=True)]
                new = _inside(value, number) if isinstance(column.type, JSON) else None
                length = getattr(column.type, "length", None) or 10_000
                new = new if new is not None else _words(number, length)
                db.session.execute(update(table).where(*same).values({name: new}))
    return number - first


def _words(number: int, length: int) -> str:
    """Return one payload that fits, and where there is room all of them behind it."""
    fitting = [each for each in CORPUS if len(each) <= length]
    first = fitting[number % len(fitting)]
    return " ".join([first, *CORPUS]) if length > 5000 else first


def _inside(value: Any, number: int, is_words: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _inside(each, number, key in TEXTS) for key, each in value.items()}
    if isinstance(value, list):
        return [_inside(each, number, True) for each in value]
    return CORPUS[number % len(CORPUS)] if is_words and isinstance(value, str) and value else value


def faults(body: bytes, mimetype: str) -> list[str]:
    """Return what came alive in an answer."""
    text = body.decode(errors="replace")
    found = ["a template ran"] if PRODUCT in text else []
    if "root:x:0:0" in text:
        found.append("a file of the machine was read")
    if mimetype == "text/html" or mimetype == "image/svg+xml":
        found += _of_page(text)
    elif mimetype.endswith("xml"):
        found += _of_feed(text)
    elif mimetype == "text/csv":
        found += _of_table(text)
    elif mimetype == "application/pdf":
        found += [
            f"{word} in a PDF"
            for word in ("/JavaScript", "/Launch", "/EmbeddedFile")
            if word in text
        ]
        found += ["a link to elsewhere in a PDF"] if "/URI (//zzx" in text else []
    return found


def _of_page(text: str) -> list[str]:
    found = []
    for tag in BeautifulSoup(text, "html.parser").find_all(True):
        if tag.name in FORBIDDEN and MARK in str(tag):
            found.append(f"<{tag.name}> from words")
        for name, value in tag.attrs.items():
            told = " ".join(value) if isinstance(value, list) else str(value)
            if name.lower().startswith("on"):
                found.append(f"{name} on <{tag.name}>")
            if MARK in told and "hx-" in name:
                found.append(f"{name} from words on <{tag.name}>")
            if (
                MARK in told
                and name in LOADS
                and not told.startswith(("/", "http://localhost/", "#", "tel:"))
            ):
                found.append(f"{name}={told[:60]!r} on <{tag.name}>")
    return found


def _of_feed(text: str) -> list[str]:
    root = ElementTree.fromstring(text)
    names = {element.tag.rpartition("}")[2].lower() for element in root.iter()}
    return [
        f"<{name}> in a feed"
        for name in sorted(names & {*FORBIDDEN, "img", "svg", "a", "b"} - {"link"})
    ]


def _of_table(text: str) -> list[str]:
    lines = csv.reader(
        io.StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text[:300] else ","
    )
    return [
        f"a formula in a cell: {cell[:40]!r}"
        for cells in lines
        for cell in cells
        if MARK in cell and (cell.lstrip().startswith(FORMULA) or cell[:1] in "\t\r\n")
    ]

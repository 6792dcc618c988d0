"""Weights, vendored files and the content policy, read from the files themselves."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT).parts]
STYLES = sorted(STATIC.glob("*.css"))

INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "escaping switched off": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
}
# What makes a browser fetch: a link to another site is only followed by a person.
LOADED = re.compile(
    r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I
)
# What crosses the network is counted in tests/browser; these keep the files themselves short.
OURS = {
    "boucle.js": 6144,
    "danger.js": 2200,
    "desk.js": 3072,
    "draft.js": 2048,
    "keying.js": 2048,
    "leave.js": 1536,
    "passkey.js": 1024,
    "wait.js": 1280,
}
LIMITS = {path.name: 10240 for path in STYLES} | OURS


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(("file", "limit"), LIMITS.items())
def test_our_files_stay_within_their_weight(file: str, limit: int) -> None:
    assert 0 < (STATIC / file).stat().st_size <= limit


def test_every_vendored_file_is_the_one_that_the_readme_lists() -> None:
    listed = dict(
        re.findall(
            r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (STATIC / "README.md").read_text(), re.M
        )
    )
    ours = set(LIMITS) | {"favicon.svg", "README.md"}
    vendored = {path.name for path in STATIC.iterdir() if path.is_file()} - ours
    assert set(listed) == vendored
    for file, digest in listed.items():
        assert hashlib.sha256((STATIC / file).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_holds_nothing_that_the_content_policy_refuses(path: Path) -> None:
    text = path.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_page_or_mail_loads_nothing_from_elsewhere(path: Path) -> None:
    assert LOADED.search(path.read_text()) is None


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_stylesheet_loads_nothing_at_all(path: Path) -> None:
    assert not re.search(r"@import|url\(|//", path.read_text())


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("style attribute", '<p style="color:red">'),
        ("inline script", "<script>go()</script>"),
        ("event attribute", '<a onclick="go()">'),
        ("escaping switched off", "{{ text|safe }}"),
    ],
)
def test_the_patterns_catch_what_they_are_for(what: str, markup: str) -> None:
    assert INLINE[what].search(markup)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [  # text, ground, least ratio
    *[
        (text, ground, 4.5)
        for text in ("ink", "muted", "tone", "alert")
        for ground in ("paper", "card")
    ],
    ("ink", "weak", 4.5),
    ("muted", "weak", 4.5),
    ("tone", "weak", 4.5),
    ("ink", "pale", 4.5),
    ("alert", "pale", 4.5),
    ("on", "tone", 4.5),
    ("paper", "info", 4.5),
    ("field", "card", 3.0),
    ("field", "paper", 3.0),
    ("accent", "card", 3.0),
    ("info", "paper", 3.0),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_colours_keep_their_contrast(theme: int, text: str, ground: str, least: float) -> None:
    block = re.findall(r":root\{(.*?)\}", (STATIC / "boucle.css").read_text())[theme]
    tokens = dict(re.findall(r"--([a-z]+):(#[0-9A-F]{3,6})", block))
    assert contrast(tokens[text], tokens[ground]) >= least


def test_contrast_is_21_for_black_on_white_and_1_for_equals() -> None:
    assert contrast("#000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#0A6558", "#0A6558") == 1

"""Every template compiles, partials keep one root with their name, nothing is inline or foreign."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent / "templates"
TEMPLATES = sorted(str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file())
PAGES = [name for name in TEMPLATES if name.endswith(".html")]
PARTIALS = [n for n in PAGES if Path(n).name.startswith("_") and "/" in n]


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_template_holds_no_inline_code_and_trusts_no_text(name: str) -> None:
    if name.startswith("mail/"):
        pytest.skip("mails carry their own style: no page policy applies to them")
    source = (ROOT / name).read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", source), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source), "inline handler"
    assert not re.search(r"<script(?![^>]*\ssrc=)", source), "inline script"
    assert "|safe" not in source.replace(" ", ""), "text taken as markup"
    assert not re.search(r"(src|href)=[\"']https?://[^\"']*\.(js|css)", source), "foreign file"


@pytest.mark.parametrize("name", PARTIALS)
def test_partial_has_one_root_named_after_it(name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    stripped = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.S).strip()
    expected = Path(name).stem.lstrip("_").replace("_", "-")
    assert re.match(rf"<\w+[^>]*\sid=\"{expected}", stripped), f"root id should be {expected}"

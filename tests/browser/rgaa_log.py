"""What axe said of each rule that carries an RGAA criterion, over one run of the browser tests.

``AXE_OUTPUT=build/axe.json pytest tests/browser`` writes it; ``tests/rgaa.py`` reads it.
"""

import json
import os
import re
from collections import defaultdict
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

OUTPUT = os.environ.get("AXE_OUTPUT", "")
CRITERION = re.compile(r"RGAA-(\d+\.\d+)\.\d+")
RULES = "() => axe.getRules(['RGAAv4']).map((rule) => [rule.ruleId, rule.tags])"
_outcomes: dict[str, set[str]] = defaultdict(set)
_criteria: dict[str, list[str]] = {}
_pages: set[str] = set()


def keep(page: Page, outcomes: list[tuple[str, str]]) -> None:
    """Keep what axe said of one page, as (rule, outcome); nothing unless a file is asked for."""
    if not OUTPUT:
        return
    for rule, tags in page.evaluate(RULES) if not _criteria else ():
        _criteria[rule] = sorted({met[1] for tag in tags if (met := CRITERION.fullmatch(tag))})
    _pages.add(urlsplit(page.url).path)
    for rule, outcome in outcomes:
        _outcomes[rule].add(outcome)


def write() -> None:
    """Write the run into the file that was asked for."""
    if not (OUTPUT and _criteria):
        return
    rules = {
        rule: {"criteria": criteria, "outcomes": sorted(_outcomes[rule])}
        for rule, criteria in sorted(_criteria.items())
    }
    run = {"day": date.today().isoformat(), "pages": len(_pages), "rules": rules}
    Path(OUTPUT).parent.mkdir(parents=True, exist_ok=True)
    Path(OUTPUT).write_text(json.dumps(run, indent=1) + "\n", "utf-8")

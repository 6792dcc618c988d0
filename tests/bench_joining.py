"""Measures how long a hand on a slow phone takes to plan a session, and to join up to a first card.

``python -m tests.bench_joining``. Writes its section of ``docs/benchmark.md``: five times by each
way, the slow phone being that of the pages (``tests/pages_bench/phone.py``).
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from app.db import db
from tests.bench_pages import chromium, living_site
from tests.browser.site import PASSPHRASE, Site
from tests.browser.visitor import Visitor
from tests.conftest import writing
from tests.pages_bench.phone import slow_page
from tests.report_sections import REPORT, machine, table, write_section
from tests.workshop_bench.by_hand import IDEA, KEY, KEYS, TAP, WAYS, Hand
from tests.workshop_bench.planned_by_hand import TEMPLATE, planned
from tests.workshops.rooms import workshop
from workshops.models import Phase

TIMES, WANTED, WANTED_PLANNED = 5, 20.0, 120.0
Walked = tuple[str, list[float], Hand]  # the way, its seconds each time, and what the hand did


def room_of(site: Site) -> str:
    """Open a session where people write; return its code."""
    with writing(site.app):
        code = workshop(Phase.WRITE).code
    with site.app.app_context():
        db.engine.dispose()
    return code


def measure(folder: Path) -> tuple[list[Walked], Walked]:
    """Return for each way to join, and for planning, its seconds and what the hand did."""
    found = []
    with living_site(folder) as site, chromium() as browser:
        code = room_of(site)
        for name, walk in WAYS.items():
            seconds = []
            for _ in range(TIMES):
                with slow_page(browser) as page:
                    hand = Hand(page, TAP, KEY)
                    seconds.append(walk(hand, site.url, code))
            found.append((name, seconds, hand))
        return found, plan(site, browser)


def plan(site: Site, browser: Browser) -> Walked:
    """Return how long a facilitator who has signed in takes to plan a session."""
    context = browser.new_context(locale="fr-FR")
    Visitor(context, context.new_page(), site.url).sign_in("animation", PASSPHRASE)
    seconds = []
    for _ in range(TIMES):
        with slow_page(browser) as page:
            page.context.add_cookies(context.cookies())
            hand = Hand(page, TAP, KEY)
            seconds.append(planned(hand, site.url))
    context.close()
    return TEMPLATE, seconds, hand


def report(found: list[Walked]) -> str:
    """Return the section that is written."""
    rows = [
        [
            f"by {name}",
            str(hand.taps),
            f"{KEYS[name]} + {len(IDEA)}",
            *_figures(seconds, WANTED),
        ]
        for name, seconds, hand in found
    ]
    head = ["way", "taps", "keys: code + idea", "median, s", "slowest, s", ""]
    return "\n".join(
        [
            "## Joining by hand",
            "",
            f"Written by `make bench-joining` on {machine()}. From asking for the door until the "
            f"first card stands among one's own, {TIMES} times by each way; {WANTED:.0f} s wanted. "
            f"A hand takes {TAP / 1000:.0f} s to find each thing that it taps and {KEY} ms for a "
            f"letter; the idea is « {IDEA} ». The slow phone of the pages: 400 kbit/s, 400 ms, a "
            "quarter of this processor. Without a word of consent or a name to give, which cost a "
            "reading more.",
            "",
            table(head, rows),
        ]
    )


def _figures(seconds: list[float], wanted: float) -> list[str]:
    mark = "reached" if max(seconds) <= wanted else "**not reached**"
    return [f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}", mark]


def report_planned(walked: Walked) -> str:
    """Return what the section says of planning a session."""
    name, seconds, hand = walked
    row = [f"from « {name} »", str(hand.taps), str(hand.keys)]
    head = ["template", "taps", "keys", "median, s", "slowest, s", ""]
    return "\n".join(
        [
            "### Planning a session by hand",
            "",
            "On the same slow phone, with the same hand: a facilitator who has signed in goes from "
            f"the list of sessions to the open lobby, {len(seconds)} times; "
            f"{WANTED_PLANNED:.0f} s wanted. Everything that may be chosen is: template, title, "
            "service and functionality, a question more, the rule of names, a step left out, two "
            "sentences of consent. A list costs two taps and two looks, writing over a title three "
            "taps. The words are known beforehand: thinking of them is not in it.",
            "",
            table(head, [[*row, *_figures(seconds, WANTED_PLANNED)]]),
        ]
    )


def main() -> None:
    """Measure, write the section, print the page."""
    with tempfile.TemporaryDirectory() as folder:
        joined, made = measure(Path(folder))
    text = f"{report(joined)}\n\n{report_planned(made)}"
    write_section("joining", text)
    print(text, f"\nwritten into {REPORT.name}")


if __name__ == "__main__":
    main()

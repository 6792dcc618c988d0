"""Measures how long joining a session takes a hand on a slow phone, up to the first card.

``python -m tests.bench_joining``. Writes its section of ``docs/benchmark.md``: five times by each
way, the slow phone being that of the pages (``tests/pages_bench/phone.py``).
"""

import statistics
import tempfile
from pathlib import Path

from app.db import db
from tests.bench_pages import chromium, living_site
from tests.browser.site import Site
from tests.conftest import writing
from tests.pages_bench.phone import slow_page
from tests.report_sections import REPORT, machine, table, write_section
from tests.workshop_bench.by_hand import IDEA, KEY, KEYS, TAP, WAYS, Hand
from tests.workshops.rooms import workshop
from workshops.models import Phase

TIMES, WANTED = 5, 20.0


def room_of(site: Site) -> str:
    """Open a session where people write; return its code."""
    with writing(site.app):
        code = workshop(Phase.WRITE).code
    with site.app.app_context():
        db.engine.dispose()
    return code


def measure(folder: Path) -> list[tuple[str, list[float], Hand]]:
    """Return for each way its seconds, and what the hand did."""
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
    return found


def report(found: list[tuple[str, list[float], Hand]]) -> str:
    """Return the section that is written."""
    rows = [
        [
            f"by {name}",
            str(hand.taps),
            f"{KEYS[name]} + {len(IDEA)}",
            f"{statistics.median(seconds):.1f}",
            f"{max(seconds):.1f}",
            "reached" if max(seconds) <= WANTED else "**not reached**",
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


def main() -> None:
    """Measure, write the section, print the page."""
    with tempfile.TemporaryDirectory() as folder:
        text = report(measure(Path(folder)))
    write_section("joining", text)
    print(text, f"\nwritten into {REPORT.name}")


if __name__ == "__main__":
    main()

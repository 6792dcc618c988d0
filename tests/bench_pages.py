"""Measures what a citizen's pages cost on a slow phone and with many messages.

``python -m tests.bench_pages``, with ``--quick`` for 20,000 messages instead of 100,000. Writes its
section of ``docs/benchmark.md``. Bytes do not vary; times hold for this machine; the ratio is
of one run, in turns.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.db import db
from tests.browser.conftest import FLAGS
from tests.browser.site import Site, build, seed
from tests.need_chromium import find_chromium
from tests.pages_bench import phone
from tests.pages_bench.addresses import unfilled
from tests.pages_bench.rendering import compare, filled_site, names_of
from tests.pages_bench.report import Measured, report
from tests.pages_bench.wire import views
from tests.report_sections import REPORT, write_section
from tests.served import HttpClient, served

FEW, MANY, SOME = 1_000, 100_000, 20_000
TIMES = 15  # renderings of each page and size


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the browser until the block ends."""
    path = find_chromium()
    assert path, "chromium is not on the path"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def living_site(folder: Path) -> Iterator[Site]:
    """Serve the small living site of the browser tests by gunicorn, as a deployer does."""
    app, clock = build(folder)
    clock.moment = datetime.now(UTC)  # the served site reads the machine's clock
    site = Site(app, clock)
    seed(site)
    with app.app_context():
        db.engine.dispose()
    with served(app.config["SETTINGS"], folder, folder / "site.log") as port:
        assert HttpClient(port).get("/readyz", {}).status_code == 200  # the models are loaded
        site.url = f"http://127.0.0.1:{port}"
        yield site


def measure(folder: Path, many: int) -> Measured:
    """Return every figure of the report."""
    with living_site(folder) as site, chromium() as browser:
        service = site.path("/s/suivi-tension")
        wire = views(browser, site)
        picture = phone.first_picture(browser, service)
        sending = phone.sending(browser, service)
        journey = phone.plain_journey(browser, service)
    with (
        filled_site(folder / "few", FEW) as small,
        filled_site(folder / "many", many) as large,
    ):
        rendered = compare(small, large, TIMES)
        left = unfilled(small.app, names_of(small))
    return Measured(wire, picture, sending, journey, rendered, (FEW, many), left)


def main() -> None:
    """Measure, write the section, print the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help=f"{SOME:,} messages at most")
    many = SOME if options.parse_args().quick else MANY
    with tempfile.TemporaryDirectory() as folder:
        text = report(measure(Path(folder), many))
    write_section("pages", text)
    print(text, f"\nwritten into {REPORT.name}")


if __name__ == "__main__":
    main()

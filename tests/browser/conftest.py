"""The browser, the served site, and visitors whose complaints are counted when they leave."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import rgaa_log
from tests.browser.site import Site, build, seed, serve
from tests.browser.team import forget_limits
from tests.browser.visitor import LOOKED, Visit, Visitor
from tests.need_chromium import find_chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for every test."""
    path = find_chromium()
    assert path, "chromium is not on the path"
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeded site, served on a port of its own."""
    app, clock = build(tmp_path_factory.mktemp("site"))
    with serve(app, clock) as served:
        seed(served)
        yield served


def visitor_of(
    browser: Browser, site: Site, js: bool = True, width: int = 360, **options: Any
) -> Visitor:
    """Return somebody who comes to ``site`` with a browser of their own, watched."""
    context = browser.new_context(
        java_script_enabled=js,
        locale="fr-FR",
        viewport={"width": width, "height": 740 if width < 1000 else 900},
        **options,
    )
    context.set_default_timeout(8000)
    visitor = Visitor(context, context.new_page(), site.url, js, now=site.clock)
    visitor.watch()
    return visitor


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """A way to send somebody to the site; what their browser complained about fails the test."""
    visitors: list[Visitor] = []

    def come(**options: Any) -> Visitor:
        visitor = visitor_of(browser, site, **options)
        visitors.append(visitor)
        return visitor

    forget_limits(site)
    yield come
    for visitor in visitors:
        visitor.leave()
    assert [each for visitor in visitors for each in visitor.complaints] == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many pages axe looked at in this run, and write what it said where that is asked."""
    rgaa_log.write()
    if LOOKED:
        names = len({name for name, _js in LOOKED})
        terminalreporter.write_line(f"axe looked {len(LOOKED)} times, at {names} different pages")

"""Bytes and requests of each citizen page of the served site, first and second view."""

import re

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.db import db
from app.editions import Edition
from app.subscriptions import Audience
from tests.browser.site import SLUG, Site
from tests.browser.weights import Weight, weigh_both
from tests.pages_bench.addresses import citizen_paths, is_authors

Views = list[tuple[Weight, Weight]]


def views(browser: Browser, site: Site) -> Views:
    """Return the weight of both views of each page, the heaviest first."""

    def hold_code(page: Page) -> None:
        page.goto(site.path("/suivi"))
        page.get_by_label("Votre code de suivi").fill(site.codes["answered"])
        page.get_by_role("button", name="Ouvrir ma page").click()
        page.wait_for_url(re.compile("/suivi/retour"))

    paths = citizen_paths(site.app, known(site))
    found = [
        weigh_both(
            browser, site.path(path), True, hold_code if is_authors(site.app, name) else None
        )
        for name, path in paths.items()
        if _is_html(site, path)
    ]
    return sorted(found, key=lambda both: -both[0].total)


def known(site: Site) -> dict[str, str]:
    """Return what addresses of the living site may name."""
    with site.app.app_context():
        public = select(Edition.id).where(Edition.audience == Audience.PUBLIC.value)
        edition = db.session.scalar(public)
    return {"slug": SLUG, "edition_id": str(edition)}


def _is_html(site: Site, path: str) -> bool:
    """Leave out feeds and files, which no browser lays out."""
    return not re.search(r"\.[a-z]+$", path)

"""The pages of scores with two years of readings: charts, tables and folds at every width."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from feedback.publications import publish_all
from tests import factories
from tests.browser.conftest import visitor_of
from tests.browser.site import build, serve
from tests.conftest import writing
from tests.feedback.test_part_scores import rate

pytestmark = pytest.mark.browser
FACES = (0, 0, 5, 0, 5, 10, 5, 10, 10)
SECOND = timedelta(days=12)


@pytest.mark.parametrize("js", [True, False])
def test_a_page_of_scores_with_its_trends(browser: Browser, tmp_path: Path, js: bool) -> None:
    app, clock = build(tmp_path)
    with writing(app):
        service = factories.service(slug="essai", name="Mon suivi tension")
        parts = [
            factories.functionality(service, name=name)
            for name in ("Prise de rendez-vous", "Partage des mesures avec le médecin traitant")
        ]
        for month, face in enumerate(FACES, 1):
            day = date(2026, month, 3)
            for part in parts:
                rate(service, part, 20, face=face, day=day)
                rate(service, part, 12, face=5, day=day)
            publish_all(day + SECOND)
        factories.release(service, "6.2", date(2026, 4, 8))
    with serve(app, clock) as served:
        visitor = visitor_of(browser, served, js=js)
        visitor.open("/s/essai/notes")
        visitor.page.get_by_text("Au fil du temps").first.wait_for()
        visitor.look("notes-trend")
        visitor.leave()
        assert visitor.complaints == []

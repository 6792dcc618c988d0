"""The theme of one's message on the author's page: how many others, and where counting stops."""

from flask import Flask

from app.db import db
from app.floors import FLOOR
from feedback.models import Placement, Segment
from feedback.place import MANY, placed_in
from feedback.theme_counts import counts_of_theme, retours_of_theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import theme_town


def test_the_count_is_the_one_of_the_team_as_far_as_it_goes(app: Flask) -> None:
    with writing(app):
        theme = theme_town.town(factories.service())["Carte"]
        twice = theme_town.placed(factories.retour(theme.service, text="Carte."), theme)
        retour = twice.segment.feedback
        again = Segment(feedback=retour, start=3, end=6, vector=b"", model="test")
        where = {"score": 0.9, "threshold": 0.4, "model": "test", "placed": TODAY}
        db.session.add(Placement(segment=again, theme=theme, **where))
        db.session.flush()
        hidden = factories.retour(theme.service, text="Caché.", state="held")
        theme_town.placed(hidden, theme)
        db.session.flush()
        assert retours_of_theme(theme, 100) == counts_of_theme(theme, TODAY).retours == 5
        assert retours_of_theme(theme, 3) == 3


def test_past_a_number_the_page_says_more_than(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        theme = theme_town.theme(service, "Carte")
        rows = [factories.retour(service, text=f"Carte {n}.") for n in range(MANY + 1)]
        for row in rows:
            theme_town.placed(row, theme)
        db.session.flush()
        (exactly,) = placed_in(rows[0])
        assert (exactly.others, exactly.many) == (MANY - MANY % FLOOR, False)
        theme_town.placed(factories.retour(service, text="Carte de plus."), theme)
        db.session.flush()
        (more,) = placed_in(rows[0])
        assert (more.others, more.many) == (MANY, True)

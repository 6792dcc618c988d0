"""The demonstration's invented table is read whole by the real import, and shown on a page."""

from datetime import date

from flask import Flask

from app.demo_references import make_reference
from app.matrix import FunctionalityClass
from app.territories import load_territories
from feedback.models import TableState
from feedback.standing import Scope, standing
from tests import factories
from tests.conftest import writing


def test_every_line_is_kept_and_a_service_finds_its_place(app: Flask) -> None:
    with writing(app):
        load_territories()
        table = make_reference(date(2026, 11, 10))
        assert (table.state, table.good, table.rejected) == (TableState.KEPT, 46, 0)
        service = factories.service(territory_code="42")
        factories.functionality(service, kind=FunctionalityClass.ADMINISTRATION.value)
        for face in (0, 0, 5, 5, 10):
            for _ in range(8):
                factories.retour(service, face=face)
        factories.publish()
        found = {place.scope: place.units for place in standing(service).places}
        assert found == {Scope.REGION: 18 + 1, Scope.FRANCE: 46 + 1}

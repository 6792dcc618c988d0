"""A service that can be left at once, beside the ordinary one of the site."""

from datetime import timedelta

from sqlalchemy import select

from app import days
from app.catalogue import Service
from app.db import db
from feedback import receipts
from tests import factories
from tests.browser.site import Site, speak
from tests.conftest import writing

QUIET = "maison-des-femmes"
NEUTRAL = "https://meteofrance.com/"


def open_quiet(site: Site) -> str:
    """Make the service where it is missing; return the code of a retour about it."""
    with writing(site.app):
        service = db.session.scalar(select(Service).where(Service.slug == QUIET))
        if service is None:
            service = factories.service(slug=QUIET, name="Maison des femmes", quick_exit=True)
            factories.functionality(service)
        day = days.paris_day(site.clock()) - timedelta(days=1)
        receipt = speak(site, service, "La porte ferme trop tôt.", day)
        return receipts.grouped(receipt.code or "")

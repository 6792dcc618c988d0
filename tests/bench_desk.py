"""Measures what the team's inbox costs with many messages, and the page of evaluations.

``python -m tests.bench_desk``, with ``--quick`` for 20,000 messages instead of 100,000. Writes its
section of ``docs/benchmark.md``: the two sizes take turns, queries are counted.
"""

import argparse
import random
import statistics
import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from app import days
from app.accounts import Role
from app.catalogue import Functionality, Release, Service
from app.db import db
from app.desk_filters import PARAMETERS, View
from feedback import models as m
from feedback import search
from nlp.search_forms import search_words
from tests import factories
from tests.bench_pages import FEW, MANY, SOME
from tests.conftest import NOON, writing
from tests.pages_bench.rendering import Cost, Full, count_queries, filled_site, seconds
from tests.pages_bench.report import GROWTH
from tests.report_sections import REPORT, machine, table, write_section

TIMES = 9
PLACES = ("42", "69", "43")
BATCH = 20_000
REMOVED = "nous l’avons retiré"  # what the page says of a filter whose value names nothing


def prepare(site: Full) -> None:
    """Put the words into the search index, say some places, and sign somebody of the team in."""
    draw = random.Random(1)
    with writing(site.app):
        service = db.session.scalars(select(Service)).one()
        team = factories.account(Role.PROMOTER, services=(service,))
        rows = db.session.execute(select(m.Feedback.id, m.Feedback.text)).all()
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            db.session.execute(insert(search.INDEX), [_indexed(service, *row) for row in batch])
            places = [_place(row.id, draw) for row in batch if draw.random() < 0.5]
            db.session.execute(insert(m.Answer), places)
        release = db.session.scalars(select(Release.id)).one()
        newest = m.Feedback.day >= days.paris_day(NOON) - timedelta(days=30)
        db.session.execute(update(m.Feedback).where(newest).values(release_id=release))
        (part,) = service.functionalities
        hurting = m.Feedback.face != m.Face.GOOD
        db.session.execute(update(m.Feedback).where(hurting).values(functionality_id=part.id))
        factories.sign_in(site.client, team)


def _indexed(service: Service, feedback_id: str, words: str | None) -> dict[str, str]:
    said = " ".join(search_words(words or ""))
    return {"feedback_id": feedback_id, "service": search.service_word(service.id), "words": said}


def _place(feedback_id: str, draw: random.Random) -> dict[str, str]:
    given = {"question": "G8", "status": "given", "value": draw.choice(PLACES)}
    return {"id": f"P{feedback_id[1:]}", "feedback_id": feedback_id, **given}


def addresses(site: Full) -> dict[str, str]:
    """Return the address of each view, filter and search, by its name in the report."""
    with site.app.app_context():
        theme = db.session.scalars(select(m.Theme.id).order_by(m.Theme.name)).first()
        part = db.session.scalars(select(Functionality.id)).one()
        release = db.session.scalars(select(Release.id)).one()
    found = {f"view {view.value}": f"/equipe?vue={view.value}" for view in View}
    narrowing = {
        "theme": theme,
        "functionality": part,
        "place": "42",
        "channel": "paper",
        "release": release,
        "face": "0",
        "state": "waiting",
    }
    for name, value in narrowing.items():
        found[f"filter {name}"] = f"/equipe?vue=tous&{PARAMETERS[name]}={value}"
    words = PARAMETERS["words"]
    found["words, common"] = f"/equipe?vue=tous&{words}=mesures"
    found["words, rare"] = f"/equipe?vue=tous&{words}=%22version+77%22"
    found["tenth page"] = "/equipe?vue=tous&page=10"
    found["evaluations"] = "/equipe/evaluations"
    return found


def compare(small: Full, large: Full, times: int) -> list[tuple[str, Cost, Cost]]:
    """Return the name and both costs of each address, the largest growth first."""
    rows = []
    others = addresses(large)
    for name, address in addresses(small).items():
        sides = ((small, address), (large, others[name]))
        for site, path in sides:
            page = site.client.get(path)
            assert page.status_code == 200, path
            assert REMOVED not in page.text, f"{path} names nothing"
        queries = [count_queries(*side) for side in sides]
        taken = [[seconds(*side) for side in sides] for _ in range(times)]
        medians = [statistics.median(column) for column in zip(*taken, strict=True)]
        rows.append((name, Cost(medians[0], queries[0]), Cost(medians[1], queries[1])))
    return sorted(rows, key=lambda row: row[1].seconds / row[2].seconds)


def report(rows: list[tuple[str, Cost, Cost]], many: int) -> str:
    """Return the section that is written."""
    over = sum(large.seconds / small.seconds > GROWTH for _name, small, large in rows)
    grown = sum(large.queries > small.queries for _name, small, large in rows)
    lines = [
        [
            name,
            f"{1000 * small.seconds:.1f}",
            f"{1000 * large.seconds:.1f}",
            f"{large.seconds / small.seconds:.2f}",
            str(small.queries),
            str(large.queries),
        ]
        for name, small, large in rows
    ]
    headings = ["inbox", f"{FEW:,}", f"{many:,}", "ratio", "queries", "queries"]
    return "\n".join(
        [
            "## The team's inbox",
            "",
            f"Written by `make bench-desk` on {machine()}: medians of processor milliseconds, one "
            f"service with {FEW:,} and with {many:,} messages in turns. "
            f"Over {GROWTH} times: {over} of {len(rows)}. With more queries: {grown}.",
            "",
            table(headings, lines),
        ]
    )


def main() -> None:
    """Measure, write the section, print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help=f"{SOME:,} messages at most")
    many = SOME if options.parse_args().quick else MANY
    with (
        tempfile.TemporaryDirectory() as folder,
        filled_site(Path(folder) / "few", FEW) as small,
        filled_site(Path(folder) / "many", many) as large,
    ):
        for site in (small, large):
            prepare(site)
        text = report(compare(small, large, TIMES), many)
    write_section("desk", text)
    print(text, f"\nwritten into {REPORT.name}")


if __name__ == "__main__":
    main()

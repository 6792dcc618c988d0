"""``flask refresh``: asks the worker, where the encoder lives, to bring the themes up to date."""

import click
from flask.cli import with_appcontext

from app import jobs
from app.days import now
from app.db import db, will_write
from app.model_tasks import FULL


@click.command("refresh")
@click.option("--full", is_flag=True, help="Group everything anew, not only the unplaced.")
@with_appcontext
def refresh(full: bool) -> None:
    """Ask the worker to refresh the themes; what people changed stays."""
    will_write()
    jobs.enqueue("refresh", FULL if full else "asked", now())
    db.session.commit()
    click.echo("asked: the worker refreshes the themes" + (", all anew" if full else ""))

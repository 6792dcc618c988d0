"""Unattended acts: doctor, backup, restore, purge. Each commits once and says what it did."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import backups, erasures, first_day, limits, overdue, privacy
from app.checkup import find_faults
from app.config import Settings
from app.days import now, today
from app.db import db, will_write
from app.explain_command import explain
from app.privacy_report import privacy_report
from app.refresh_command import refresh
from feedback import desk_acts, handover, search_upkeep, sittings, tallies
from workshops import erasing


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _database_file() -> Path:
    name = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not name:
        raise click.ClickException("backups of other engines are made with their own tools")
    return Path(name)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Name every fault of the instance; exit with 1 when there is any."""
    will_write(False)
    faults = find_faults(now(), _settings(), current_app.config["INSTANCE"])
    for fault in faults:
        click.echo(f"FAULT  {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("no fault found")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def backup(folder: Path) -> None:
    """Copy the database into the empty FOLDER, with a manifest."""
    try:
        made = backups.back_up(_database_file(), folder, today(), _settings().RECEIPT_SECRET)
    except FileExistsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{made['counts']['feedback']} retours copied to {folder}, {made['sha256'][:12]}")
    try:
        will_write()
        overdue.note_backup(today())
        db.session.commit()
    except OperationalError:  # full or read-only: the copy is sound all the same
        db.session.rollback()
        click.echo("its day could not be noted: the database takes no write", err=True)


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--verify", is_flag=True, help="Only check the backup; change nothing.")
@with_appcontext
def restore(folder: Path, verify: bool) -> None:
    """Put the backup in FOLDER in place of the database, then erase again what was erased."""
    try:
        found = backups.verify(folder, _settings().RECEIPT_SECRET)
    except backups.BadBackup as bad:
        raise click.ClickException(str(bad)) from bad
    click.echo(f"backup of {found['day']}: sound, {found['counts']['feedback']} retours")
    if not verify:
        target = _database_file()
        db.session.remove()
        db.engine.dispose()
        try:
            backups.restore(folder, target)
        except backups.InUse as error:
            raise click.ClickException(str(error)) from error
        upgrade()
        click.echo(_replay())


@click.command("replay-erasures")
@with_appcontext
def replay_erasures() -> None:
    """Erase again what a restored backup brought back."""
    click.echo(_replay())


def _replay() -> str:
    will_write()
    instance: Path = current_app.config["INSTANCE"]
    done = privacy.replay_erasures(instance, today())
    said = erasing.erase_again(erasures.listed(instance))
    db.session.commit()
    erasures.truncate_log()
    return f"{done} retours erased again, {said} ideas, notes and codes of sessions"


@click.command("purge")
@with_appcontext
def purge() -> None:
    """Drop what may only live for a day, a week or a year; print what was dropped."""
    will_write()
    buckets, rows = limits.purge(now()), privacy.purge(now())
    rows += handover.purge(now()) + sittings.purge(now())
    rows += desk_acts.purge(now())
    db.session.commit()
    erasures.truncate_log()
    left = db.session.scalar(select(func.count()).select_from(limits.RateBucket))
    click.echo(
        f"{today()}: {buckets} rate windows and {rows} proofs or tombstones dropped, ", nl=False
    )
    click.echo(f"{left} windows left")


@click.command("recount")
@with_appcontext
def recount() -> None:
    """Count faces and voices anew from all retours; print how many cells were wrong."""
    will_write()
    wrong = tallies.repair()
    db.session.commit()
    click.echo(f"{wrong} cells of the running counts were wrong")


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Build the search index anew from its rows, a damaged one too."""
    will_write()
    built = search_upkeep.build_anew()
    db.session.commit()
    click.echo(f"{built} search indexes built anew")


COMMANDS = [
    first_day.setup,
    doctor,
    backup,
    restore,
    replay_erasures,
    purge,
    recount,
    reindex,
    explain,
    refresh,
    privacy_report,
]

"""The first day of a real instance: tables, administrator, first service, and does mail work?

Running it again leaves alone what exists.
"""

import smtplib
from email.message import EmailMessage
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from app.accounts import Account, Role
from app.catalogue import all_services
from app.catalogue_edits import ServiceValues, create_service, organisation_named
from app.checkup import remember_secret
from app.config import Settings
from app.days import today
from app.db import db, will_write
from app.passphrases import WeakPassphrase, check_passphrase
from app.sign_in import create_account, grant
from app.smtp import smtp_sender
from app.territories import load_territories


def _strong(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        return check_passphrase(value) if value else None
    except WeakPassphrase as weak:
        raise click.BadParameter(str(weak)) from weak


@click.command("setup")
@click.option("--email", help="Address of the first administrator.")
@click.option("--name", help="Name of the first administrator.")
@click.option("--passphrase", callback=_strong, help="At least 15 characters; asked when absent.")
@click.option("--organisation", help="Who runs the first service.")
@click.option("--service", help="Name of the first service; empty for none.")
@click.option("--purpose", help="What it is for, in one sentence.")
@click.option("--phone", help="Human alternative: telephone.")
@click.option("--place", help="Human alternative: where a person can help.")
@click.option("--hours", help="Human alternative: opening hours.")
@click.option("--check-mail/--no-check-mail", default=True, help="Try the mail server.")
@with_appcontext
def setup(check_mail: bool, **given: str | None) -> None:
    """Prepare an instance: tables, territories, first administrator, first service, mail check."""
    settings: Settings = current_app.config["SETTINGS"]
    upgrade()
    will_write()
    click.echo(f"{load_territories()} territories added")
    remember_secret(settings)
    click.echo(_first_administrator(given))
    click.echo(_first_service(given, settings.BASE_URL))
    db.session.commit()
    if check_mail:
        click.echo(try_mail(settings, given["email"]))


def _ask(given: dict[str, str | None], key: str, question: str, **how: Any) -> str:
    value = given[key]
    answer = value if value is not None else click.prompt(question, **how)
    given[key] = str(answer)
    return str(answer)


def _first_administrator(given: dict[str, str | None]) -> str:
    held = select(Account).where(Account.roles.any(name=Role.ADMINISTRATOR.value), Account.active)
    if (known := db.session.scalar(held)) is not None:
        return f"administrator {known.email} exists, left alone"
    email, name = _ask(given, "email", "Administrator's address"), _ask(given, "name", "Name")
    organisation = organisation_named(_ask(given, "organisation", "Organisation"))
    passphrase = given["passphrase"] or click.prompt(
        "Passphrase (at least 15 characters)", hide_input=True, confirmation_prompt=True
    )
    try:
        account = create_account(email, name, passphrase, organisation, today())
    except WeakPassphrase as weak:
        raise click.ClickException(str(weak)) from weak
    grant(account, Role.ADMINISTRATOR)
    return f"administrator {account.email} created"


def _first_service(given: dict[str, str | None], base_url: str) -> str:
    if existing := all_services():
        return f"{len(existing)} services exist, left alone"
    if not (name := _ask(given, "service", "First service (empty for none)", default="")):
        return "no service yet: create one on the settings page"
    values = ServiceValues(
        name=name,
        purpose=_ask(given, "purpose", "What it is for, in one sentence"),
        phone=_ask(given, "phone", "Who cannot write here calls (telephone)"),
        place=_ask(given, "place", "or goes to (place)"),
        hours=_ask(given, "hours", "during (hours)"),
    )
    organisation = organisation_named(_ask(given, "organisation", "Organisation"))
    service = create_service(values, organisation, today())
    return f"service {service.name} created at {base_url}/s/{service.slug}"


def try_mail(settings: Settings, to: str | None) -> str:
    """Send one mail through the server of the settings; return a line that says what happened."""
    where = f"mail server {settings.SMTP_HOST}:{settings.SMTP_PORT}"
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.MAIL_FROM, to or settings.MAIL_FROM
    mail["Subject"] = "Boucle : essai d’envoi"
    mail.set_content("Ce message vérifie que Boucle peut envoyer des courriels.\n")
    try:
        (current_app.extensions.get("boucle.send") or smtp_sender(settings))(mail)
    except (OSError, smtplib.SMTPException) as error:
        return f"{where}: NOT WORKING, {type(error).__name__}: {error}. Mails wait in the outbox."
    return f"{where}: accepted a message to {mail['To']}"

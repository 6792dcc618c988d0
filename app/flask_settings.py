"""What Flask and its extensions are told, from the settings of a deployer."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.config import ROOT, Settings
from app.cookies import name_of

LARGEST_FORM = 1024 * 1024  # bytes that are read; beyond, the answer is a page with a way back


def flask_config(settings: Settings, instance: Path) -> dict[str, Any]:
    """Return the Flask configuration that ``settings`` stand for."""
    url = settings.DATABASE_URL or f"sqlite:///{instance / 'boucle.db'}"
    secure = settings.HTTPS and settings.BOUCLE_ENV == "production"
    return {
        **{field.name: getattr(settings, field.name) for field in fields(Settings)},
        "TRUSTED_HOSTS": _trusted_hosts(settings),
        "INSTANCE": instance,
        "DEMO": settings.BOUCLE_ENV == "demo",
        "TESTING": settings.BOUCLE_ENV == "test",
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # an error may not quote a person
        # Far above a text of 5,000 characters: one that is too long comes back in its field.
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),  # static addresses carry a version
        "SESSION_COOKIE_NAME": name_of("s", secure),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,  # a row is written when something changed
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
    }


def _trusted_hosts(settings: Settings) -> list[str]:
    if settings.TRUSTED_HOSTS:
        return [host.strip() for host in settings.TRUSTED_HOSTS.split(",") if host.strip()]
    host = settings.BASE_URL.split("//")[-1].split("/")[0].rsplit(":", 1)[0]
    local = ["127.0.0.1", "localhost"] if settings.BOUCLE_ENV != "production" else []
    return sorted({host, *local})

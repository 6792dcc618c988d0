"""Puts the application together: settings, extensions, features, pages, commands."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, days, errors, oidc, second_factor, sign_in, sign_in_guards, web
from app.db import db
from app.flask_settings import flask_config
from app.registry import BLUEPRINTS, COMMANDS
from app.runtime import Runtime

migrate = Migrate()


def create_app(
    settings: config.Settings | None = None,
    instance: Path | None = None,
    clock: Callable[[], datetime] = days.utc_now,
    runtime: Runtime | None = None,
) -> Flask:
    """Return the application; raise ``BadSetting`` when it must not be started."""
    settings = settings or config.from_environment()
    instance = instance or config.instance_folder()
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask("app", root_path=str(config.ROOT), instance_path=str(instance))
    app.config |= flask_config(settings, instance) | {"CLOCK": clock, "SETTINGS": settings}
    app.extensions["boucle"] = runtime or Runtime(settings, instance)
    _trust_proxies(app, settings.PROXY_HOPS)
    db.init_app(app)
    migrate.init_app(app, db, directory=os.path.join(config.ROOT, "migrations"))
    web.init_app(app)
    sign_in.init_app(app)
    oidc.init_app(app)
    errors.init_app(app)
    _add_features(app)
    if settings.BOUCLE_ENV == "production":
        second_factor.refuse_demo_accounts(app)
    return app


def _trust_proxies(app: Flask, hops: int) -> None:
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _add_features(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    app.context_processor(_template_words)


def _template_words() -> dict[str, Any]:
    return {"demo": current_app.config["DEMO"], "demo_code": second_factor.demo_code} | {
        "aim": sign_in_guards.aim
    }

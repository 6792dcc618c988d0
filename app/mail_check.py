"""Writes every mail once at the start, from made-up values: a template that lacks one is
refused there, with its name, not on a Monday morning.
"""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import force_locale
from jinja2 import StrictUndefined, TemplateError, UndefinedError

from app.config import BadSetting
from app.digest_items import Item, Section
from app.mail_charts import Column, MailBar, MailChart
from app.mail_foot import Foot

KINDS = (
    "team",
    "public",
    "role",
    "alert",
    "author",
    "author_optin",
    "all_mails",
    "optin",
    "invitation",
)
_ITEM = Item("a", "b", "read", "desk.inbox", {}, "c")
_SECTION = Section("Titre", [_ITEM])
_CHARTS = (
    MailChart("Titre", ("a", "b"), ("c",), bars=(MailBar("a", ("1",), 50, 20),)),
    MailChart("Titre", ("a", "b"), ("c",), columns=(Column(9, True),), blocks="█"),
)


class _Service:
    name = "Service"


def _values() -> dict[str, Any]:
    """Return every value that a mail may use."""
    return {
        "title": "Titre",
        "sections": [_SECTION, Section("Titre", [_ITEM], numbered=True)],
        "charts": _CHARTS,
        "quotes": ["a"],
        "quoted_on_site": True,
        "service": _Service(),
        "period": "16 – 22 novembre 2026",
        "short_period": "16 – 22 nov.",
        "page": "https://site.example/page",
        "foot": Foot("a", "https://site.example/why", "https://site.example/leave"),
        "link": lambda *_named, **_values: "https://site.example/",
        "rings": {"read": "◑"},
        "hang": lambda text, mark="": f"{mark}{text}",
        "lines": [("a", "https://site.example/")],
        "name": "a",
        "url": "https://site.example/",
        "days": 3,
    }


def check_mails(app: Flask) -> None:
    """Raise ``BadSetting`` where a template of a mail cannot be written."""
    strict = app.jinja_env.overlay(undefined=StrictUndefined)
    folder = Path(app.root_path) / str(app.template_folder) / "mail"
    names = sorted(path.name for path in folder.iterdir() if path.name.split(".")[0] in KINDS)
    with app.app_context(), force_locale("fr"):
        for name in names:
            try:
                strict.get_template(f"mail/{name}").render(**_values())
            except (UndefinedError, TemplateError) as error:
                raise BadSetting(
                    f"The mail templates/mail/{name} cannot be written: {error}"
                ) from error

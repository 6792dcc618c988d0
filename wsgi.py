"""The application as gunicorn and the `flask` command load it."""

from app.config import BadSetting
from app.factory import create_app
from app.logs import configure

configure()
try:
    app = create_app()
except BadSetting as bad:
    raise SystemExit(f"Boucle does not start: {bad}") from None

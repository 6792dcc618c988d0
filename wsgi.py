"""The application as gunicorn and the `flask` command load it."""

from app.config import BadSetting
from app.factory import create_app
from app.logs import configure
from app.mail_check import check_mails

configure()
try:
    app = create_app()
    check_mails(app)  # pages put mails in the outbox too, not only the worker
except BadSetting as bad:
    raise SystemExit(f"Boucle does not start: {bad}") from None

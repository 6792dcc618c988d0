"""``make run``: the whole demonstration on one machine, stopped by Ctrl-C.

Writes the first settings, migrates, fills an empty database, then starts the mail catcher, the web
server and the worker and prints where to look and how to sign in.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from flask_migrate import upgrade

from app import config

PORT = int(os.environ.get("PORT", "8000"))
MAIL_PORT = int(os.environ.get("MAIL_PORT", "8025"))
START_SECONDS = 60


def write_settings(instance: Path) -> None:
    """Write the demonstration's secrets once; its addresses follow PORT and MAIL_PORT each time."""
    os.environ |= {
        "BASE_URL": f"http://127.0.0.1:{PORT}",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(MAIL_PORT),
        "HTTPS": "false",
        "OPERATOR": "l’équipe de démonstration",
        "OPERATOR_ADDRESS": "1 place de l’Exemple, 42000 Saint-Étienne (adresse inventée)",
        "OPERATOR_CONTACT": "donnees@demo.example",
        "PUBLICATION_DIRECTOR": "la directrice de la démonstration (personne inventée)",
        "HOSTED_BY": "cette machine",
        "HOSTED_IN": "France",
    }
    config.write_first_env(instance / "boucle.env", "demo")


def taken_port() -> str:
    """Return what to say when a port is not free, before minutes are spent on filling."""
    for name, port in (("PORT", PORT), ("MAIL_PORT", MAIL_PORT)):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError as error:
                return (
                    f"Port {port}: {error.strerror}. Choose another one: make run {name}={port + 1}"
                )
    return ""


def start(log: Path) -> list[subprocess.Popen[bytes]]:
    """Start web and worker, which write to ``log``; the mail catcher runs in this process."""
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{PORT}"]
    worker = [sys.executable, "-m", "flask", "work"]
    with log.open("ab") as lines:
        return [
            subprocess.Popen(command, cwd=config.ROOT, stdout=lines, stderr=lines)
            for command in (web, worker)
        ]


def wait_until_ready(address: str) -> bool:
    """Return whether the site answered within ``START_SECONDS``."""
    for _ in range(START_SECONDS * 5):
        try:
            page = f"{address}/readyz"
            with urllib.request.urlopen(page, timeout=2) as answer:  # nosec B310: our own port
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.2)
    return False


def welcome(address: str, codes: dict[str, str]) -> str:
    """Return what is printed once the site answers."""
    from app.demo_catalogue import PASSPHRASE, STAFF
    from app.demo_catalogue import address as mail_address

    people = "\n".join(f"    {mail_address(name):32} {title}" for name, title, _ in STAFF)
    known = "\n".join(f"    {code}   {what}" for what, code in codes.items())
    shown = f"\n  Codes de suivi de l’histoire (une fois seulement) :\n{known}\n" if codes else ""
    return f"""
  Boucle est prête :        {address}
  Espace équipe :           {address}/connexion
  Courrier envoyé :         {address}/demo/courrier

  Phrase de passe de tous : {PASSPHRASE}
{people}
{shown}
  Ctrl-C arrête tout. `make clean` efface la démonstration.
"""


def main() -> None:
    """Run the demonstration until it is stopped."""
    if fault := taken_port():
        raise SystemExit(fault)
    instance = config.instance_folder()
    instance.mkdir(parents=True, exist_ok=True)
    write_settings(instance)
    from app.catcher import start as start_catcher
    from app.demo_filling import fill
    from app.factory import create_app

    app = create_app()
    with app.app_context():
        upgrade()
    codes = fill(app)
    catcher = start_catcher(instance / "mails", "127.0.0.1", MAIL_PORT)
    log = instance / "demo.log"
    processes = start(log)

    def stop(_number: int = 0, _frame: FrameType | None = None) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    address = app.config["BASE_URL"]
    try:
        if wait_until_ready(address):
            print(welcome(address, codes), flush=True)
        else:
            print(f"Le site n’a pas répondu en {START_SECONDS} s. Son journal : {log}")
        processes[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        stop()
        for process in processes:
            process.wait(30)
        catcher.stop()


if __name__ == "__main__":
    main()

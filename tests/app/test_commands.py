"""The first day, the doctor's faults, backups that restore and stay erased."""

import json
import smtplib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import DateTime, func, select, text, update

from app import erasures, privacy, traces
from app.accounts import Account, Role
from app.backups import EMPTIED, OPERATIONAL
from app.catalogue import Service, Territory
from app.checkup import find_faults, remember_secret
from app.commands import COMMANDS
from app.days import now
from app.db import Moment, db
from app.jobs import enqueue
from app.mail import Mail, OutboxRow, put
from app.system import SystemValue
from app.traces import AUTHOR
from feedback.models import FaceCount, Feedback
from tests import factories
from tests.conftest import settings, writing
from tests.factories import TODAY, post
from tests.fakes import CaughtMail, StandingClock
from tests.workshops.rooms import open_room
from tests.workshops.test_kept_codes import ask, enter, held
from workshops.around_models import KeptCode
from workshops.models import Card, Participant, Proposal, Workshop
from workshops.process_models import DiaryEntry, Process, Trial

ANSWERS = [
    "--email=Admin@Example.fr",
    "--name=Ada",
    "--passphrase=cinq mots pour la première fois",
    "--organisation=Réseau du Forez",
    "--service=Suivi tension",
    "--purpose=Noter sa tension.",
    "--phone=04 77 00 00 00",
    "--place=Mairie",
    "--hours=9 h – 12 h",
]


@pytest.fixture
def mails(app: Flask) -> CaughtMail:
    caught = CaughtMail()
    app.extensions["boucle.send"] = caught
    return caught


def _run(app: Flask, *words: str, **more: Any) -> Result:
    if words[0] not in app.cli.commands:
        app.cli.add_command(next(c for c in COMMANDS if c.name == words[0]))
    return app.test_cli_runner().invoke(args=list(words), **more)


def test_setup_makes_the_first_day(app: Flask, mails: CaughtMail) -> None:
    done = _run(app, "setup", *ANSWERS)
    assert done.exit_code == 0, done.output
    with app.app_context():
        admin = db.session.scalars(select(Account)).one()
        assert (admin.email, admin.role_names) == ("admin@example.fr", {Role.ADMINISTRATOR})
        service = db.session.scalars(select(Service)).one()
        assert (service.slug, service.phone) == ("suivi-tension", "04 77 00 00 00")
        assert service.organisation.name == "Réseau du Forez"
    assert "accepted a message to Admin@Example.fr" in done.output
    assert len(mails.messages) == 1


def test_setup_twice_changes_nothing(app: Flask, mails: CaughtMail) -> None:
    _run(app, "setup", *ANSWERS)
    again = _run(app, "setup", *ANSWERS, "--no-check-mail")
    assert again.exit_code == 0
    assert "administrator admin@example.fr exists, left alone" in again.output
    assert "0 territories added" in again.output
    with app.app_context():
        for table in (Account, Service):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_setup_asks_for_what_is_not_given(app: Flask, mails: CaughtMail) -> None:
    typed = (
        "a@example.fr\nAda\nRéseau\ncinq mots pour commencer ici\ncinq mots pour commencer ici\n\n"
    )
    done = _run(app, "setup", input=typed)
    assert done.exit_code == 0, done.output
    assert "administrator a@example.fr created" in done.output
    assert "no service yet" in done.output


@pytest.mark.parametrize("weak", ["courte", "adminadminadmin"])
def test_setup_refuses_a_weak_passphrase(app: Flask, mails: CaughtMail, weak: str) -> None:
    words = [w for w in ANSWERS if not w.startswith("--passphrase")]
    assert _run(app, "setup", *words, f"--passphrase={weak}").exit_code != 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 0


def test_setup_says_when_the_mail_server_does_not_work(app: Flask, mails: CaughtMail) -> None:
    mails.fault = smtplib.SMTPConnectError(421, "closed")
    done = _run(app, "setup", *ANSWERS)
    assert done.exit_code == 0
    assert "NOT WORKING, SMTPConnectError" in done.output


def test_france_has_101_departements_in_18_regions(app: Flask, mails: CaughtMail) -> None:
    _run(app, "setup", *ANSWERS)
    with app.app_context():
        levels = select(Territory.level, func.count()).group_by(Territory.level)
        assert {row[0]: row[1] for row in db.session.execute(levels)} == {
            "departement": 101,
            "region": 18,
        }
        loire = db.session.get_one(Territory, "42")
        assert (loire.name, loire.region_code) == ("Loire", "R84")


def _faults(app: Flask, **changes: object) -> list[str]:
    """Return the faults that are not about models, which a test machine may lack."""
    with app.app_context():
        found = find_faults(now(), settings(**changes), app.config["INSTANCE"])
    return [f for f in found if "pipeline" not in f and "encoder" not in f]


def test_a_sound_instance_has_no_fault(app: Flask) -> None:
    with writing(app):
        remember_secret(settings())
    assert _faults(app) == []


def test_the_doctor_names_a_stopped_worker(app: Flask, clock: StandingClock) -> None:
    with writing(app):
        enqueue("analyse", "a", now())
    assert _faults(app) == []
    clock.forward(minutes=20)
    assert "the oldest for 20 minutes" in _faults(app)[0]


def test_the_doctor_names_jobs_set_aside_and_dead_mails(app: Flask) -> None:
    with writing(app):
        enqueue("analyse", "a", now()).set_aside = True
        put(Mail(key="k", to="a@example.fr", subject="s", text="t"), now())
        db.session.execute(update(OutboxRow).values(dead=True))
    faults = " ".join(_faults(app))
    assert "1 jobs set aside" in faults
    assert "1 mails refused" in faults


def test_the_doctor_names_a_changed_receipt_secret(app: Flask) -> None:
    with writing(app):
        remember_secret(settings())
    assert "RECEIPT_SECRET" in _faults(app, RECEIPT_SECRET="quite another one")[0]


def test_the_doctor_names_a_broken_journal(app: Flask) -> None:
    with writing(app):
        traces.record("sent", AUTHOR, TODAY)
        for name in traces.GUARDS:
            db.session.execute(text(f"DROP TRIGGER {name}"))
        db.session.execute(update(traces.Trace).values(previous="f" * 64))
    assert [fault.partition(":")[0] for fault in _faults(app)] == [
        "the journal's chain is broken",
        "the database lets the journal be altered",
    ]


def test_the_doctor_names_counts_that_drifted_and_a_recount_mends_them(app: Flask) -> None:
    with writing(app):
        factories.retour(factories.service(), face=10)
        db.session.execute(update(FaceCount).values(retours=7))
    assert "flask recount" in _faults(app)[0]
    assert "1 cells" in _run(app, "recount").output
    assert _faults(app) == []
    assert "0 cells" in _run(app, "recount").output


def test_the_doctor_names_missing_models(app: Flask) -> None:
    with app.app_context():
        found = find_faults(now(), settings(NAMES_MODEL="fr_absent"), app.config["INSTANCE"])
    assert "the name pipeline fr_absent is not installed" in found


def test_the_doctor_names_a_search_index_that_cannot_be_opened_and_reindex_mends_it(
    app: Flask,
) -> None:
    with writing(app):
        db.session.connection().exec_driver_sql(
            "UPDATE feedback_search_turns_data SET block = x'00000000FF7F0100' WHERE id = 10"
        )
    with app.app_context():
        db.engine.dispose()
    assert "flask reindex" in _faults(app)[0]
    assert "2 search indexes" in _run(app, "reindex").output
    assert _faults(app) == []


def test_the_doctor_names_a_database_that_is_behind(app: Flask) -> None:
    with writing(app):
        db.session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert "0001" in _faults(app)[0]


def test_the_doctor_names_a_database_that_cannot_be_read(app: Flask) -> None:
    with writing(app):
        db.session.connection().exec_driver_sql("DROP TABLE feedback_search")
        db.session.connection().exec_driver_sql("ALTER TABLE feedback RENAME TO lost")
    assert "cannot be read" in _faults(app)[0]


def test_the_doctor_exits_with_an_error_when_there_is_a_fault(app: Flask) -> None:
    with writing(app):
        enqueue("analyse", "a", now()).set_aside = True
    done = _run(app, "doctor")
    assert done.exit_code == 1
    assert "FAULT  1 jobs set aside" in done.output


@pytest.fixture
def backup(app: Flask, tmp_path: Path) -> Path:
    """A backup of two retours, made while work and mail were waiting."""
    with writing(app):
        service = factories.service()
        factories.retour(service, text="gardé")
        factories.retour(service, text="effacé plus tard")
        enqueue("analyse", "a", now())
        put(Mail(key="k", to="secret@example.fr", subject="s", text="t"), now())
    folder = tmp_path / "copies" / "today"
    done = _run(app, "backup", str(folder))
    assert done.exit_code == 0, done.output
    return folder


def test_a_backup_holds_the_retours_and_nothing_operational(backup: Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["counts"]["feedback"] == 2
    assert manifest["counts"]["job"] == manifest["counts"]["outbox"] == 0
    assert b"secret@example.fr" not in (backup / "boucle.db").read_bytes()
    copy = sqlite3.connect(backup / "boucle.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


def test_a_backup_is_not_written_over_another(app: Flask, backup: Path) -> None:
    assert _run(app, "backup", str(backup)).exit_code != 0


def test_a_sound_backup_is_verified_and_an_altered_one_refused(app: Flask, backup: Path) -> None:
    assert "sound, 2 retours" in _run(app, "restore", str(backup), "--verify").output
    with (backup / "boucle.db").open("ab") as stream:
        stream.write(b"x")
    refused = _run(app, "restore", str(backup))
    assert refused.exit_code != 0
    assert "not the file that the manifest describes" in refused.output


def test_a_backup_of_another_secret_is_refused(app: Flask, backup: Path) -> None:
    app.config["SETTINGS"] = settings(RECEIPT_SECRET="quite another one")
    assert "no code would open" in _run(app, "restore", str(backup), "--verify").output


def test_restoring_brings_back_what_was_lost_and_erases_again_what_was_erased(
    app: Flask, backup: Path
) -> None:
    with writing(app):
        gone = db.session.scalars(select(Feedback).where(Feedback.text.contains("effacé"))).one()
        erasures.note(app.config["INSTANCE"], [gone.id])
        privacy.erase(gone, TODAY)
        db.session.delete(
            db.session.scalars(select(Feedback).where(Feedback.text == "gardé")).one()
        )
    done = _run(app, "restore", str(backup))
    assert done.exit_code == 0, done.output
    assert "1 retours erased again" in done.output
    with app.app_context():
        texts = set(db.session.scalars(select(Feedback.text)))
        assert texts == {"gardé", None}


def test_what_the_holder_of_a_session_s_code_erased_does_not_come_back(
    app: Flask, tmp_path: Path
) -> None:
    room, code = held(app)
    with writing(app):
        session = db.session.get_one(Workshop, room.id)
        process = Process(
            service=session.service, keeper=session.facilitator, title="Rappels", made=TODAY
        )
        trial = Trial(process=process, title="Essai", starts=TODAY, ends=TODAY, prompts=["Alors ?"])
        db.session.add(trial)
        db.session.flush()
        holder = db.session.scalars(select(KeptCode.id)).one()
        note = {"trial_id": trial.id, "code_id": holder, "day": TODAY, "prompt": 0}
        db.session.add(DiaryEntry(**note, text="Reçu hier"))
    folder = tmp_path / "copies"
    assert _run(app, "backup", str(folder)).exit_code == 0
    post(enter(app, code), "/atelier/mes-idees/effacer", {"sure": "1"})
    done = _run(app, "restore", str(folder))
    assert done.exit_code == 0, done.output
    assert "0 retours erased again, 3 ideas, notes and codes of sessions" in done.output
    with app.app_context():
        assert db.session.scalars(select(Card.text)).all() == ["Une ligne d’écoute"]
        assert db.session.scalars(select(KeptCode.id)).all() == []
        assert db.session.scalars(select(DiaryEntry.id)).all() == []
        proposal = db.session.scalars(select(Proposal)).one()
        assert "rappel la veille" not in proposal.text + proposal.title
    assert app.test_client().post("/atelier/suivi", data={"code": code}).status_code == 404
    assert "0 ideas, notes and codes" in _run(app, "replay-erasures").output


def test_what_a_phone_took_back_or_erased_goes_from_a_backup_without_its_code(
    app: Flask, tmp_path: Path
) -> None:
    room = open_room(app)
    ana, bob = room.phone("Ana"), room.phone()
    room.walk("lobby", "write")
    ana.write("Un rappel la veille")
    ana.write("Un SMS")
    bob.write("Une ligne d’écoute")
    folder = tmp_path / "copies"
    assert _run(app, "backup", str(folder)).exit_code == 0
    with app.app_context():
        message = db.session.scalars(select(Card.id).where(Card.text == "Un SMS")).one()
    assert ana.send(f"idees/{message}/retirer").status_code == 303
    post(enter(app, ask(ana)), "/atelier/mes-idees/effacer", {"sure": "1"})
    done = _run(app, "restore", str(folder))
    assert "2 ideas, notes and codes of sessions" in done.output, done.output
    with app.app_context():
        assert db.session.scalars(select(Card.text)).all() == ["Une ligne d’écoute"]
        assert set(db.session.scalars(select(Participant.name))) == {""}


MACHINE_S = {"job_run.succeeded", "job_run.failed"}  # when the clock's own work ended
STAFF_S = {"passkey.lastuse_datetime"}  # Flask-Security keeps it with the key


def test_a_backup_holds_no_moment_of_anybody(app: Flask, tmp_path: Path) -> None:
    room = open_room(app)
    room.walk("lobby", "write")
    room.press("minuteur", geste="depart", minutes="5")
    assert _run(app, "backup", str(tmp_path / "copies")).exit_code == 0
    copy = sqlite3.connect(tmp_path / "copies" / "boucle.db")
    live = sqlite3.connect(app.config["INSTANCE"] / "boucle.db")
    moments = [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, DateTime | Moment)
    ]
    assert {f"{each.table.name}.{each.name}" for each in moments} > MACHINE_S | STAFF_S
    for each in moments:
        name = f"{each.table.name}.{each.name}"
        if name in MACHINE_S | STAFF_S:
            continue
        held_back = f"SELECT count(*) FROM {each.table.name} WHERE {each.name} IS NOT NULL"
        assert copy.execute(held_back).fetchone() == (0,), name
    assert live.execute("SELECT count(timer_until) FROM workshop").fetchone() == (1,)
    assert copy.execute("SELECT phase FROM workshop").fetchone() == ("write",)
    live.close()
    copy.close()


def test_every_table_of_moments_is_left_out_or_emptied() -> None:
    for table in db.metadata.sorted_tables:
        emptied = EMPTIED.get(table.name, {})
        for column in table.columns:
            if isinstance(column.type, DateTime | Moment) and table.name not in OPERATIONAL:
                name = f"{table.name}.{column.name}"
                assert column.name in emptied or name in MACHINE_S | STAFF_S, name


def test_a_running_site_is_not_restored_over(app: Flask, backup: Path) -> None:
    database = app.config["INSTANCE"] / "boucle.db"
    with writing(app):
        db.session.scalars(select(Feedback).where(Feedback.text == "gardé")).one().text = "nouveau"
    site = sqlite3.connect(database)
    try:
        site.execute("SELECT count(*) FROM feedback").fetchall()
        refused = _run(app, "restore", str(backup))
    finally:
        site.close()
    assert refused.exit_code == 1
    assert "stop the site and its worker first" in refused.output
    with app.app_context():
        assert "nouveau" in db.session.scalars(select(Feedback.text)).all()


def test_a_damaged_database_is_restored_over(app: Flask, backup: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    (app.config["INSTANCE"] / "boucle.db").write_bytes(b"not a database" * 400)
    assert _run(app, "restore", str(backup)).exit_code == 0
    with app.app_context():
        assert "gardé" in db.session.scalars(select(Feedback.text)).all()


def test_purging_prints_its_proof(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        old = factories.retour(service, key_hash="a" * 64, body_seal="b" * 64)
        old.day = TODAY.replace(month=10)
    assert "1 proofs or tombstones dropped" in _run(app, "purge").output


def test_the_secrets_fingerprint_tells_nothing_of_the_secret(app: Flask) -> None:
    with writing(app):
        remember_secret(settings())
        kept = db.session.scalars(select(SystemValue.value)).all()
    assert settings().RECEIPT_SECRET not in "".join(kept)
    assert all(len(value) == 12 for value in kept)

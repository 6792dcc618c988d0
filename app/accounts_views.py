"""The administrator's pages: accounts, and the state of the site."""

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import job_runs, jobs
from app.access import Verb, staff
from app.account_forms import ROLE_NAMES, AccountForm
from app.accounts import Account, Role
from app.catalogue_edits import all_organisations, organisation_named
from app.checkup import examine
from app.clock import CLOCK
from app.days import now, today
from app.db import db
from app.invitations import invite
from app.job_names import JOB_NAMES
from app.retention import newest_proofs
from app.settings_views import offer_territories, settings
from app.sign_in import create_account, deactivate, grant
from app.suspended import suspended_count
from app.web import render


@settings.route("/comptes", methods=["GET", "POST"])
@staff(Verb.ADMINISTER)
def accounts() -> AnyResponse:
    """List the accounts and create one."""
    form = offer_territories(AccountForm(request.form))
    if request.method == "POST" and form.validate():
        if db.session.scalar(select(Account.id).where(Account.email == form.email.data)) is None:
            return _hire(form)
        form.email.errors = [_("Un compte existe déjà à cette adresse.")]
    rows = list(db.session.scalars(select(Account).order_by(Account.active.desc(), Account.name)))
    return render(
        "settings/accounts.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        accounts=rows,
        role_names=ROLE_NAMES,
        organisations=all_organisations(),
    )


def _hire(form: AccountForm) -> AnyResponse:
    organisation = organisation_named(form.organisation.data)
    made = create_account(form.email.data, form.name.data, None, organisation, today())
    made.territory_code = form.territory_code.data
    grant(made, *(Role(value) for value in form.roles.data))
    invite(made)
    db.session.commit()
    flash(_("Le compte de %(name)s est ouvert. L’invitation part par courriel.", name=made.name))
    return redirect(url_for("settings.accounts"), 303)


@settings.post("/comptes/<int:account_id>/inviter")
@staff(Verb.ADMINISTER)
def invite_again(account_id: int) -> AnyResponse:
    """Send another invitation, to who lost passphrase or phone; used, it replaces both."""
    person = db.session.get(Account, account_id)
    if person is None or not person.active:
        abort(404)
    invite(person)
    db.session.commit()
    flash(_("Une invitation part pour %(name)s.", name=person.name))
    return redirect(url_for("settings.accounts"), 303)


@settings.post("/comptes/<int:account_id>/fermer")
@staff(Verb.ADMINISTER)
def close_account(account_id: int) -> AnyResponse:
    """Close an account; nobody closes their own."""
    closing = db.session.get(Account, account_id) or abort(404)
    if closing.id == current_user.id:
        flash(_("Vous ne pouvez pas fermer votre propre compte."), "error")
    else:
        deactivate(closing)
        db.session.commit()
        flash(_("Le compte de %(name)s est fermé.", name=closing.name))
    return redirect(url_for("settings.accounts"), 303)


@settings.get("/etat")
@staff(Verb.ADMINISTER)
def health() -> Response:
    """Show what waits, what was set aside and when the machine last worked."""
    return render(
        "settings/health.html",
        state=examine(now()),
        proofs=newest_proofs(),
        runs=job_runs.runs(CLOCK, now()),
        names=JOB_NAMES,
        aside=job_runs.set_aside_kinds(),
        suspended=suspended_count(),
    )


@settings.post("/etat/travaux/<kind>")
@staff(Verb.ADMINISTER)
def run_job(kind: str) -> AnyResponse:
    """Ask the worker for a job of the clock now; one set aside gets its tries again."""
    if kind not in CLOCK:
        abort(404)
    jobs.enqueue(kind, "now", now())
    db.session.commit()
    flash(_("C’est demandé : le travailleur s’en charge dès qu’il peut."))
    return redirect(url_for("settings.health"), 303)

"""The promoter's pages about proposals: what waits for an answer, and answering it."""

from flask import Response, abort, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from app.db import db
from app.web import render
from workshops import kept_codes, proposals
from workshops.answer_forms import AnswerForm
from workshops.desk_views import workshops_desk
from workshops.models import Proposal, ProposalState


@workshops_desk.get("/equipe/propositions", endpoint="proposals")
@staff(Verb.ANSWER_PROPOSALS)
def waiting() -> Response:
    """List the proposals of the account's services, those without an answer first."""
    return render(
        "workshops/proposals.html",
        rows=proposals.of_team(current_user),
        state_names=proposals.STATE_NAMES,
        ring_of=proposals.ring,
        is_late=proposals.is_late,
        day=today(),
    )


@workshops_desk.get("/equipe/propositions/<proposal_id>")
@staff(Verb.ANSWER_PROPOSALS)
def proposal(proposal_id: str) -> Response:
    """Show one proposal and the form of its answer."""
    found = _own_or_404(proposal_id)
    form = AnswerForm(today=today(), states=proposals.answers_left(found))
    return _page(found, form)


@workshops_desk.post("/equipe/propositions/<proposal_id>/reponse")
@staff(Verb.ANSWER_PROPOSALS)
def answer(proposal_id: str) -> AnyResponse:
    """Write the team's answer."""
    found = _own_or_404(proposal_id)
    form = AnswerForm(request.form, today=today(), states=proposals.answers_left(found))
    if not form.validate():
        return _page(found, form, status=422)
    said = proposals.Answer(
        state=ProposalState(form.state.data),
        words=form.words.data.strip(),
        owner=(form.owner.data or "").strip(),
        due=form.due.data,
    )
    proposals.answer(found, said, today())
    db.session.commit()
    return redirect(url_for("workshops_desk.proposal", proposal_id=found.id), 303)


def _own_or_404(proposal_id: str) -> Proposal:
    return proposals.for_team(current_user, proposal_id) or abort(404)


def _page(found: Proposal, form: AnswerForm, status: int = 200) -> Response:
    return render(
        "workshops/proposal.html",
        status=status,
        proposal=found,
        form=form,
        state_names=proposals.STATE_NAMES,
        ring=proposals.ring(found),
        is_late=proposals.is_late(found, today()),
        holders_wait=kept_codes.holders_wait(found),
        day=today(),
    )

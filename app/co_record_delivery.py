"""The words of a chain after the decision: the promise, the release, the measured effect."""

from flask_babel import lazy_gettext as _

from app.co_record import Chain, Record
from app.co_record_steps import Step, answer_page, commitment_page, step
from app.said import as_said
from app.web import written_day
from feedback.models import CommitmentState
from feedback.promises import as_shown
from feedback.words import COMMITMENT_NAMES
from workshops.models import ProposalState


def tell_commitment(chain: Chain, record: Record, floor: int) -> Step:
    """The promise, its state and its date."""
    made = chain.commitment
    if made:
        known = CommitmentState(made.state)
        state = as_shown(made, record.day)[2] if record.is_public else COMMITMENT_NAMES[known]
        day = str(_("Pour le %(day)s.", day=written_day(made.due)))
        evidence = made.evidence if made.state not in ("claimed", "dropped") else ""
        return step(
            "commitment",
            as_said(made.text),
            f"{state}. {day}",
            as_said(evidence),
            as_said(made.reason),
            day=made.made,
            page=commitment_page(chain),
        )
    if chain.proposal and chain.proposal.state == ProposalState.DECLINED:
        return step("commitment", _("La proposition a été refusée : il n’y a rien à tenir."))
    missing, act = _("Rien n’est promis."), _("Acceptez la proposition, avec une date.")
    return step("commitment", missing=str(missing), act=str(act), page=answer_page(chain))


def _is_over(chain: Chain) -> bool:
    """Say whether no release will come: the proposal was declined, or the promise dropped."""
    declined = chain.proposal is not None and chain.proposal.state == ProposalState.DECLINED
    return declined or (chain.commitment is not None and chain.commitment.state == "dropped")


def tell_release(chain: Chain, record: Record, floor: int) -> Step:
    """The release that delivered it."""
    if found := chain.release:
        name = str(_("Version %(number)s", number=found.number))
        return step(
            "release", name, as_said(found.note), day=found.day, page=commitment_page(chain)
        )
    if _is_over(chain):
        return step("release", _("Aucune : rien n’était à livrer."))
    if chain.commitment is None:
        return step("release", missing=str(_("Aucune, sans engagement.")))
    missing = _("Aucune version ne l’apporte encore.")
    act = _("Dites sur l’engagement laquelle l’apporte.")
    return step("release", missing=str(missing), act=str(act), page=commitment_page(chain))


def tell_effect(chain: Chain, record: Record, floor: int) -> Step:
    """What was measured around the release."""
    if chain.effect:
        return step("effect", *chain.effect.sentences, missing=chain.effect.missing)
    if _is_over(chain):
        return step("effect", _("Aucun : rien n’a été livré."))
    if chain.release and not (chain.commitment and chain.commitment.theme):
        missing = _("Rien ne dit quel thème mesurer.")
        act = _("Dites sur l’engagement lequel il concerne.")
        return step("effect", missing=str(missing), act=str(act), page=commitment_page(chain))
    if chain.release:
        return step("effect", missing=str(_("Le thème n’a pas encore de nom public.")))
    return step("effect", missing=str(_("Il se mesure huit semaines après la version.")))

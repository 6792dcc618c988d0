"""The record in words: nine steps for each chain, what is missing in it and which act fills it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from app.co_record import Chain, Record
from app.floors import may_show
from app.web import written_day
from feedback.models import CommitmentState
from feedback.words import COMMITMENT_NAMES
from workshops.models import ProposalState
from workshops.proposals import STATE_NAMES

STEP_NAMES: dict[str, Any] = {  # in the order of the chain
    "idea": _("L’idée"),
    "cards": _("Les cartes"),
    "group": _("Le groupe"),
    "votes": _("Les votes"),
    "proposal": _("La proposition"),
    "decision": _("La décision"),
    "commitment": _("L’engagement"),
    "release": _("La version"),
    "effect": _("L’effet mesuré"),
}


@dataclass(frozen=True)
class Step:
    """One step: what is known of it, or what is missing and the act that would fill it."""

    key: str
    name: str
    lines: tuple[str, ...] = ()
    day: date | None = None
    missing: str = ""
    page: tuple[str, dict[str, str]] | None = None  # where the team fills or reads it


@dataclass(frozen=True)
class ToldChain:
    """A chain in words; ``steps`` go from the idea to the effect."""

    id: str
    title: str
    steps: tuple[Step, ...]
    release: str  # its number, "" before one delivered it
    is_proposal: bool
    is_shown: bool  # in the public record

    @property
    def missing(self) -> int:
        """How many steps are missing."""
        return sum(bool(step.missing) for step in self.steps)


def told_chains(record: Record, floor: int) -> tuple[ToldChain, ...]:
    """Return the chains of ``record`` in words."""
    return tuple(_told(chain, record, floor) for chain in record.chains)


def _told(chain: Chain, record: Record, floor: int) -> ToldChain:
    write: list[Callable[[Chain, Record, int], Step]] = [_commitment, _release, _effect]
    if chain.proposal:
        write = [_idea, _cards, _group, _votes, _proposal, _decision, *write]
    else:
        write = [_said, *write]
    steps = tuple(each(chain, record, floor) for each in write)
    is_shown = chain.proposal is None or chain.proposal.shown_since is not None
    number = chain.release.number if chain.release else ""
    return ToldChain(chain.id, _title(chain, record), steps, number, bool(chain.proposal), is_shown)


def _step(key: str, *lines: Any, **more: Any) -> Step:
    return Step(key, str(STEP_NAMES[key]), tuple(str(line) for line in lines if line), **more)


def _title(chain: Chain, record: Record) -> str:
    if chain.proposal is None:
        return chain.commitment.text if chain.commitment else ""
    if chain.group and chain.group.title:
        return chain.group.title
    if record.is_public:  # without a name of its own, its title is somebody's card
        return str(
            _("Une proposition de l’atelier « %(title)s »", title=chain.proposal.workshop.title)
        )
    return chain.proposal.title


def _said(chain: Chain, record: Record, floor: int) -> Step:
    """The start of a promise that came of retours."""
    count = chain.linked
    if not count:
        return _step(
            "idea",
            missing=str(_("Liez les retours auxquels cet engagement répond.")),
            page=_commitment_page(chain),
        )
    if record.is_public and not may_show(count, floor):
        return _step("idea", _("Quelques retours."))
    return _step("idea", ngettext("%(num)s retour.", "%(num)s retours.", count))


def _idea(chain: Chain, record: Record, floor: int) -> Step:
    room = chain.proposal.workshop if chain.proposal else None
    if room is None:
        return _step("idea")
    return _step("idea", room.title, *room.prompts, day=room.day)


def _cards(chain: Chain, record: Record, floor: int) -> Step:
    hidden = ""
    if chain.hidden_cards:
        hidden = str(
            _("D’autres cartes ne sont pas montrées : leurs auteurs ne l’ont pas demandé.")
        )
    if chain.cards or hidden:
        return _step("cards", *(card.text for card in chain.cards), hidden)
    return _step("cards", missing=str(_("Les cartes de ce groupe ont été retirées ou effacées.")))


def _group(chain: Chain, record: Record, floor: int) -> Step:
    if chain.group and chain.group.title:
        return _step("group", chain.group.title)
    return _step("group", missing=str(_("Ce groupe n’a pas de nom : donnez-le pendant la séance.")))


def _votes(chain: Chain, record: Record, floor: int) -> Step:
    proposal = chain.proposal
    if proposal is None or not proposal.dots:
        return _step("votes", missing=str(_("Personne n’a voté pour ce groupe.")))
    if record.is_public and proposal.voters < floor:
        return _step("votes", _("Trop peu de votants pour donner un nombre."))
    votes = ngettext("%(num)d vote", "%(num)d votes", proposal.dots)
    return _step(
        "votes",
        f"{votes} " + ngettext("de %(num)d personne", "de %(num)d personnes", proposal.voters),
    )


def _proposal(chain: Chain, record: Record, floor: int) -> Step:
    made = chain.proposal.made if chain.proposal else None
    return _step("proposal", _title(chain, record), day=made)


def _decision(chain: Chain, record: Record, floor: int) -> Step:
    proposal = chain.proposal
    if proposal is None or not proposal.answer:
        return _step("decision", missing=str(_("Répondez à la proposition.")), page=_answer(chain))
    state = STATE_NAMES[ProposalState(proposal.state)]
    return _step("decision", state, proposal.answer, day=proposal.answered, page=_answer(chain))


def _commitment(chain: Chain, record: Record, floor: int) -> Step:
    made = chain.commitment
    if made:
        known = CommitmentState(made.state)
        state = COMMITMENT_NAMES[_public_state(known) if record.is_public else known]
        day = _("Pour le %(day)s.", day=written_day(made.due))
        evidence = made.evidence if made.state not in ("claimed", "dropped") else ""
        return _step(
            "commitment",
            made.text,
            f"{state}. {day}",
            evidence,
            made.reason,
            day=made.made,
            page=_commitment_page(chain),
        )
    if chain.proposal and chain.proposal.state == ProposalState.DECLINED:
        return _step("commitment", _("La proposition a été refusée : il n’y a rien à tenir."))
    return _step(
        "commitment", missing=str(_("Acceptez la proposition, avec une date.")), page=_answer(chain)
    )


def _public_state(state: CommitmentState) -> CommitmentState:
    """Return the state as everybody reads it: an announcement not yet checked is a promise."""
    return CommitmentState.PROMISED if state is CommitmentState.CLAIMED else state


def _is_over(chain: Chain) -> bool:
    """Say whether no release will come: the proposal was declined, or the promise dropped."""
    declined = chain.proposal is not None and chain.proposal.state == ProposalState.DECLINED
    return declined or (chain.commitment is not None and chain.commitment.state == "dropped")


def _release(chain: Chain, record: Record, floor: int) -> Step:
    if found := chain.release:
        name = _("Version %(number)s", number=found.number)
        return _step("release", name, found.note, day=found.day, page=_commitment_page(chain))
    if _is_over(chain):
        return _step("release", _("Aucune : rien n’était à livrer."))
    act = _("Dites sur l’engagement quelle version l’apporte.")
    return _step("release", missing=str(act), page=_commitment_page(chain))


def _effect(chain: Chain, record: Record, floor: int) -> Step:
    if chain.effect:
        return _step("effect", *chain.effect.sentences, missing=chain.effect.missing)
    if _is_over(chain):
        return _step("effect", _("Aucun : rien n’a été livré."))
    if chain.release and not (chain.commitment and chain.commitment.theme):
        act = _("Dites sur l’engagement quel thème il concerne.")
        return _step("effect", missing=str(act), page=_commitment_page(chain))
    if chain.release:
        return _step("effect", missing=str(_("Le thème n’a pas encore de nom public.")))
    return _step("effect", missing=str(_("Il se mesure huit semaines après la version.")))


def _commitment_page(chain: Chain) -> tuple[str, dict[str, str]] | None:
    if chain.commitment is None:
        return None
    return "feedback_desk.commitment", {"commitment_id": chain.commitment.id}


def _answer(chain: Chain) -> tuple[str, dict[str, str]] | None:
    return ("workshops_desk.proposal", {"proposal_id": chain.id}) if chain.proposal else None

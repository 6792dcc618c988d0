"""The words of a chain up to the decision; what comes after is ``co_record_delivery.py``."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from app.co_record import Chain, Record
from app.floors import shown_total
from app.said import as_said
from app.web import written_day
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
    act: str = ""  # which would fill it: told to the team alone
    is_list: bool = False  # each line stands by itself
    page: tuple[str, dict[str, str]] | None = None  # where the team fills or reads it

    @property
    def lack(self) -> str:
        """What is missing, then the act that would fill it; "" when nothing is."""
        return f"{self.missing} {self.act}".strip()


def step(key: str, *lines: Any, **more: Any) -> Step:
    """Return the step called ``key``, without the lines that are empty."""
    return Step(key, str(STEP_NAMES[key]), tuple(str(line) for line in lines if line), **more)


def title_of(chain: Chain, record: Record) -> str:
    """Return what the chain is called; in public never by somebody's card."""
    if chain.proposal is None:
        return as_said(chain.commitment.text) if chain.commitment else ""
    if chain.group and chain.group.title:
        return as_said(chain.group.title)
    if record.is_public:  # without a name of its own, its title is somebody's card
        return str(
            _(
                "Une proposition de l’atelier « %(title)s »",
                title=as_said(chain.proposal.workshop.title),
            )
        )
    return as_said(chain.proposal.title)


def tell_said(chain: Chain, record: Record, floor: int) -> Step:
    """The start of a promise that came of retours."""
    count = chain.linked
    if not count:
        return step(
            "idea",
            missing=str(_("Aucun retour n’est lié à cet engagement.")),
            act=str(_("Liez ceux auxquels il répond.")),
            page=commitment_page(chain),
        )
    if record.is_public:  # its exact number would tell of each retour that is erased
        least = shown_total(count, floor)
        told = str(_("%(num)s retours au moins.", num=least)) if least else _("Quelques retours.")
        return step("idea", told)
    return step("idea", ngettext("%(num)s retour.", "%(num)s retours.", count))


def tell_idea(chain: Chain, record: Record, floor: int) -> Step:
    """The session and what it asked."""
    room = chain.proposal.workshop if chain.proposal else None
    if room is None:
        return step("idea")
    return step("idea", as_said(room.title), *map(as_said, room.prompts), day=room.day)


def tell_cards(chain: Chain, record: Record, floor: int) -> Step:
    """What people wrote, as far as the reader may read it."""
    hidden = ""
    if chain.hidden_cards:
        hidden = str(
            _("D’autres cartes ne sont pas montrées : leurs auteurs ne l’ont pas demandé.")
        )
    if chain.cards or hidden:
        return step("cards", *(as_said(card.text) for card in chain.cards), hidden, is_list=True)
    return step("cards", missing=str(_("Les cartes de ce groupe ont été retirées ou effacées.")))


def tell_group(chain: Chain, record: Record, floor: int) -> Step:
    """The name that the room gave."""
    if chain.group and chain.group.title:
        return step("group", as_said(chain.group.title))
    return step(
        "group", missing=str(_("Ce groupe n’a pas de nom : il se donne pendant la séance."))
    )


def tell_votes(chain: Chain, record: Record, floor: int) -> Step:
    """How many dots, of how many people; above the floor in public."""
    proposal = chain.proposal
    if proposal is None or not proposal.dots:
        return step("votes", missing=str(_("Personne n’a voté pour ce groupe.")))
    if record.is_public and proposal.voters < floor:
        return step("votes", _("Trop peu de votants pour donner un nombre."))
    votes = ngettext("%(num)d vote", "%(num)d votes", proposal.dots)
    return step(
        "votes",
        f"{votes} " + ngettext("de %(num)d personne", "de %(num)d personnes", proposal.voters),
    )


def tell_proposal(chain: Chain, record: Record, floor: int) -> Step:
    """When it was made, and until when the team answers."""
    proposal = chain.proposal
    if proposal is None:
        return step("proposal")
    due = str(_("Réponse attendue pour le %(day)s.", day=written_day(proposal.due)))
    has_name = chain.group is not None and chain.group.title == title_of(chain, record)
    title = "" if has_name else title_of(chain, record)  # the group has just said it
    carrier = "" if record.is_public or not proposal.carrier else as_said(proposal.carrier)
    carried = str(_("Portée par : %(who)s.", who=carrier)) if carrier else ""
    return step("proposal", title, due, carried, day=proposal.made)


def tell_decision(chain: Chain, record: Record, floor: int) -> Step:
    """What the team answered."""
    proposal = chain.proposal
    if proposal is None or not proposal.answer:
        missing, act = _("L’équipe n’a pas encore répondu."), _("Répondez à la proposition.")
        return step("decision", missing=str(missing), act=str(act), page=answer_page(chain))
    state = STATE_NAMES[ProposalState(proposal.state)]
    return step(
        "decision", state, as_said(proposal.answer), day=proposal.answered, page=answer_page(chain)
    )


def commitment_page(chain: Chain) -> tuple[str, dict[str, str]] | None:
    """Return where the team keeps the promise of ``chain``."""
    if chain.commitment is None:
        return None
    return "feedback_desk.commitment", {"commitment_id": chain.commitment.id}


def answer_page(chain: Chain) -> tuple[str, dict[str, str]] | None:
    """Return where the team answers the proposal of ``chain``."""
    return ("workshops_desk.proposal", {"proposal_id": chain.id}) if chain.proposal else None

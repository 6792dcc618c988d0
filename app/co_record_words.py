"""The record in words: the title of each chain and its steps, from the idea to the effect."""

from dataclasses import dataclass, replace

from app import co_record_delivery as delivery
from app import co_record_steps as steps
from app.co_record import Chain, Record
from app.co_record_steps import Step

FROM_A_SESSION = (
    steps.tell_idea,
    steps.tell_cards,
    steps.tell_group,
    steps.tell_votes,
    steps.tell_proposal,
    steps.tell_decision,
)
DELIVERED = (delivery.tell_commitment, delivery.tell_release, delivery.tell_effect)


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
    begin = FROM_A_SESSION if chain.proposal else (steps.tell_said,)
    told = tuple(each(chain, record, floor) for each in (*begin, *DELIVERED))
    if record.is_public:
        told = tuple(replace(step, act="") for step in told)
    is_shown = chain.proposal is None or chain.proposal.shown_since is not None
    number = chain.release.number if chain.release else ""
    name = steps.title_of(chain, record)
    return ToldChain(chain.id, name, told, number, bool(chain.proposal), is_shown)

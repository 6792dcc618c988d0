"""What a refresh will write: the rows as they will be, and the theme of each segment."""

from dataclasses import dataclass, field
from functools import cached_property

from feedback.about import Grouping
from feedback.families import Centre, Numbers
from feedback.picture import Picture, ThemeRow
from feedback.work import Work
from nlp.assign import Labels

Event = tuple[str, str, str]  # id, kind, detail
Figures = tuple[list[int], Numbers]  # rows of one service, and the numbers of their placements


@dataclass(eq=False)
class Plan:
    """What a refresh will write: rows as they will be, and the theme of each segment."""

    work: Work
    grouping: Grouping
    after: Picture
    homes: list[str | None]
    born: list[ThemeRow] = field(default_factory=list)  # new ones and those that came back
    centres: dict[str, Centre] = field(default_factory=dict)  # of subjects
    slices: dict[str, Centre] = field(default_factory=dict)  # of themes
    events: list[Event] = field(default_factory=list)

    @cached_property
    def evidence(self) -> Labels:
        """The row that speaks for each segment: its whole retour's or its own."""
        return self.work.evidence_of(self.grouping.with_whole)


def is_protected(theme: ThemeRow, picture: Picture) -> bool:
    """Say whether a person made ``theme`` what it is, so that no run may end it."""
    return theme.locked or theme.named_by_person or theme.id in picture.bonded

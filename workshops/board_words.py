"""What changed on the board, in one sentence for who listens rather than looks."""

from flask_babel import gettext as _
from flask_babel import ngettext

from workshops.decisions import KEEP
from workshops.models import Phase, Workshop
from workshops.screens import Board


def summary(workshop: Workshop, shown: Board) -> str:
    """Return how the board stands now; empty in a phase whose board stays hidden or still."""
    singles = len(shown.cards) + sum(row.is_single for row in shown.rows)
    if workshop.phase == Phase.REVEAL:
        return ngettext("%(num)d idée affichée.", "%(num)d idées affichées.", singles)
    if workshop.phase == Phase.GROUP:
        groups = sum(not row.is_single for row in shown.rows)
        return _groups(groups, singles)
    if workshop.phase == Phase.DISCUSS:
        return _("Un message ou un groupe a changé.")
    if workshop.phase == Phase.DECIDE:
        kept = sum(row.group.decision == KEEP for row in shown.rows)
        return ngettext("%(num)d groupe gardé.", "%(num)d groupes gardés.", kept) if kept else ""
    return ""


def _groups(groups: int, singles: int) -> str:
    made = ngettext("%(num)d groupe", "%(num)d groupes", groups)
    alone = ngettext("%(num)d idée seule", "%(num)d idées seules", singles)
    said = [words for words, count in ((made, groups), (alone, singles)) if count]
    return _("Le tableau a changé : %(what)s.", what=", ".join(said)) if said else ""

"""What a team's edition holds beside the one computation: loop, comparison, what is late, news."""

from dataclasses import asdict, replace
from datetime import date

from app.catalogue import Service
from app.comparison_words import kept
from app.computation import Computation
from app.edition_news import news
from app.editions import Edition
from app.loop_figures import loop_figures
from app.writings import Writing, for_team
from feedback.standing import standing


def team_writing(
    found: Computation, service: Service, day: date, late: dict[str, int], before: Edition | None
) -> Writing:
    """Return what the team of ``service`` reads on ``day``.

    Args:
        late: minutes, by what is late on the site.
        before: the edition that its readers had last.
    """
    writing = for_team(found, day)
    content = writing.content | {
        "loop": asdict(loop_figures(service, day)),
        "late": late,
        "standing": kept(standing(service)),
    }
    return replace(writing, content=content | {"news": news(content, before)})

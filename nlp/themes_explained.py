"""Explains where one message stands among fitted themes, given the messages around it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nlp.assign import Labels, Vectors, assign, leave_one_out, p_value
from nlp.encode import Encoder, Progress
from nlp.explain import neighbours, telling_words
from nlp.grouping import Fitted, cut, place
from nlp.units import units_of


def explain_message(
    fitted: Fitted,
    encoder: Encoder,
    texts: Sequence[str],
    message: int,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return theme, score, threshold, p-value, runner-up, words, neighbours of ``texts[message]``.

    Told for what gave the text its place (`nlp.units`): a short one whole, a long one by its
    segment that is most at home. The neighbours are the like of the other texts, by the row
    ``message`` of their text. Raises ValueError for a blank text.
    """
    cuts = units_of(texts, cut(texts)).whole
    points = place(fitted, encoder, cuts.texts, progress)
    places = assign(points, fitted.prototypes)
    own = [row for row, each in enumerate(cuts.messages) if each == message]
    if not own:
        raise ValueError("the text is blank: there is nothing to explain")
    row = max(own, key=lambda each: (places[each].theme >= 0, places[each].score))
    found, theme = places[row], places[row].theme
    labels = [-2 if i in own else each.theme for i, each in enumerate(places)]
    near = neighbours(points[row], points, labels, theme) if theme >= 0 else []
    words: list[tuple[str, float]] = []
    if theme >= 0:
        centre = fitted.prototypes.centres[fitted.prototypes.themes.tolist().index(theme)]
        words = telling_words(
            cuts.segments[row].text, centre, lambda texts: place(fitted, encoder, texts)
        )
    return {
        "theme": theme,
        "score": round(found.score, 4),
        "threshold": round(found.threshold, 4),
        "p_value": _p_value(found.score, points, np.array(labels), theme),
        "runner_up": {"theme": found.runner_up, "score": round(found.runner_up_score, 4)},
        "segment": {"start": cuts.segments[row].start, "end": cuts.segments[row].end},
        "words": [[word, round(loss, 4)] for word, loss in words],
        "neighbours": [
            {"message": cuts.messages[each.row], "similarity": round(each.similarity, 4)}
            for each in near
        ],
    }


def _p_value(score: float, points: Vectors, labels: Labels, theme: int) -> float | None:
    """Return how often a member of the theme among the other texts is as far off; None unplaced."""
    members = points[labels == theme]
    if theme < 0 or not len(members):
        return None
    return round(p_value(score, leave_one_out(members)), 4)

"""``python -m nlp watch``: from dated texts to candidates that a person should look at."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nlp.encoding_arguments import add_command, open_encoder, origin
from nlp.jsonl import open_input, open_output, progress, release, write_row

if TYPE_CHECKING:
    from nlp.assign import Vectors
    from nlp.candidate_proofs import Candidate
    from nlp.cli import Subparsers
    from nlp.copies import Labels
    from nlp.watch_rows import Report
    from nlp.weekly_themes import Watched

LONG = 500  # texts whose grouping takes more than two seconds
SERIOUS = "serious"


def register(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = add_command(subparsers, "watch", "raise candidates from dated texts", watch)
    parser.add_argument("--arl", type=float, default=520.0, help="weeks between false alarms")
    share = "expected share of false ones among the themes that alarm at a look"
    parser.add_argument("--alpha", type=float, default=0.10, help=share)
    alone = "leave out single texts with serious words"
    parser.add_argument("--no-serious", action="store_true", help=alone)
    parser.add_argument("--seed", type=int, default=0)


def watch(arguments: argparse.Namespace) -> None:
    """Write the candidates: rises first, strongest first, then single texts that name harm.

    Themes are those of the lines, or found by grouping all texts without regard to their dates.
    """
    import numpy as np

    from nlp.quiet_floor import quiet_floor
    from nlp.watch_rows import read_reports
    from nlp.watching import watch as find
    from nlp.weekly_themes import watch_weeks

    with open_input(arguments.input) as lines:
        reports = read_reports(lines, arguments.skip_bad)
    told: dict[str, Any] = {"texts": len(reports.rows), "seed": arguments.seed}
    found: list[Candidate] = []
    words: dict[int, list[str]] = {}
    names: list[Any] = []
    watched: Watched | None = None
    if reports.rows:
        placed, names, copies, own = _themes(arguments, reports.rows, reports.themed)
        told |= own
        watched = watch_weeks(reports.rows, placed, copies)
        told |= {"weeks": watched.observed.shape[1], "streams": len(watched.streams)}
        levels = (arguments.alpha, arguments.arl)
        rng = np.random.default_rng(arguments.seed)
        floor = quiet_floor(reports.rows, placed, copies, levels, rng)
        found = find(watched, reports.rows, *levels, floor)
        told |= {"floor": round(floor, 1)}
        words = _words(reports.rows, placed, {each.theme for each in found})
    lines_out = [
        _candidate(each, watched, reports.rows, names[each.theme], words[each.theme])
        for each in sorted(found, key=lambda each: -each.e_value)
        if watched
    ]
    if not arguments.no_serious:
        lines_out += _serious(reports.rows)
    with open_output(arguments.output) as out:
        for rank, line in enumerate(lines_out, 1):
            write_row(out, line | {"rank": rank})
    told |= {"candidates": len(found), "serious": len(lines_out) - len(found)}
    told |= {"arl": arguments.arl, "alpha": arguments.alpha, "version": release()}
    print(json.dumps(told, ensure_ascii=False), file=sys.stderr)


def _themes(
    arguments: argparse.Namespace, rows: Sequence["Report"], themed: bool
) -> tuple[list[frozenset[int]], list[Any], "Labels", dict[str, Any]]:
    """Return each text's themes, the themes' names, near-copies, and what to tell of the model."""
    from nlp.copies import near_copies

    texts = [row.text for row in rows]
    if themed:
        names = sorted({row.theme for row in rows if row.theme is not None}, key=str)
        number = {name: place for place, name in enumerate(names)}
        given = [frozenset(() if r.theme is None else (number[r.theme],)) for r in rows]
        return given, names, near_copies(texts), {"themes": len(names)}
    placed, vectors, own = _group(arguments, texts)
    themes = sorted(frozenset[int]().union(*placed))
    number = {name: place for place, name in enumerate(themes)}
    numbered = [frozenset(number[theme] for theme in each) for each in placed]
    copies = near_copies(texts, vectors - vectors.mean(axis=0))
    return numbered, themes, copies, own | {"themes": len(themes)}


def _group(
    arguments: argparse.Namespace, texts: Sequence[str]
) -> tuple[list[frozenset[int]], "Vectors", dict[str, Any]]:
    """Group whole texts; return the theme of each, their sentence vectors and the model's origin.

    Short messages are grouped whole (`nlp.units`); so is a long one here, as what rises.
    """
    from nlp.grouping import group

    encoder = open_encoder(arguments)
    full = [row for row, text in enumerate(texts) if text.strip()]
    vectors = encoder.encode(texts, progress("texts encoded"))
    if len(full) > LONG:
        print(f"grouping {len(full)} texts", file=sys.stderr)
    grouped = group(vectors[full], [texts[row] for row in full], encoder, arguments.seed)
    placed = [frozenset[int]()] * len(texts)
    for row, theme in zip(full, grouped.labels.tolist(), strict=True):
        placed[row] = frozenset((theme,)) if theme >= 0 else frozenset()
    return placed, vectors, dict(origin(encoder)) | {"space": grouped.fitted.space.hash}


def _words(
    rows: Sequence["Report"], placed: Sequence[frozenset[int]], wanted: set[int]
) -> dict[int, list[str]]:
    from nlp.keywords import theme_words

    texts: dict[int, list[str]] = {}
    for row, themes in zip(rows, placed, strict=True):
        for theme in themes:
            texts.setdefault(theme, []).append(row.text)
    words = theme_words(texts) if wanted else {}
    return {theme: [word for word, _ in words[theme]] for theme in wanted}


def _candidate(
    found: "Candidate", watched: "Watched", rows: Sequence["Report"], name: Any, words: list[str]
) -> dict[str, Any]:
    facet, value = found.part or (None, None)
    return {
        "facet": facet,
        "value": value,
        "theme": name,
        "words": words,
        "first_alarm": watched.last_day(found.week).isoformat(),
        "observed": found.observed,
        "expected": round(found.expected, 3),
        "ratio": round(found.observed / max(found.expected, 0.05), 2),
        "e_value": round(found.e_value, 1),
        "kind": found.kind,
        "ids": [rows[row].id for row in found.rows],
    }


def _serious(rows: Sequence["Report"]) -> list[dict[str, Any]]:
    """Return the single texts that name harm, newest first: a rule, not a statistic."""
    from nlp.danger import harm

    found = [(row, spans) for row in rows if (spans := harm(row.text))]
    return [
        {
            "facet": None,
            "value": None,
            "theme": row.theme,
            "words": [row.text[span.start : span.end] for span in spans],
            "first_alarm": row.day.isoformat(),
            "observed": 1,
            "expected": None,
            "ratio": None,
            "e_value": None,
            "kind": SERIOUS,
            "ids": [row.id],
        }
        for row, spans in sorted(found, key=lambda pair: pair[0].day, reverse=True)
    ]

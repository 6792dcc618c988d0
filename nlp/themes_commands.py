"""``python -m nlp themes``, ``assign`` and ``explain``: themes of JSONL files."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.encoding_arguments import add_command, open_encoder, origin, read_texts
from nlp.jsonl import open_output, progress, write_row

if TYPE_CHECKING:
    from nlp.assign import Assignments
    from nlp.cli import Subparsers
    from nlp.encode import Encoder
    from nlp.grouping import Cut, Fitted
    from nlp.units import Settled, Units

LONG = 500  # segments whose grouping takes more than two seconds


def register(subparsers: "Subparsers") -> None:
    """Add the three commands."""
    parser = add_command(subparsers, "themes", "group texts into themes", themes)
    parser.add_argument("--vectors", help="unit rows of `encode`, one a text: texts stay whole")
    parser.add_argument("--summary", help="where to write the themes' titles and words, as JSON")
    parser.add_argument("--save", help="where to write the fitted themes, for `assign`")
    parser.add_argument("--seed", type=int, default=0)
    parser = add_command(subparsers, "assign", "place texts in fitted themes", assign)
    parser.add_argument("--themes", required=True, help="file of `themes --save`")
    parser = add_command(subparsers, "explain", "say why a text is in its theme", explain)
    parser.add_argument("--themes", required=True, help="file of `themes --save`")
    parser.add_argument("--id", required=True, help="of the text to explain")


def themes(arguments: argparse.Namespace) -> None:
    """Group the texts and write where each segment stands."""
    from nlp.grouping import describe, group, grouped_places
    from nlp.units import settle, units_of

    texts, ids = read_texts(arguments)
    encoder = open_encoder(arguments)
    cuts, vectors = _cut_and_encode(arguments, encoder, texts)
    units = units_of(texts, cuts)
    if vectors is None:
        vectors = encoder.encode(units.whole.texts, progress("texts encoded"))
    if len(units.whole.texts) > LONG:
        print(f"grouping {len(units.whole.texts)} segments", file=sys.stderr)
    grouped = group(vectors, units.whole.texts, encoder, arguments.seed)
    own = _inside(cuts, units, grouped.fitted, encoder)
    settled = settle(cuts, units, grouped_places(grouped), own)
    _write_places(arguments, ids, cuts, settled)
    if arguments.save:
        grouped.fitted.save(Path(arguments.save))
    summary = {"texts": len(texts), "segments": len(cuts.segments), "seed": arguments.seed}
    summary |= {"unplaced_segments": sum(each.theme < 0 for each in settled.segments)}
    summary |= origin(encoder) | {"space": grouped.fitted.space.hash}
    if arguments.summary:
        full = summary | {"themes": describe(grouped, units.whole, ids)}
        with open_output(arguments.summary) as out:
            json.dump(full, out, ensure_ascii=False, indent=1)
    print(json.dumps(summary), file=sys.stderr)


def assign(arguments: argparse.Namespace) -> None:
    """Place each segment in the fitted themes, or in none."""
    from nlp.assign import assign as assign_points
    from nlp.grouping import cut, load_fitted, place
    from nlp.units import settle, units_of

    texts, ids = read_texts(arguments)
    fitted, encoder = load_fitted(Path(arguments.themes)), open_encoder(arguments)
    cuts = cut(texts)
    units = units_of(texts, cuts)
    points = place(fitted, encoder, units.whole.texts, progress("texts encoded"))
    places = list(assign_points(points, fitted.prototypes))
    own = _inside(cuts, units, fitted, encoder)
    _write_places(arguments, ids, cuts, settle(cuts, units, places, own))
    print(json.dumps({"texts": len(texts)} | origin(encoder)), file=sys.stderr)


def explain(arguments: argparse.Namespace) -> None:
    """Write why the segment of ``--id`` that is most at home stands in its theme."""
    from nlp.grouping import load_fitted
    from nlp.themes_explained import explain_message

    texts, ids = read_texts(arguments)
    wanted = [row for row, each in enumerate(ids) if str(each) == arguments.id]
    if not wanted:
        raise ValueError(f"no line has the id {arguments.id}")
    fitted, encoder = load_fitted(Path(arguments.themes)), open_encoder(arguments)
    told = explain_message(fitted, encoder, texts, wanted[0], progress("texts encoded"))
    for each in told["neighbours"]:
        each["id"] = ids[each.pop("message")]
    with open_output(arguments.output) as out:
        write_row(out, {"id": ids[wanted[0]]} | told | origin(encoder))


def _inside(cuts: "Cut", units: "Units", fitted: "Fitted", encoder: "Encoder") -> "Assignments":
    """Place the segments that lie inside a larger unit by what they say on their own."""
    from nlp.assign import assign as assign_points
    from nlp.grouping import place

    texts = [cuts.texts[row] for row in units.inside]
    return assign_points(place(fitted, encoder, texts), fitted.prototypes)


def _cut_and_encode(
    arguments: argparse.Namespace, encoder: "Encoder", texts: Sequence[str]
) -> tuple["Cut", Any]:
    """Return segments and given vectors, which belong to whole texts; else None."""
    from nlp.grouping import Cut, cut, read_npy
    from nlp.segment import Segment

    if not arguments.vectors:
        return cut(texts), None
    vectors = read_npy(Path(arguments.vectors))
    if vectors.shape != (len(texts), encoder.dimension):
        wanted = (len(texts), encoder.dimension)
        raise ValueError(f"{arguments.vectors}: must have shape {wanted}, got {vectors.shape}")
    whole = [Segment(0, len(text), text) for text in texts]
    return Cut(whole, list(range(len(texts)))), vectors


def _write_places(
    arguments: argparse.Namespace, ids: Sequence[Any], cuts: "Cut", settled: "Settled"
) -> None:
    by_message: list[list[dict[str, Any]]] = [[] for _ in ids]
    for segment, message, each in zip(cuts.segments, cuts.messages, settled.segments, strict=True):
        where: dict[str, Any] = {"start": segment.start, "end": segment.end}
        where |= {"theme": each.theme, "score": round(each.score, 4)}
        by_message[message].append(where)
    with open_output(arguments.output) as out:
        for row, (each_id, found) in enumerate(zip(ids, by_message, strict=True)):
            main = settled.mains.get(row)
            theme, score = (main.theme, round(main.score, 4)) if main else (-1, -1.0)
            write_row(out, {"id": each_id, "theme": theme, "score": score, "segments": found})

"""``flask explain ID``: the facts of « Pourquoi ? », with the numbers computed anew.

Signals are told by ``app/explain_signal.py``.
"""

from collections.abc import Iterator
from textwrap import shorten

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.db import db, will_write
from app.explain_signal import lines_of
from app.runtime import runtime
from feedback.models import Feedback, Placement, Segment, Signal, Theme
from feedback.theme_coverage import Coverage
from feedback.theme_facts import ThemeFacts, facts_of
from feedback.theme_human_edits import HumanEdit
from feedback.theme_proofs import Proof, missed_words, prove
from feedback.theme_reasons import Why, why

WIDTH = 90  # characters of a quoted sentence
KINDS = ("segment", "retour", "theme", "signal")


@click.command("explain")
@click.argument("which", metavar="[KIND] ID", nargs=-1, required=True)
@click.option(
    "--words/--no-words", default=True, help="Load the encoder to tell which words count."
)
@with_appcontext
def explain(which: tuple[str, ...], words: bool) -> None:
    """Say why the segment, the retour, the theme or the signal called ID stands where it does."""
    if len(which) > 2 or (len(which) == 2 and which[0] not in KINDS):
        raise click.UsageError(f"give one id, after one of {', '.join(KINDS)} if you like")
    will_write(False)
    for line in _lines(which[-1], words):
        click.echo(line)


def _lines(which: str, words: bool) -> Iterator[str]:
    if segment := db.session.get(Segment, which):
        return _of_segment(segment, words)
    if theme := db.session.get(Theme, which):
        return _of_theme(theme)
    if feedback := db.session.get(Feedback, which):
        return _of_feedback(feedback, words)
    if signal := db.session.get(Signal, which):
        return lines_of(signal)
    raise click.ClickException(f"no segment, retour, theme or signal has the id {which}")


def _of_feedback(feedback: Feedback, words: bool) -> Iterator[str]:
    query = select(Segment).where(Segment.feedback_id == feedback.id).order_by(Segment.start)
    segments = list(db.session.scalars(query))
    yield f"retour {feedback.id}: {len(segments)} segments"
    for segment in segments:
        yield from _of_segment(segment, words)


def _of_segment(segment: Segment, words: bool) -> Iterator[str]:
    yield f"segment {segment.id} ({segment.start}–{segment.end}): {_short(segment.text)}"
    placement = segment.placement
    if placement is None:
        yield "  theme: none, nothing was near enough"
        return
    found = why(placement)
    yield f"  theme: {found.theme.name} ({found.theme.id}){_standing(found)}"
    yield f"  similarity: {found.score:.4f}, threshold: {found.threshold:.4f}"
    if found.with_whole:
        yield "  placed with its whole retour, whose words the numbers are of"
    yield f"  computed anew: {_proof(prove([placement], runtime().instance)[0])}"
    yield f"  runner-up: {_runner_up(found)}"
    yield f"  words of the theme in it: {', '.join(found.words) or 'none'}"
    if words:
        yield f"  words that count: {_missed(placement)}"
    for near in found.neighbours:
        score = "not compared" if near.similarity is None else f"{near.similarity:.4f} by meaning"
        yield f"  near: {near.segment.id}, {score}: {_short(near.text)}"
    yield f"  model: {found.model}, {found.placed}"
    yield from map(_edit, found.edits)
    yield _coverage(found.coverage)


def _of_theme(theme: Theme) -> Iterator[str]:
    facts = facts_of(theme)
    yield f"theme {theme.id}: {theme.name}, {facts.retours} retours, since {theme.born}"
    yield f"  words: {', '.join(f'{word} {weight:.4f}' for word, weight in facts.words) or 'none'}"
    yield f"  similarity: {_mean(facts)}, threshold: {facts.threshold:.4f}"
    query = select(Placement).where(
        Placement.theme_id == theme.id, Placement.by == "machine", ~Placement.contested
    )
    proofs = prove(list(db.session.scalars(query)), runtime().instance)
    yield f"  computed anew: {sum(each.same for each in proofs)} of {len(proofs)} the same"
    yield from sorted({f"  not computed: {each.reason}" for each in proofs if each.reason})
    yield f"  placed by people: {facts.moved_in}, taken out: {facts.taken_out}"
    run = facts.run
    told = f"{run.day}, {run.kind}, space {run.space}" if run else "none"
    yield f"  model: {facts.model or 'none'}; last run: {told}"
    yield from map(_edit, facts.edits)
    yield _coverage(facts.coverage)


def _standing(found: Why) -> str:
    if found.contested:
        return ", taken out by a person"
    return ", placed by a person" if found.by_person else ""


def _proof(proof: Proof) -> str:
    if proof.score is None or proof.threshold is None:
        return f"not possible, {proof.reason}"
    verdict = "the same" if proof.same else "NOT THE SAME as stored"
    second = "" if proof.runner_up_score is None else f", runner-up {proof.runner_up_score:.4f}"
    return f"{proof.score:.4f}, {proof.threshold:.4f}{second}: {verdict}"


def _runner_up(found: Why) -> str:
    if found.runner_up is None:
        return "none"
    score = "" if found.runner_up_score is None else f" {found.runner_up_score:.4f}"
    return f"{found.runner_up.name} ({found.runner_up.id}){score}"


def _missed(placement: Placement) -> str:
    encoder = runtime().encoder
    if encoder is None:
        return "the encoder is not available"
    found = missed_words(placement, runtime().instance, encoder)
    return ", ".join(f"{word} −{loss:.4f}" for word, loss in found) or "none"


def _mean(facts: ThemeFacts) -> str:
    mean = facts.similarity.mean
    return "none" if mean is None else f"mean {mean:.4f} of {facts.similarity.segments} segments"


def _edit(edit: HumanEdit) -> str:
    return f"  person: {edit.kind}, {edit.day}, {edit.who}"


def _coverage(coverage: Coverage) -> str:
    return (
        f"  coverage: {coverage.placed} of the service's {coverage.segments} segments are in a "
        f"theme, {coverage.inside} in this one"
    )


def _short(text: str) -> str:
    return shorten(text, WIDTH, placeholder="…")

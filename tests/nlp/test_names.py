"""Names by the words around them and by lexicons; everyday words stay."""

import importlib
import sys

import pytest

from nlp.name_finder import without_torch
from nlp.redact import redact


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("le dr lemaire", "le dr [PERSONNE_1]"),
        ("c sophie durand", "c [PERSONNE_1]"),
        ("Mme Petit est venue", "Mme [PERSONNE_1] est venue"),
        ("JE M'APPELLE SYLVIE MARTIN", "JE M'APPELLE [PERSONNE_1]"),
        ("DUPONT Martine attend", "[PERSONNE_1] attend"),
        ("Bien à vous, A. Morel", "Bien à vous, [PERSONNE_1]"),
        ("Cordialement,\nOdile Carpentier", "Cordialement,\n[PERSONNE_1]"),
        ("Rose et Pierre Marchand sont là", "[PERSONNE_1] et [PERSONNE_2] sont là"),
        ("le pr de la fontaine", "le pr [PERSONNE_1]"),
        ("Le docteur El Amrani refuse", "Le docteur [PERSONNE_1] refuse"),
        ("mon beau frère mehdi bouzid dit", "mon beau frère [PERSONNE_1] dit"),
        ("Dr Pasteur m'a opérée", "Dr [PERSONNE_1] m'a opérée"),
        (
            "Mes enfants Emma, Lucas et Noah",
            "Mes enfants [PERSONNE_1], [PERSONNE_2] et [PERSONNE_3]",
        ),
        ("m. coulibaly n'est jamais là", "m. [PERSONNE_1] n'est jamais là"),
        ("M. PETIT N'EST JAMAIS LA CETTE SEMAINE", "M. [PERSONNE_1] N'EST JAMAIS LA CETTE SEMAINE"),
        ("M. Lê, 54 ans", "M. [PERSONNE_1], 54 ans"),
        ("mme van der meer est là", "mme [PERSONNE_1] est là"),
        ("mon nom est de villepin", "mon nom est [PERSONNE_1]"),
        ("la carte de karim haddouche est là", "la carte de [PERSONNE_1] est là"),
        ("mon collègue rajesh a eu pareil", "mon collègue [PERSONNE_1] a eu pareil"),
        ("ma conseillère oksana est top", "ma conseillère [PERSONNE_1] est top"),
        ("la famille zandronis attend", "la famille [PERSONNE_1] attend"),
        ("la maman d'enora attend", "la maman d'[PERSONNE_1] attend"),
        ("nom roche prénom koffi", "nom [PERSONNE_1] prénom [PERSONNE_2]"),
        ("Sœur Zandronis tient l'accueil", "Sœur [PERSONNE_1] tient l'accueil"),
        ("Nadia (Szymanski) attend", "[PERSONNE_1] ([PERSONNE_2]) attend"),
        ("signé M.L. Bouvier", "signé [PERSONNE_1]"),
        ("bonne journée marie jo", "bonne journée [PERSONNE_1]"),
        ("slt c momo jai rien", "slt c [PERSONNE_1] jai rien"),
        ("la petite Paweł pleure", "la petite [PERSONNE_1] pleure"),
        ("Julie Bernard dit oui. Bernard non.", "[PERSONNE_1] dit oui. [PERSONNE_2] non."),
    ],
)
def test_names_are_masked(text, masked):
    assert redact(text, None).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Une petite pierre rose et un gros blanc sur l'écran.",
        "Merci docteur, bonjour madame la directrice, Monsieur le Président de la République.",
        "Madame, Monsieur,",
        "La clinique Pasteur, l'hôpital Georges-Pompidou et le lycée Jean Moulin.",
        "La maladie de Parkinson, le syndrome de Gougerot-Sjögren.",
        "France Connect, Pôle emploi, Ameli, Doctolib, la CAF et Harmonie Mutuelle.",
        "RIEN NE MARCHE DEPUIS LA MISE À JOUR DE MON ESPACE SANTÉ",
        "Mon médecin traitant, mon kiné, ma fille autiste et mon mari malade.",
        "Je suis Français. Je suis Handicapée à 80 %.",
        "Cordialement. Merci d'avance. Finalement je renvoie tout.",
        "À Nancy, à Vienne, en Lorraine et à Aix-en-Provence.",
        "Doliprane, Levothyrox, Ventoline.",
        "le docteur ausculte vite, la famille attend, le dossier de demande traîne",
        "mon fils narrive pas, ma fille na rien, mon mari sest perdu",
        "c relou, avec constance, le temps est clément, le réseau urbain",
        "Saint-Laurent-du-Maroni n'a plus de pédiatre.",
        "le centre médical Bernard Palissy, la rue du docteur Roux",
        "à 100 m de celle-ci, 3 m. de large",
    ],
)
def test_words_that_look_like_names_stay(text):
    assert redact(text, None).text == text


class Everything:
    """A name finder that takes the whole text for one name."""

    def find(self, text):
        return [(0, len(text))]


@pytest.mark.parametrize("text", ["Ait", "de la", "El", "Ben", "le bris", ""])
def test_a_find_of_the_model_that_is_a_particle_alone_is_weighed_without_failing(text):
    assert redact(text, Everything()).names_masked


def test_torch_is_out_of_reach_while_the_pipeline_is_loaded_and_back_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(ImportError), without_torch():
        importlib.import_module("torch")
    assert "torch" not in sys.modules
    loaded = object()
    monkeypatch.setitem(sys.modules, "torch", loaded)  # who has it already keeps it
    with without_torch():
        assert sys.modules["torch"] is loaded
    assert sys.modules["torch"] is loaded

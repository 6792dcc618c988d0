"""Names by the words around them and by lexicons; everyday words stay."""

import pytest

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

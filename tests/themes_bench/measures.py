"""The parts of the document, each measured by one method on one set of kept vectors."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.config import instance_folder
from nlp.encode import load_encoder
from nlp.model_folders import packaged_folder
from nlp.precision import FLOAT32
from tests.themes_bench import application, comparison, registers, sizes, speeds, steadiness
from tests.themes_bench.corpora import LabelledSet, read_sets, real_texts
from tests.themes_bench.growth import growth_page, growth_targets, measure_growth
from tests.themes_bench.kept_vectors import KeptEncoder
from tests.themes_bench.targets import Target

REAL = 10_000  # real texts in the large corpus
Part = tuple[list[Target], str]  # targets, page
# Two at a time: what they tell does not hang on the time they take.
BESIDE = ("agreement", "application", "recall", "steadiness", "growth")
ALONE = ("placing_and_encoding", "time_and_memory", "million")  # the longest last


@dataclass(frozen=True)
class Plan:
    """Where the development data and the product's Python are, and whether to be quick."""

    data: Path
    product: Path
    quick: bool


class Measures:
    """Reads the data and loads the model once; every method returns one part."""

    def __init__(self, plan: Plan) -> None:
        warnings.simplefilter("ignore")  # the compared libraries' own, on every fit
        self.plan = plan
        self.models = instance_folder() / "models"
        self.kept = instance_folder() / "bench"
        self.sets: list[LabelledSet] = read_sets(plan.data, plan.quick)
        self.real = real_texts(plan.data, 2_000 if plan.quick else REAL)
        packaged_folder(self.models)
        self.encoder = KeptEncoder(load_encoder(None, self.models, FLOAT32), self.kept)

    def encode(self) -> None:
        """Encode every text, so that no two processes do the same."""
        self.encoder.encode([text for each in self.sets for text in each.texts])
        self.encoder.encode(self.real)

    def agreement(self) -> Part:
        """Every set in every way."""
        found = comparison.compare(self.sets, self.encoder)
        page = comparison.comparison_page(self.sets, found)
        return comparison.comparison_targets(found), page

    def steadiness(self) -> Part:
        """Seeds and subsamples."""
        found = steadiness.measure_steadiness(self.sets, self.encoder)
        return [], steadiness.steadiness_page(found)

    def application(self) -> Part:
        """Agreement through the whole application."""
        found = application.measure_application(self.plan.data, self.models, self.plan.product)
        return application.application_targets(found), application.application_page(found)

    def growth(self) -> Part:
        """Memberships after 1 % more messages."""
        found = measure_growth(self.plan.data, self.kept, self.plan.product)
        return growth_targets(found), growth_page(found)

    def time_and_memory(self) -> Part:
        """Both tools at each size."""
        folder = self.kept / "sizes"
        runs, placings = sizes.measure_sizes(self.real, self.encoder, folder, self.plan.quick)
        return sizes.size_targets(runs), sizes.sizes_page(runs, placings, len(self.real))

    def million(self) -> Part:
        """Boucle alone on a million segments; left out of a quick run."""
        if self.plan.quick:
            return [], "### A million segments\n\nLeft out of a quick run."
        run, placing = sizes.measure_million(self.real, self.encoder, self.kept / "sizes")
        return [], sizes.million_page(run, placing)

    def placing_and_encoding(self) -> Part:
        """New segments into themes, and the encoder."""
        placed, dimension = speeds.rows_per_second(self.real, self.encoder)
        rounds = 2 if self.plan.quick else 5
        found = speeds.measure_encoding(self.plan.data, self.models, self.sets, self.kept, rounds)
        page = f"{speeds.assign_page(placed, dimension)}\n\n{speeds.encoding_page(found)}"
        return speeds.speed_targets(placed, found), page

    def recall(self) -> Part:
        """Registers and channels, with the encoder that the product chooses here."""
        found = registers.measure_recall(KeptEncoder(load_encoder(None, self.models), self.kept))
        return registers.recall_targets(found), registers.recall_page(found)


def run_part(plan: Plan, name: str) -> Part:
    """Measure one part from nothing, in whichever process."""
    part: Callable[[], Part] = getattr(Measures(plan), name)
    return part()

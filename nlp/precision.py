"""Chooses the numbers that a sentence model computes with: 8-bit integers where the processor sums
their products at once, else bfloat16 where it has it, else float32."""

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.batches import Model, compute_rows
from nlp.int8_folder import INT8, build_int8, int8_folder, int8_revision
from nlp.int8_model import Int8Model, ask_for_avx512, reason_against
from nlp.model_folders import Source
from nlp.torch_model import TorchModel
from nlp.vectors import checked_unit_rows

FLOAT32, BFLOAT16 = "float32", "bfloat16"
PRECISIONS = (INT8, BFLOAT16, FLOAT32)
DOTS = ("avx512_vnni", "avx_vnni", "amx_int8")  # 8-bit products summed without overflow
MOST_REASON = 120  # characters of a library's own error
LOWEST_COSINE = 0.99  # to float32, on the sentences below
SENTENCES = (
    "Depuis la mise à jour, je n'arrive plus à me connecter à mon espace.",
    "Personne ne répond au téléphone, j'attends mon remboursement depuis trois semaines !!",
    "TRÈS CLAIR MERCI 👍",
    "mdp perdu",
    "Le rendez-vous du 12/03 à 14 h 30 est annulé sans que l’on me prévienne. Qui appeler ?",
    "The app crashes every time I open my prescriptions.",
    "Great service, quick answer",
    "",
)

log = logging.getLogger(__name__)


class Unfaithful(RuntimeError):
    """The model cannot be used in int8; the message says why."""


def best_precision(abilities: Mapping[str, Any]) -> str:
    """Return what this processor computes fastest; emulated, the two others are slower."""
    if any(abilities.get(each) for each in DOTS):
        return INT8
    if abilities.get("avx512_bf16") or abilities.get("amx_bf16"):
        return BFLOAT16
    log.warning("The processor has no 8-bit dot products: the sentence model runs in float32.")
    return FLOAT32


def revision(precision: str) -> str:
    """Return what enters the model's hash: equal ones give a text the same vector."""
    return int8_revision() if precision == INT8 else precision


def set_up(plain: Any, source: Source, precision: str | None) -> tuple[Model, str]:
    """Return what computes the vectors of the library's model ``plain``, and in which numbers.

    ``precision`` None takes the best of this processor; what fails in int8 falls back to float32.
    """
    import torch  # heavy, and loaded already with the model

    abilities = torch.cpu.get_capabilities()
    wanted = precision or best_precision(abilities)
    if wanted == INT8:
        ask_for_avx512(abilities)
        try:
            return open_int8(plain, source), INT8
        except Unfaithful as error:
            log.warning("The sentence model runs in float32 rather than int8: %s.", error)
            wanted = FLOAT32
    if wanted == BFLOAT16:
        plain.to(torch.bfloat16)
    return TorchModel(plain, source.prompt), wanted


def open_int8(plain: Any, source: Source) -> Model:
    """Return the converted model, made where it is missing, and once more where it is damaged.

    It is kept only where it gives what float32 gives. Raises `Unfaithful`.
    """
    against = reason_against(plain)
    if against is not None:
        raise Unfaithful(against)
    try:
        folder = int8_folder(source)
    except ImportError as error:
        raise Unfaithful(_first_line(error)) from error
    try:
        found_there = folder.is_dir()
        return _checked(plain, source, folder)
    except Unfaithful as error:
        if not found_there:
            raise
        log.warning("The sentence model is converted to int8 again: %s.", error)
    shutil.rmtree(folder, ignore_errors=True)
    return _checked(plain, source, folder)


def _checked(plain: Any, source: Source, folder: Path) -> Model:
    before = _rows_of(TorchModel(plain, source.prompt), source.name)
    try:
        build_int8(source, folder)
        model = Int8Model(folder, plain, source.prompt)
        after = _rows_of(model, source.name)
    except Exception as error:
        # Whatever the library or its converter makes of a model, float32 still reads it.
        raise Unfaithful(f"it cannot be computed ({_first_line(error)})") from error
    if not is_faithful(before, after):
        raise Unfaithful("its vectors would point elsewhere")
    return model


def _rows_of(model: Model, name: str) -> NDArray[np.float32]:
    return checked_unit_rows(compute_rows(model, SENTENCES), name)


def is_faithful(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Tell whether unit rows (n, d) made in int8 point where the float32 ones do; NaN does not."""
    return bool((before * after).sum(axis=1).min() >= LOWEST_COSINE)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:MOST_REASON]

"""Chooses the numbers that a sentence model computes with: 8-bit integers where the processor sums
their products at once, else bfloat16 where it has it, else float32."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from nlp import int8, packed_bert

FLOAT32, BFLOAT16, INT8 = "float32", "bfloat16", "int8"
PRECISIONS = (INT8, BFLOAT16, FLOAT32)
# Enters the model's hash: to be raised when the same weights come to give other vectors.
REVISIONS = {INT8: "int8, 2"}

log = logging.getLogger(__name__)


def best_precision(abilities: Mapping[str, Any]) -> str:
    """Return what this processor computes fastest; emulated, the two others are slower."""
    if int8.has_dot_products(abilities):
        return INT8
    if abilities.get("avx512_bf16") or abilities.get("amx_bf16"):
        return BFLOAT16
    log.warning("The processor has no 8-bit dot products: the sentence model runs in float32.")
    return FLOAT32


def convert(model: Any, precision: str, encode: int8.Encode) -> str:
    """Make ``model`` compute in ``precision`` as far as it can; return what it computes in now.

    ``encode`` runs the model on sentences: int8 is kept only where it gives what float32 gave.
    Raises `Unfaithful` when the model was changed and must be loaded anew.
    """
    if precision == BFLOAT16:
        import torch

        model.to(torch.bfloat16)
    if precision != INT8:
        return precision
    before = encode(list(int8.SENTENCES))
    try:
        _to_int8(model)
        after = encode(list(int8.SENTENCES))
    except (RuntimeError, AttributeError, TypeError, ValueError) as error:
        raise Unfaithful(f"this installation cannot compute it ({_first_line(error)})") from error
    if not int8.is_faithful(before, after):
        raise Unfaithful("its vectors would point elsewhere")
    return INT8


def _to_int8(model: Any) -> None:
    if packed_bert.is_packable(model):
        packed_bert.pack(model)
    else:
        int8.multiply_in_int8(model)


class Unfaithful(RuntimeError):
    """The model cannot be used in int8; the message says why."""


def load_in(
    precision: str | None, load: Callable[[], Any], encode: Callable[[Any], int8.Encode]
) -> tuple[Any, str]:
    """Return the model that ``load`` gives and the precision it computes in.

    ``precision`` None takes the best of this processor; what fails falls back to float32.
    """
    import torch  # heavy, and loaded already with the model

    model = load()
    wanted = precision or best_precision(torch.cpu.get_capabilities())
    try:
        return model, convert(model, wanted, encode(model))
    except Unfaithful as error:
        log.warning("The sentence model runs in float32 rather than int8: %s.", error)
        return load(), FLOAT32


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]

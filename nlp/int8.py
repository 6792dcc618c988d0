"""Lets a sentence model multiply in 8-bit integers, whatever its architecture: each linear layer is
replaced where it stands, embeddings, attention and norms stay in float32. `nlp.packed_bert` does
more for the models that it knows.

Weights have one scale an output, activations one a token (Dettmers et al., "LLM.int8()", 2022). One
scale a token, not a batch: a text's vector does not depend on what it was encoded beside.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST = 127  # of a signed 8-bit integer; both signs alike
ZERO = 128  # where zero stands among unsigned ones
TINY = 1e-12  # a row of zeros has no scale of its own
DOTS = ("avx512_vnni", "avx_vnni", "amx_int8")  # 8-bit products summed without overflow
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

Encode = Callable[[list[str]], NDArray[np.float32]]


def has_dot_products(abilities: Mapping[str, Any]) -> bool:
    """Tell whether the processor multiplies 8-bit integers faster than floats, and exactly."""
    return any(abilities.get(each) for each in DOTS)


class Int8Layer:
    """The product of one linear layer, (…, inputs) to (…, outputs), both float32."""

    def __init__(self, weight: Any, bias: Any) -> None:
        import torch

        weight = weight.detach().float()
        self._scales = weight.abs().amax(1).clamp_(min=TINY).div_(LARGEST)
        whole = torch.round(weight / self._scales[:, None]).to(torch.int8)
        self._packed = torch.ops.onednn.qlinear_prepack(whole, None)
        self._zeros = torch.zeros(len(weight), dtype=torch.long)
        self._bias = None if bias is None else bias.detach().float()

    def __call__(self, values: Any, spend: bool = False) -> Any:
        """Return the product; NaN in gives NaN out, in the same token.

        ``spend`` lets the values be overwritten, which saves a pass through memory.
        """
        import torch

        rows = values.reshape(-1, values.shape[-1])
        scales = torch.maximum(rows.amax(1, keepdim=True), rows.amin(1, keepdim=True).neg_())
        scales = scales.clamp_(min=TINY).div_(LARGEST)
        out = torch.ops.onednn.qlinear_pointwise(
            _whole(rows, scales, spend), 1.0, ZERO, self._packed, self._scales, self._zeros,
            None, 1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        out.mul_(scales)
        if self._bias is not None:
            out.add_(self._bias)
        return out.view(*values.shape[:-1], -1)


def _whole(rows: Any, scales: Any, spend: bool) -> Any:
    """Return the rows in unsigned 8-bit steps around `ZERO`."""
    import torch

    found = rows.mul_(scales.reciprocal()) if spend else rows.mul(scales.reciprocal())
    # To signed ones and over: torch converts to unsigned ones four times as slowly.
    return found.round_().to(torch.int8).view(torch.uint8).bitwise_xor_(ZERO)


def multiply_in_int8(model: Any) -> None:
    """Replace the product of every linear layer of ``model``, in place, and drop its weights."""
    import torch

    for part in model.modules():
        if type(part) is torch.nn.Linear:
            part.forward = Int8Layer(part.weight, part.bias)  # type: ignore[assignment, method-assign]
            part.weight.data = part.weight.data.new_empty(0)


def is_faithful(before: NDArray[np.float32], after: NDArray[np.float32]) -> bool:
    """Tell whether unit rows (n, d) made in int8 point where the float32 ones do; NaN does not."""
    return bool((before * after).sum(axis=1).min() >= LOWEST_COSINE)

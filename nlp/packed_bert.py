"""Lets a BERT-like sentence model run in 8-bit integers on texts of different lengths laid end to
end: no padding is computed, and each step is one of the processor's own kernels.

What is not recognised as such a model is left to `nlp.int8`, layer by layer.
"""

from itertools import groupby
from typing import Any

from nlp.int8 import Int8Layer

# Of one layer: what transformers' BERT, RoBERTa, XLM-R and CamemBERT call its parts.
PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "attention.output.LayerNorm", "intermediate.dense", "intermediate.intermediate_act_fn",
    "output.dense", "output.LayerNorm",
)  # fmt: skip
KINDS = ("bert", "roberta", "xlm-roberta", "camembert")  # the residual stands before each norm


class PackedLayer:
    """One layer of the encoder: (tokens, hidden) float32 to the same."""

    def __init__(self, layer: Any) -> None:
        import torch

        query, key, value, out, norm, wide, act, narrow, last = map(layer.get_submodule, PARTS)
        three = (query, key, value)  # read the same rows: one product
        weight, bias = (torch.cat([getattr(x, kind) for x in three]) for kind in ("weight", "bias"))
        self._joined = Int8Layer(weight, bias)
        self._out, self._wide, self._narrow = (
            Int8Layer(each.weight, each.bias) for each in (out, wide, narrow)
        )
        self._act, self._norm, self._last = act, norm, last
        self._heads = layer.attention.self.num_attention_heads

    def __call__(self, rows: Any, runs: list[tuple[int, int]]) -> Any:
        """Return the layer's output; ``runs`` holds (texts, tokens of each), in order."""
        met = self._attend(self._joined(rows), runs)
        rows = self._norm(self._out(met, spend=True).add_(rows))
        return self._last(self._narrow(self._act(self._wide(rows)), spend=True).add_(rows))

    def _attend(self, joined: Any, runs: list[tuple[int, int]]) -> Any:
        """Return (tokens, hidden): each text attends to itself alone."""
        import torch

        met = joined.new_empty(len(joined), joined.shape[1] // 3)
        start = 0
        for texts, tokens in runs:
            stop = start + texts * tokens
            parts = joined[start:stop].view(texts, tokens, 3, self._heads, -1)
            query, key, value = parts.permute(2, 0, 3, 1, 4)
            found = torch.nn.functional.scaled_dot_product_attention(query, key, value)
            met[start:stop].view(texts, tokens, self._heads, -1).copy_(found.transpose(1, 2))
            start = stop
        return met


class PackedBert:
    """Stands for the forward pass of the library's Transformer module."""

    def __init__(self, model: Any) -> None:
        self._embed = model.embeddings
        self._layers = [PackedLayer(each) for each in model.encoder.layer]

    def __call__(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add ``token_embeddings`` (texts, tokens, hidden), zero where the mask is.

        The mask's ones stand at the left.
        """
        import torch

        ids, counts = features["input_ids"], features["attention_mask"].sum(1)
        order = counts.argsort(stable=True)
        runs, packed, start = [], [], 0
        for tokens, group in groupby(counts[order].tolist()):
            texts = len(list(group))
            rows = self._embed(input_ids=ids[order[start : start + texts], :tokens])
            packed.append(rows.reshape(texts * tokens, -1))
            runs.append((texts, tokens))
            start += texts
        rows = torch.cat(packed)
        for layer in self._layers:
            rows = layer(rows, runs)
        features["token_embeddings"] = _unpack(rows, runs, order, ids.shape)
        return features


def _unpack(rows: Any, runs: list[tuple[int, int]], order: Any, shape: Any) -> Any:
    """Return (texts, tokens, hidden) in the order that the texts came in, zero elsewhere."""
    found = rows.new_zeros(*shape, rows.shape[1])
    first = place = 0
    for texts, tokens in runs:
        some = rows[first : first + texts * tokens].view(texts, tokens, -1)
        found[order[place : place + texts], :tokens] = some
        first, place = first + texts * tokens, place + texts
    return found


def join(ids: list[Any]) -> dict[str, Any]:
    """Return what a packed model reads, from each text's ids of tokens."""
    import torch

    counts = torch.tensor([len(each) for each in ids])
    padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
    mask = torch.arange(padded.shape[1]) < counts[:, None]
    return {"input_ids": padded, "attention_mask": mask.long()}


def is_packable(model: Any) -> bool:
    """Tell whether ``model``, of sentence-transformers, reads texts with a BERT-like encoder."""
    first = next(iter(model.children()), None)
    inner = getattr(first, "auto_model", None)
    config = getattr(inner, "config", None)
    if getattr(config, "model_type", None) not in KINDS or getattr(config, "is_decoder", False):
        return False
    if getattr(config, "position_embedding_type", "absolute") != "absolute":
        return False
    return getattr(getattr(first, "tokenizer", None), "padding_side", None) == "right"


def pack(model: Any) -> None:
    """Replace the encoder of ``model`` in place, and drop the weights that it no longer needs."""
    import torch

    first = next(iter(model.children()))
    first.forward = PackedBert(first.auto_model)
    for part in first.auto_model.encoder.modules():
        if type(part) is torch.nn.Linear:
            part.weight.data = part.weight.data.new_empty(0)


def is_packed(model: Any) -> bool:
    """Tell whether `pack` was called with ``model``: padding then changes no vector."""
    first = next(iter(model.children()), None)
    return isinstance(getattr(first, "forward", None), PackedBert)

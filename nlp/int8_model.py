"""Computes a sentence model in 8-bit integers by CTranslate2, from a folder that
`nlp.int8_folder` made.

Weights have one scale an output, activations one a token (Dettmers et al., "LLM.int8()", 2022). One
scale a token, not a batch: a text's vector does not depend on what it was encoded beside.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.batches import threads
from nlp.int8_folder import INT8
from nlp.vectors import readable

READ_AT_ONCE = 1_024  # texts cut into tokens together; what the tokenizer tells of one is large
LAYERS = ("Transformer", "Pooling", "Normalize")  # the last adds nothing: all rows become unit rows
AVX512 = ("avx512_f", "avx512_bw", "avx512_cd", "avx512_dq", "avx512_vl")


class Int8Model:
    """A `nlp.batches.Model`; cuts texts as ``plain``, of sentence-transformers, does."""

    def __init__(self, folder: Path, plain: Any, prompt: str) -> None:
        import ctranslate2

        first = next(iter(plain.children()))
        self.dimension = int(plain.get_embedding_dimension())
        self._prompt = prompt
        self._tokenizer = first.tokenizer.backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(first.max_seq_length)
        self._encoder: Any = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type=INT8, inter_threads=threads(), intra_threads=1
        )

    def begin_thread(self) -> None:
        """Do nothing: the library's own threads compute."""

    def read(self, texts: Sequence[str]) -> tuple[list[int], list[NDArray[np.int32]]]:
        """Return each text's count of tokens, and their ids."""
        ids: list[NDArray[np.int32]] = []
        for start in range(0, len(texts), READ_AT_ONCE):
            some = [self._prompt + readable(each) for each in texts[start : start + READ_AT_ONCE]]
            found = self._tokenizer.encode_batch_fast(some)
            ids += [np.array(each.ids, dtype=np.int32) for each in found]
        return [len(each) for each in ids], ids

    def compute(self, batch: list[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Return (n, dimension) rows: the mean over the tokens, as many in each text."""
        found = self._encoder.forward_batch([each.tolist() for each in batch])
        return np.asarray(np.asarray(found.last_hidden_state).mean(axis=1), dtype=np.float32)


def reason_against(plain: Any) -> str | None:
    """Return why the rows of ``plain``, of sentence-transformers, cannot be computed here."""
    layers = list(plain.children())
    names = tuple(type(each).__name__ for each in layers)
    if names not in (LAYERS, LAYERS[:2]):
        return f"it is made of {', '.join(names)}"
    if layers[1].pooling_mode != "mean" or not layers[1].include_prompt:
        return "its vector is not the mean of its tokens"
    if not all(each.detach().sum().isfinite() for each in plain.parameters()):
        return "some of its weights are no numbers"  # whole ones would hide that
    return None


def ask_for_avx512(abilities: Mapping[str, Any]) -> None:
    """Let CTranslate2, not yet imported, use AVX-512 where the processor has it: unasked, it stops
    at AVX2. What the operator chose stays."""
    if all(abilities.get(each) for each in AVX512):
        os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")

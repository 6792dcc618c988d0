"""Any sentence-transformers model, computed by torch as the library itself does."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.vectors import readable

READ_AT_ONCE = 256  # texts whose tokens are counted together


class TorchModel:
    """A `nlp.batches.Model` in float32 or bfloat16, as the library's model was loaded."""

    def __init__(self, model: Any, prompt: str) -> None:
        self.dimension = int(model.get_embedding_dimension())
        self._model = model.eval()
        self._prompt = prompt or None
        self._tokenizing = Lock()  # the tokenizer is not made for several threads

    def begin_thread(self) -> None:
        """Give one thread to each operation."""
        import torch

        torch.set_num_threads(1)

    def read(self, texts: Sequence[str]) -> tuple[list[int], list[str]]:
        """Return each text's count of tokens, of characters where the model hides it, and the text.

        Each batch is read again when it is computed, the library's way.
        """
        counts = [0] * len(texts)
        rows = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(rows), READ_AT_ONCE):
            some = rows[start : start + READ_AT_ONCE]
            mask = self._tokens([texts[row] for row in some]).get("attention_mask")
            found = [len(texts[row]) for row in some] if mask is None else mask.sum(1).tolist()
            for row, count in zip(some, found, strict=True):
                counts[row] = count
        return counts, list(texts)

    def compute(self, batch: list[str]) -> NDArray[np.float32]:
        """Return (n, dimension) rows."""
        import torch

        features = self._tokens(batch)
        with torch.inference_mode():
            raw = self._model(features)["sentence_embedding"]
        return np.asarray(raw.float().numpy(), dtype=np.float32)

    def _tokens(self, texts: list[str]) -> Any:
        """Return the library's tensors of tokens."""
        with self._tokenizing:
            return self._model.preprocess([readable(each) for each in texts], prompt=self._prompt)

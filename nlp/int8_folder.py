"""Converts a sentence model's folder into the 8-bit folder that CTranslate2 reads, once: beside the
models of the instance, under a name that tells what it was made of."""

import json
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from nlp.model_folders import Source, hash_model

INT8 = "int8"


def int8_revision() -> str:
    """Return what enters the model's hash: another release may round otherwise.

    Raises ImportError where CTranslate2 is not installed.
    """
    return f"{INT8}, ctranslate2 {version('ctranslate2')}"


def int8_folder(source: Source) -> Path:
    """Return where the converted model belongs; another source or release has another place."""
    digest = hash_model(source.path, int8_revision(), source.prompt)
    return source.kept / f"{_stem(source)}{digest}"


def build_int8(source: Source, folder: Path) -> None:
    """Convert ``source`` into ``folder`` unless it stands there, and remove what it replaces.

    Written beside and renamed, so that a process killed half-way or two that start together leave
    one whole folder. Raises whatever the converter does for a model that it does not know.
    """
    if folder.is_dir():
        return
    source.kept.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=source.kept))
    try:
        _convert(_with_settings(source.path, draft / "source"), draft / "converted")
        _move(draft / "converted", folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for older in set(source.kept.glob(f"{_stem(source)}*")) - {folder}:
        shutil.rmtree(older, ignore_errors=True)


def _stem(source: Source) -> str:
    return f"{source.name.replace('/', '--')}-{INT8}-"


def _move(draft: Path, folder: Path) -> None:
    try:
        os.replace(draft, folder)
    except OSError:
        # Another process was faster: its folder says the same.
        if not folder.is_dir():
            raise


def _with_settings(path: Path, folder: Path) -> Path:
    """Return ``folder`` with links to the files of ``path``, and settings the converter can read.

    It asks for a setting that transformers 5 no longer keeps, where that has its only value.
    """
    folder.mkdir()
    for each in path.iterdir():
        if each.name != "config.json":
            (folder / each.name).symlink_to(each.resolve())
    settings = json.loads((path / "config.json").read_text(encoding="utf-8"))
    settings.setdefault("position_embedding_type", "absolute")
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def _convert(source: Path, folder: Path) -> None:
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(source)).convert(str(folder), quantization=INT8)

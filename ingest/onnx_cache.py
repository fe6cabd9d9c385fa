"""Exported graphs, kept from run to run: one for the weights of each model, beside other caches of this user.

<cache>/needle/models/<sha256 of the weights>/
├── export.json         how to run it, what it was made from and by, sha256 of every other file
├── model.onnx          the graph, optimised
├── model.weights       its weights, memory-mapped
└── tokenizer.json

It belongs to the model, not to an index: indexes share it, and one that is lost or stale is made anew.
"""

import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock
from pydantic import TypeAdapter

from ingest.caches import user_cache
from ingest.durable import sync_path
from ingest.encoder import Encoder, EncoderInfo
from ingest.errors import first_line
from ingest.onnx_encoder import OnnxEncoder
from ingest.reference_encoder import SentenceTransformersEncoder
from ingest.weights import sha256_of

logger = logging.getLogger(__name__)

# Changes with the code that exports: graphs of another version are made anew.
_FORMAT = 1
# Passages that a new graph is checked on a sample of.
_SAMPLE = 500
_DESCRIPTION = "export.json"
_PENDING = ".export-"


@dataclass(frozen=True, slots=True)
class Export:
    """What a cached graph says of itself.

    runtime: version of ONNX Runtime that optimised it; another may not have the same operators.
    configuration: sha256 of the model's configuration files, which say how to pool and to cut into pieces.
    window: most word pieces of a text. padding: number of that word piece. files: sha256 by name.
    """

    format: int
    runtime: str
    configuration: str
    dimension: int
    window: int
    padding: int
    files: dict[str, str]


_EXPORT = TypeAdapter(Export)


class _Unusable(Exception):
    """The graph in the cache is missing, stale or damaged."""


def cache_folder() -> Path:
    """Where graphs are kept."""
    return user_cache() / "models"


def open_cached(name: str, model: Path, sha256: str) -> OnnxEncoder | None:
    """The graph of the model in folder `model`, whose weights have this hash; None if it is of no use.

    The log says why.
    """
    if not (cache_folder() / sha256).is_dir():
        logger.info("%s has no exported graph yet; it is loaded with torch", name)
        return None
    try:
        return _open(name, model, sha256)
    except _Unusable as exc:
        logger.warning("%s; %s is loaded with torch", exc, name)
        return None


def exported(encoder: Encoder, corpus: Iterable[str]) -> Encoder:
    """`encoder` as a graph in the cache, checked on `corpus`; itself if it is one or cannot become one.

    corpus: texts that are searched; looked at only if there is no graph yet. The log says why it cannot.
    """
    if not isinstance(encoder, SentenceTransformersEncoder):
        return encoder
    info, cache = encoder.info, cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / ".lock"):
            # Another process may have been quicker.
            with suppress(_Unusable):
                return _open(info.name, encoder.folder, info.sha256)
            return _export(encoder, list(islice(corpus, _SAMPLE)), cache / info.sha256)
    except Exception as exc:  # whatever keeps a model from being traced or kept, it can be run as it is
        logger.warning("%s stays with torch, since it cannot be exported (%s)", info.name, first_line(exc))
        return encoder


def _export(encoder: SentenceTransformersEncoder, corpus: Sequence[str], folder: Path) -> OnnxEncoder:
    # Only here: it takes time to import, and torch with it.
    from ingest.onnx_export import check, write_graph

    for left in folder.parent.glob(f"{_PENDING}*"):  # by a process that was killed; the lock is ours
        shutil.rmtree(left, ignore_errors=True)
    pending = Path(mkdtemp(prefix=_PENDING, dir=folder.parent))
    pending.chmod(0o755)  # whoever serves need not be who ingested
    try:
        write_graph(encoder, pending)
        export = Export(
            format=_FORMAT,
            runtime=version("onnxruntime"),
            configuration=_configuration(encoder.folder),
            dimension=encoder.info.dimension,
            window=int(encoder.model.max_seq_length or 0),
            padding=encoder.model.tokenizer.pad_token_id,
            files={path.name: sha256_of([path]) for path in sorted(pending.iterdir())},
        )
        graph = _encoder(encoder.info, pending, export)
        check(encoder, graph, corpus)
        (pending / _DESCRIPTION).write_text(json.dumps(asdict(export), indent=1), encoding="utf-8")
        for path in (*pending.iterdir(), pending):
            sync_path(path)
        shutil.rmtree(folder, ignore_errors=True)
        pending.rename(folder)
        sync_path(folder.parent)
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    logger.info("exported %s to %s", encoder.info.name, folder)
    return graph


def _open(name: str, model: Path, sha256: str) -> OnnxEncoder:
    """Raises _Unusable."""
    folder = cache_folder() / sha256
    try:
        export = _EXPORT.validate_json((folder / _DESCRIPTION).read_bytes())
        made = export.format, export.runtime, export.configuration
        if made != (_FORMAT, version("onnxruntime"), _configuration(model)):
            raise _Unusable(f"the exported graph in {folder} is of another version or configuration")
        for file, expected in export.files.items():
            if sha256_of([folder / file]) != expected:
                raise _Unusable(f"{folder / file} has changed since it was written")
        return _encoder(EncoderInfo(name, sha256, export.dimension), folder, export)
    except _Unusable:
        raise
    except Exception as exc:  # ONNX Runtime and tokenizers have errors of their own
        raise _Unusable(f"the exported graph in {folder} cannot be opened ({first_line(exc)})") from exc


def _encoder(info: EncoderInfo, folder: Path, export: Export) -> OnnxEncoder:
    return OnnxEncoder(info, folder, window=export.window, padding=export.padding)


def _configuration(model: Path) -> str:
    return sha256_of([*model.rglob("*.json"), *model.rglob("*.txt")])

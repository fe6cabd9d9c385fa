"""The embedding model as sentence-transformers runs it on torch: any of its models, and the reference."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

import numpy as np

from ingest.encoder import DEFAULT, Encoded, EncoderInfo, Float32
from ingest.errors import EncoderError, first_line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

# Batches of 8 texts of like length waste the least on padding (measured; 32 is slower on a laptop).
_BATCH = 8


class SentenceTransformersEncoder:
    """Any model that sentence-transformers loads from a folder, on the CPU.

    folder: it was loaded from. model: as sentence-transformers has it.
    """

    def __init__(self, info: EncoderInfo, folder: Path, model: "SentenceTransformer") -> None:
        self.folder = folder
        self.model = model
        self._info = info
        self._lock = Lock()
        self._vocabulary: dict[str, int] = model.tokenizer.get_vocab()

    @property
    def info(self) -> EncoderInfo:
        return self._info

    def is_word(self, word: str) -> bool:
        return word in self._vocabulary

    def encode(self, texts: Sequence[str]) -> Encoded:
        if not texts:
            return Encoded(np.zeros((0, self._info.dimension), np.float32), [], [], [])
        # Each call sets the tokenizer anew, which fails while another thread cuts a text with it.
        with self._lock:
            return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Encoded:
        features = self.model.encode(
            list(texts), output_value=None, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=False
        )
        outputs: list[dict[str, Tensor]] = cast("list[dict[str, Tensor]]", features)
        pieces = self.model.tokenizer(
            list(texts),
            truncation=True,
            max_length=self.model.max_seq_length,
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


def load_reference(name: str, folder: Path, sha256: str) -> SentenceTransformersEncoder:
    """Load the model in `folder`, called `name`, whose weights have this hash; it takes seconds.

    Raises EncoderError if sentence-transformers cannot load it.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    try:
        disable_progress_bar()  # type: ignore[no-untyped-call]
        model = SentenceTransformer(str(folder), device="cpu")
    except (OSError, ValueError, SafetensorError) as exc:
        reason = first_line(exc)
        raise EncoderError(
            f"the embedding model {name!r} cannot be loaded ({reason}); install it, or set NEEDLE_ENCODER to "
            f"a sentence-transformers folder or to {DEFAULT}"
        ) from exc
    dimension = model.get_embedding_dimension()
    assert dimension is not None
    return SentenceTransformersEncoder(EncoderInfo(name, sha256, dimension), folder, model)


def _array(tensor: "Tensor") -> Float32:
    return np.asarray(tensor.cpu().numpy(), np.float32)


def _normalised(rows: Float32) -> Float32:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)

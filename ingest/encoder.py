"""The embedding model behind one small interface: sentence and token vectors from one forward pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]

DEFAULT = "all-MiniLM-L6-v2"


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
    """Turns texts into vectors; safe to use from several threads at once.

    The same text always gives the same vectors; whatever is encoded beside it, to within 1e-5 a component.
    """

    @property
    def info(self) -> EncoderInfo:
        """Which model this is."""

    def is_word(self, word: str) -> bool:
        """Whether the model's vocabulary holds this word whole: English as the model learnt it."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode `texts` in order; what exceeds the model's window (256 word pieces) is cut off."""


def load_encoder(name: str = DEFAULT) -> Encoder:
    """Load the embedded default model, or any other by its folder or its name in the local model cache.

    Takes a tenth of a second where its exported graph is cached (`ingest.onnx_cache`); else seconds, since
    torch is imported. Raises EncoderError if the model is not there or not the one expected.
    """
    # What each way needs is imported on that way only.
    from ingest import onnx_cache, weights

    folder = weights.model_folder(name)
    sha256 = weights.checked_sha256(name, folder)
    graph = onnx_cache.open_cached(name, folder, sha256)
    if graph:
        return graph
    from ingest.reference_encoder import load_reference

    return load_reference(name, folder, sha256)

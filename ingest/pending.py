"""Vectors that were encoded and are in no generation yet: they spare a run that goes on after a killed one.

They lie in the index's folder in batches, each a file that is there whole or not at all, and go when the
generation that holds them has become current. Components are kept as float16, whose rounding (2^-12 of a
component) is far below a step of the int8 of `ingest.tokens`.
"""

import os
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.bounds import bounds_of
from ingest.durable import sync_path
from ingest.encoder import EncoderInfo, Float32, Int32
from ingest.index import PENDING
from ingest.tokens import Int64, PassageTokens

# Batches that are held in memory while passages are gathered from them in order, some 40 MB each.
_HELD = 4


@dataclass(frozen=True, slots=True)
class Embedded:
    """A passage's vectors.

    vector: (d,) float32, L2-normalised.
    """

    vector: Float32
    tokens: PassageTokens


@dataclass(frozen=True, slots=True)
class _Batch:
    """The vectors of m passages with t word pieces and s sentences, bounds as in `TokenStore`."""

    vectors: Float32
    tokens: NDArray[np.float16]
    ids: Int32
    offsets: Int64
    sentences: Int32
    sentence_offsets: Int64

    def passage(self, row: int) -> Embedded:
        pieces = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        sentences = self.sentences[int(self.sentence_offsets[row]) : int(self.sentence_offsets[row + 1])]
        tokens = PassageTokens(self.tokens[pieces].astype(np.float32), self.ids[pieces], sentences)
        return Embedded(self.vectors[row], tokens)


class Pending:
    """The embedded passages of one index and one model, by `ingest.embedding.key`.

    largest: the largest component of any token vector, by its absolute value.
    """

    def __init__(self, index: Path, encoder: EncoderInfo) -> None:
        self._root = index / PENDING
        self._folder = self._root / f"{encoder.sha256[:16]}-{encoder.dimension}"
        self._places: dict[bytes, tuple[int, int]] = {}
        self._batches: list[Path] = []
        self._batch = lru_cache(maxsize=_HELD)(self._load)
        self.largest = 0.0
        for other in self._root.glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        for unfinished in self._folder.glob("*.new"):
            unfinished.unlink()
        for path in sorted(self._folder.iterdir()):
            self._take_up(path)

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def get(self, key: bytes) -> Embedded:
        """The vectors of a passage. Raises KeyError if it was not embedded."""
        batch, row = self._places[key]
        return self._batch(batch).passage(row)

    def add(self, keys: Sequence[bytes], embedded: Sequence[Embedded]) -> None:
        """Keep a batch of passages, as safely as the disk can."""
        tokens = [one.tokens for one in embedded]
        largest = max((float(np.abs(t.vectors).max(initial=0)) for t in tokens), default=0.0)
        path = self._folder / f"{len(self._batches):06d}-{os.getpid()}.npz"
        unfinished = path.with_suffix(".new")
        with unfinished.open("wb") as file:
            np.savez(
                file,
                keys=np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1),
                largest=np.float64(largest),
                vectors=np.stack([one.vector for one in embedded]),
                tokens=np.concatenate([t.vectors for t in tokens]).astype(np.float16),
                ids=np.concatenate([t.ids for t in tokens]),
                offsets=bounds_of([len(t.ids) for t in tokens]),
                sentences=np.concatenate([t.sentences for t in tokens]),
                sentence_offsets=bounds_of([len(t.sentences) for t in tokens]),
            )
        sync_path(unfinished)
        unfinished.replace(path)
        self._note(path, keys, largest)

    def discard(self) -> None:
        """Forget everything, on the disk too."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _take_up(self, path: Path) -> None:
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                self._note(path, [row.tobytes() for row in arrays["keys"]], float(arrays["largest"]))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            path.unlink()  # the disk did not keep its word

    def _note(self, path: Path, keys: Sequence[bytes], largest: float) -> None:
        for row, key in enumerate(keys):
            self._places[key] = len(self._batches), row
        self._batches.append(path)
        self.largest = max(self.largest, largest)

    def _load(self, number: int) -> _Batch:
        with np.load(self._batches[number]) as arrays:
            return _Batch(**{name: arrays[name] for name in _Batch.__dataclass_fields__})

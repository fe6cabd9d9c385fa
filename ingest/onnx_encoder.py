"""The embedding model as an exported graph in ONNX Runtime: no torch, a third of the time and memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Encoded, EncoderInfo, Float32, Int32

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
# Batches of 8 texts of like length waste the least on padding (measured; 32 is slower on a laptop).
_BATCH = 8
# Word pieces of a batch, padding included; a pass takes about 50 kB for each, and the memory stays taken.
_BATCH_PIECES = 1024


class OnnxEncoder:
    """An exported graph (`ingest.onnx_export`) with its tokenizer, on one thread a call."""

    def __init__(self, info: EncoderInfo, folder: Path, *, window: int, padding: int) -> None:
        """folder: with the graph and the tokenizer. window: in word pieces. padding: number of that piece."""
        from tokenizers import Tokenizer

        self._info = info
        self._padding = padding
        self._session = open_session(folder / GRAPH)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(window)
        self._tokenizer.no_padding()

    @property
    def info(self) -> EncoderInfo:
        return self._info

    def is_word(self, word: str) -> bool:
        return self._tokenizer.token_to_id(word) is not None

    def encode(self, texts: Sequence[str]) -> Encoded:
        # One by one: a question has no use for the tokenizer's own threads.
        pieces = [self._tokenizer.encode(text) for text in texts]
        vectors = np.zeros((len(texts), self._info.dimension), np.float32)
        tokens: dict[int, Float32] = {}
        for batch in _batches([len(each.ids) for each in pieces]):
            sentences, rows = self._pass([pieces[n] for n in batch])
            vectors[batch] = sentences
            for place, n in enumerate(batch):
                tokens[n] = rows[place, np.flatnonzero(_own(pieces[n]))]
        return Encoded(
            vectors,
            [tokens[n] for n in range(len(texts))],
            [np.asarray(each.ids, np.int32)[_own(each)] for each in pieces],
            [_starts(each)[_own(each)] for each in pieces],
        )

    def _pass(self, pieces: "Sequence[Encoding]") -> tuple[Float32, Float32]:
        """The (n, d) sentence vectors and the (n, t, d) vectors of all word pieces, special ones as well."""
        shape = len(pieces), max(len(each.ids) for each in pieces)
        feed = {
            "input_ids": np.full(shape, self._padding, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.zeros(shape, np.int64),
        }
        for n, each in enumerate(pieces):
            feed["input_ids"][n, : len(each.ids)] = each.ids
            feed["attention_mask"][n, : len(each.ids)] = 1
        sentences, rows = self._session.run(None, {name: feed[name] for name in self._inputs})
        return np.asarray(sentences), np.asarray(rows)


def open_session(graph: Path | bytes, optimised: Path | None = None) -> "InferenceSession":
    """A session on one thread that never spins; parallel work is for several calls at once.

    graph: its file, or its content.
    optimised: where to write the graph as it was optimised. Without, the graph is run as it is, since only
    such a graph is kept; to optimise it at each start would take 0.15 s and 70 MB.
    """
    import onnxruntime

    # Since 1.31 it keeps events in ~/.cache/Microsoft, to be sent: nothing is to leave this machine.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_DISABLE_ALL
    if optimised:
        # The level above fits the graph to this very processor, and a cache may be used on another.
        options.graph_optimization_level = levels.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(optimised)
        # Weights in a file of their own are memory-mapped.
        options.add_session_config_entry(
            "session.optimized_model_external_initializers_file_name", f"{optimised.stem}.weights"
        )
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The texts' places, batch by batch, texts of like length together."""
    batch: list[int] = []
    for n in sorted(range(len(lengths)), key=lengths.__getitem__):
        if len(batch) == _BATCH or (batch and (len(batch) + 1) * lengths[n] > _BATCH_PIECES):
            yield batch
            batch = []
        batch.append(n)
    if batch:
        yield batch


def _own(pieces: "Encoding") -> NDArray[np.bool_]:
    """(t,) bool: which word pieces are the text's own, none of the model's special ones."""
    return ~np.asarray(pieces.special_tokens_mask, np.bool_)


def _starts(pieces: "Encoding") -> Int32:
    return np.asarray([start for start, _ in pieces.offsets], np.int32)

"""Questions that have to wait for the encoder are encoded together; one that need not wait goes alone.

There is no clock in it. As many passes run at once as there are processors; whatever comes meanwhile waits,
and what waits when a pass ends is the next one.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Lock

import numpy as np

from ingest.encoder import Encoded, Encoder, EncoderInfo

# Texts of one pass. More save nothing, and the first would wait for all of them.
_MOST = 4


@dataclass(eq=False, slots=True)
class _Waiting:
    """A call that waits for another's pass to bring its vectors, or for its turn to encode a batch."""

    texts: Sequence[str]
    woken: Event = field(default_factory=Event)
    batch: list["_Waiting"] | None = None
    encoded: Encoded | None = None
    failure: Exception | None = None


class BatchingEncoder:
    """The encoder given, for many threads at once."""

    def __init__(self, encoder: Encoder, passes: int) -> None:
        """passes: how many run at once."""
        self._encoder = encoder
        self._passes = passes
        self._running = 0
        self._waiting: deque[_Waiting] = deque()
        self._lock = Lock()

    @property
    def info(self) -> EncoderInfo:
        return self._encoder.info

    def is_word(self, word: str) -> bool:
        return self._encoder.is_word(word)

    def encode(self, texts: Sequence[str]) -> Encoded:
        mine = _Waiting(texts)
        with self._lock:
            if self._running < self._passes:
                self._running += 1
                mine.batch = [mine]
            else:
                self._waiting.append(mine)
        if mine.batch is None:
            mine.woken.wait()
        if mine.batch is not None:
            self._encode(mine.batch)
        if mine.failure:
            raise mine.failure
        assert mine.encoded is not None
        return mine.encoded

    def _encode(self, batch: Sequence[_Waiting]) -> None:
        try:
            encoded = self._encoder.encode([text for each in batch for text in each.texts])
            first = 0
            for each in batch:
                each.encoded = _part(encoded, first, first + len(each.texts))
                first += len(each.texts)
        except Exception as exc:
            for each in batch:
                each.failure = exc
        finally:
            self._pass_on()
            for each in batch:
                each.woken.set()

    def _pass_on(self) -> None:
        """Let the first that waits encode the next batch."""
        with self._lock:
            batch: list[_Waiting] = []
            while self._waiting and sum(len(each.texts) for each in batch) < _MOST:
                batch.append(self._waiting.popleft())
            if batch:
                batch[0].batch = batch
                batch[0].woken.set()
            else:
                self._running -= 1


def _part(encoded: Encoded, first: int, last: int) -> Encoded:
    return Encoded(
        np.ascontiguousarray(encoded.vectors[first:last]),
        encoded.tokens[first:last],
        encoded.token_ids[first:last],
        encoded.token_starts[first:last],
    )

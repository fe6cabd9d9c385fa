"""An encoder that encodes each question once for all systems, and a clock that lets each of them pay for it.

Eight systems ask the same questions, and most of a search is the encoder's. Encoding anew for each would
take a minute and show nothing new.
"""

import time
from collections.abc import Sequence

from ingest.encoder import Encoded, Encoder, EncoderInfo


class RememberingEncoder:
    """The encoder given, but a single text that comes again is not encoded again."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, tuple[Encoded, float]] = {}
        self._saved = 0.0

    @property
    def info(self) -> EncoderInfo:
        return self._encoder.info

    def is_word(self, word: str) -> bool:
        return self._encoder.is_word(word)

    def encode(self, texts: Sequence[str]) -> Encoded:
        if len(texts) != 1:
            return self._encoder.encode(texts)
        if texts[0] in self._known:
            encoded, seconds = self._known[texts[0]]
            self._saved += seconds
            return encoded
        started = time.perf_counter()
        encoded = self._encoder.encode(texts)
        self._known[texts[0]] = encoded, time.perf_counter() - started
        return encoded

    def clock(self) -> float:
        """Seconds, as if every text had been encoded anew in the time that it took at first."""
        return time.perf_counter() + self._saved

"""What else in the world people ask about: a question that is nearer to that is off the topic.

`elsewhere.txt` names the subjects of a library's shelves, then questions of all sorts. A question's likeness
to the documents is judged beside its likeness to the nearest of these, as a cohort of strangers is used where
speakers are verified (Auckenthaler, Carey & Lloyd-Thomas 2000).
"""

import hashlib
import io
import logging
from functools import cache
from pathlib import Path

import numpy as np

from ingest.caches import user_cache
from ingest.durable import prepared
from ingest.encoder import Encoder, EncoderInfo, Float32

logger = logging.getLogger(__name__)

_FILE = Path(__file__).with_name("elsewhere.txt")
_BATCH = 32


@cache
def texts() -> tuple[str, ...]:
    """The subjects and questions, in order."""
    return tuple(_FILE.read_text(encoding="utf-8").splitlines())


class Elsewhere:
    """The texts as one encoder has them: encoded once, and kept in this user's cache.

    4 ms a text, two seconds in all, are too long to wait for at each start.
    """

    def __init__(self, encoder: Encoder) -> None:
        path = _place(encoder.info)
        try:
            self._vectors = np.asarray(np.load(path), np.float32)
        except (OSError, ValueError, EOFError):
            self._vectors = _encoded(encoder)
            _keep(path, self._vectors)

    def nearest(self, vector: Float32, *, but: str = "") -> float:
        """The best cosine of a question, (d,) float32, L2-normalised, with any of the texts but this one."""
        cosines = self._vectors @ vector
        if but:
            cosines = cosines[[text != but for text in texts()]]
        return float(cosines.max(initial=-1.0))


def _encoded(encoder: Encoder) -> Float32:
    """(n, d) float32, L2-normalised rows, one a text."""
    found = np.zeros((len(texts()), encoder.info.dimension), np.float32)
    # Of like length in one batch, as padding costs as much as words do.
    order = sorted(range(len(found)), key=lambda n: len(texts()[n]))
    for first in range(0, len(order), _BATCH):
        batch = order[first : first + _BATCH]
        found[batch] = encoder.encode([texts()[n] for n in batch]).vectors
    return found


def _place(info: EncoderInfo) -> Path:
    known = hashlib.sha256(repr((info, texts())).encode())
    return user_cache() / "elsewhere" / f"{known.hexdigest()}.npy"


def _keep(path: Path, vectors: Float32) -> None:
    content = io.BytesIO()
    np.save(content, vectors)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        prepared(path, content.getvalue()).replace(path)
    except OSError as exc:
        logger.info("%s cannot be written (%s): it is made anew at each start", path, exc.strerror)

"""Building an index of generated passages, as `needle ingest` does once they are read and embedded."""

import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from eval.scale.generated import INFO, SCALE, Generated
from ingest import index as store
from ingest.approximate import Choice
from ingest.embedding import Report
from ingest.generation_writer import GenerationWriter
from ingest.pending import Embedded

_STEP = 1000  # passages between two reports

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Built:
    """What an index took to build of passages and vectors that were there.

    generating: seconds that making these up took, which are not in `seconds`.
    disk_mb: of the index. peak_mb: most resident memory of the process.
    """

    seconds: float
    generating: float
    disk_mb: float
    peak_mb: float


def build(folder: Path, size: int, choice: Choice, report: Report) -> Built:
    """Write an index of `size` generated passages into `folder`, in this process."""
    started, clock, generated = time.monotonic(), _Clock(), Generated(size)
    writer = GenerationWriter(folder, "generated")
    for place in range(generated.documents):
        with clock:
            document, passages = generated.document(place)
        writer.add(document, passages)
        report(f"{size:,}: records", place + 1, generated.documents)
    vectors = enumerate(clock.over(generated.embedded()), start=1)

    def embedded(_: bytes) -> Embedded:
        # The writer asks for each passage once, in order.
        done, one = next(vectors)
        if done % _STEP == 0 or done == size:
            report(f"{size:,}: vectors", done, size)
        return one

    writer.finish(INFO, "generated", embedded, SCALE, choice)
    store.switch_to(folder, writer.folder.name)
    return Built(
        time.monotonic() - started - clock.seconds,
        clock.seconds,
        store.size_of(writer.folder) / 1e6,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    )


class _Clock:
    """Adds up the seconds that a part of the work takes."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.seconds += time.monotonic() - self._started

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, while the clock runs."""
        remaining = iter(items)
        while True:
            with self:
                item = next(remaining, None)
            if item is None:
                return
            yield item

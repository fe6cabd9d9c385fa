"""Writing a generation to a Qdrant server: what is new of it, the end of what it has no more, the switch.

Until the switch the generation before answers as it did, whatever becomes of the writer; what a killed one
has left goes when the next one begins. After the switch the generation before stays, for those who still read
it; what only older ones hold goes, and their readers are told so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from qdrant_client import QdrantClient, models

from ingest.embedding import Report
from ingest.errors import IndexMissing, IndexNotWritten
from ingest.index import Generation
from ingest.qdrant_lease import Lease, writing_to
from ingest.qdrant_points import (
    Contents,
    Imprint,
    Sized,
    contents_of,
    document_points,
    make_collection,
    passage_points,
    table_points,
)
from ingest.qdrant_server import (
    OPEN,
    PREFIX,
    Place,
    collections,
    current_place,
    having,
    held_by,
    reaching,
    scrolled,
)

# Of a request; the server takes up to 32 MB.
_BYTES = 12_000_000
# Values of a filter.
_VALUES = 1000
# How far the mean length of passages may be from that of a collection's first generation before all is
# written anew: only which passages are the best fifty by BM25 depends on it, their scores do not.
_DRIFT = 0.1
_TABLES = ("words", "terms", "manifest")


def publish(generation: Generation, client: QdrantClient, report: Report) -> None:
    """Have the server hold a generation, and make it the current one.

    What was current before stays for those who read it; what is older goes. Of any number of writers one
    waits for the other and says so (`ingest.qdrant_lease.writing_to`); the last one to finish is current.
    Raises IndexUnreachable or IndexNotWritten; the current one then stays as it was.
    """
    with reaching():
        if _is_current(client, generation):
            return
        contents = contents_of(generation)
        with writing_to(client, report) as lease:
            _Publication(generation, contents, client, lease, report).run()


def _is_current(client: QdrantClient, generation: Generation) -> bool:
    try:
        place = current_place(client)
    except IndexMissing:
        return False
    return place.name == generation.name and _is_whole(client, place, _sizes(generation))


def _sizes(generation: Generation) -> dict[str, int]:
    return {
        "passage": len(generation.passages),
        "document": len(generation.documents),
        "manifest": 1,
    }


def _is_whole(client: QdrantClient, place: Place, sizes: dict[str, int]) -> bool:
    """Whether a generation has as many points of each part as it should."""
    return client.collection_exists(place.collection) and all(
        client.count(place.collection, held_by(place.number, having("part", part))).count == size
        for part, size in sizes.items()
    )


class _Publication:
    """One run, by who holds the lease."""

    def __init__(
        self, generation: Generation, contents: Contents, client: QdrantClient, lease: Lease, report: Report
    ) -> None:
        self._generation = generation
        self._contents = contents
        self._client = client
        self._lease = lease
        self._report = report
        self._before = lease.place
        number = self._before.number + 1 if self._before else 1
        self._place = Place(f"{PREFIX}{number}", number, generation.name)
        self._pivot = contents.mean

    def run(self) -> None:
        known = self._go_on()
        if known is None:
            make_collection(self._client, self._place.collection, self._generation.manifest.encoder.dimension)
        self._write(known or {})
        if not _is_whole(self._client, self._place, _sizes(self._generation)):
            raise IndexNotWritten(
                "the Qdrant server holds other points than were written; run `needle ingest` again"
            )
        self._lease.switch(self._place)
        self._collect()

    def _go_on(self) -> dict[str, Imprint] | None:
        """The documents of the generation before, if this one can go where that one is."""
        before = self._before
        if before is None or not self._client.collection_exists(before.collection):
            return None
        self._tidy(before)
        about = next(scrolled(self._client, before.collection, _part(before, "manifest")), None)
        if about is None or not self._fits(before, about):
            return None
        self._place, self._pivot = replace(self._place, collection=before.collection), about["pivot"]
        fields = ["document_id", *Imprint.__dataclass_fields__]
        there = scrolled(self._client, before.collection, _part(before, "document"), fields)
        return {found.pop("document_id"): Imprint(**found) for found in there}

    def _tidy(self, before: Place) -> None:
        """Undo what a writer has left that was stopped before it switched."""
        self._delete(before.collection, _since(before.number))
        self._end(before.collection, OPEN, _ended(before.number, OPEN))

    def _fits(self, before: Place, about: dict[str, Any]) -> bool:
        there, here = about["manifest"], self._generation.manifest
        same_model = (there["encoder"]["sha256"], there["encoder"]["dimension"]) == (
            here.encoder.sha256,
            here.encoder.dimension,
        )
        sizes = {
            "passage": sum(there["passages"].values()),
            "document": there["documents"],
        }
        return (
            there["format_version"] == here.format_version
            and same_model
            and abs(self._contents.mean / about["pivot"] - 1) <= _DRIFT
            and _is_whole(self._client, before, sizes)
        )

    def _write(self, known: dict[str, Imprint]) -> None:
        imprints = _placed(self._contents.imprints, known)
        documents = {name: one for name, one in imprints.items() if known.get(name) != one}
        passages = [
            name
            for name, one in documents.items()
            if name not in known or known[name].passages != one.passages
        ]
        gone = known.keys() - imprints.keys()
        number, pivot = self._place.number, self._pivot
        total = sum(sum(self._generation.heads[name].kinds.values()) for name in passages)
        self._upsert(document_points(self._generation, documents, number))
        self._upsert(table_points(self._generation, self._contents, pivot, number))
        self._upsert(passage_points(self._generation, frozenset(passages), pivot, number), total)
        if self._before and self._before.collection == self._place.collection:
            self._end_those("passage", "document_id", sorted({*passages, *gone}))
            self._end_those("document", "document_id", sorted({*documents, *gone}))
            self._end_those("", "part", _TABLES)

    def _upsert(self, points: Iterable[Sized], total: int = 0) -> None:
        """Send points. total: of passages, to be told of."""
        done = 0
        for batch in _batches(points):
            self._lease.beat()
            self._client.upsert(self._place.collection, batch, wait=True)
            done += len(batch)
            if total:
                self._report("publishing", done, total)

    def _end_those(self, part: str, field: str, values: Sequence[str]) -> None:
        """Date the end of the generation before's points of a part that have one of some values."""
        assert self._before
        for first in range(0, len(values), _VALUES):
            conditions = [having("part", part)] if part else []
            some = having(field, *values[first : first + _VALUES])
            wanted = held_by(self._before.number, some, *conditions)
            self._end(self._place.collection, self._place.number, wanted)

    def _end(self, collection: str, number: int, wanted: models.Filter) -> None:
        self._lease.beat()
        self._client.set_payload(collection, {"until": number}, points=wanted, wait=True)

    def _delete(self, collection: str, wanted: models.Filter) -> None:
        self._lease.beat()
        self._client.delete(collection, models.FilterSelector(filter=wanted), wait=True)

    def _collect(self) -> None:
        """Remove what neither this generation nor the one before holds."""
        before, collection = self._before, self._place.collection
        if before and before.collection == collection:
            # First what a reader of it looks for, so that none takes what is left for a whole generation.
            gone = _ended(0, before.number + 1)
            self._delete(collection, models.Filter(must=[gone, having("part", "manifest")]))
            self._delete(collection, gone)
        for other in collections(self._client):
            if other != collection and not (before and other == before.collection):
                self._client.delete_collection(other)


def _placed(imprints: dict[str, Imprint], known: dict[str, Imprint]) -> dict[str, Imprint]:
    """Imprints with the places that the documents have already, as far as these are in order."""
    placed: dict[str, Imprint] = {}
    last = -1
    for name, one in imprints.items():
        last = max(last + 1, known[name].place if name in known else 0)
        placed[name] = replace(one, place=last)
    return placed


def _part(place: Place, part: str) -> models.Filter:
    return held_by(place.number, having("part", part))


def _since(number: int) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key="since", range=models.Range(gt=number))])


def _ended(after: int, before: int) -> models.Filter:
    """The points that end after one generation and before another."""
    return models.Filter(must=[models.FieldCondition(key="until", range=models.Range(gt=after, lt=before))])


def _batches(points: Iterable[Sized]) -> Iterator[list[models.PointStruct]]:
    batch: list[models.PointStruct] = []
    room = _BYTES
    for size, point in points:
        if batch and size > room:
            yield batch
            batch, room = [], _BYTES
        batch.append(point)
        room -= size
    if batch:
        yield batch

"""The index and the corpus that it was made of, and whether there is room for the next."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.build import with_rules
from ingest.checksums import check_files
from ingest.corpus import load_corpus
from ingest.errors import CorpusError, IndexUnusable
from ingest.index import size_of
from ingest.searchable import Searchable
from service.doctor.findings import Finding, of_error
from service.index_places import place_of
from service.settings import Settings

_INGEST = "run `needle ingest`; a running service picks it up"
# An ingestion writes a generation beside the current one and the one before.
_GENERATIONS = 3
# Of a small corpus, where there is no generation to measure.
_USUAL_BYTES = 20_000_000


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings about index, corpus and the room that they take."""
    generation, finding = _index(settings)
    yield finding
    yield _corpus(settings, generation)
    yield _disk(settings, generation)


def _index(settings: Settings) -> tuple[Searchable | None, Finding]:
    try:
        generation = place_of(settings).open()
        if settings.server() is None:
            # Opening leaves most of a large index unread.
            check_files(settings.working_folder() / generation.name, generation.manifest.files, whole=True)
    except IndexUnusable as exc:
        return None, of_error("index", exc)
    manifest = generation.manifest
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
    passages = sum(manifest.passages.values())
    checked = f"all {len(manifest.files)} checksums are right" if manifest.files else f"on {settings.index}"
    found = (
        f"generation {generation.name}, {_age(age.total_seconds())} old, {manifest.documents} documents, "
        f"{passages:,} passages; {checked}"
    )
    return generation, Finding("index", "ok", found)


def _corpus(settings: Settings, generation: Searchable | None) -> Finding:
    try:
        corpus = load_corpus(settings.corpus)
    except CorpusError as exc:
        # What is indexed can still be asked.
        return of_error("corpus", exc, "warning" if generation else "problem")
    count = len(corpus.documents)
    found = f"{count} document{'s' if count != 1 else ''} in {settings.corpus}, each with its sha256"
    if generation is None:
        return Finding("corpus", "ok", found)
    if generation.manifest.fingerprint != with_rules(corpus.fingerprint):
        return Finding("corpus", "warning", f"{found}; it or its reading changed since the index", _INGEST)
    return Finding("corpus", "ok", f"{found}; the index is up to date")


def _disk(settings: Settings, generation: Searchable | None) -> Finding:
    """Room and permission for another generation; neither is tried by writing."""
    working = settings.working_folder()
    wanted = working.absolute()
    folder = next(path for path in (wanted, *wanted.parents) if path.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        mend = "let the user of the service write there, if it is to ingest, or set NEEDLE_INDEX"
        return Finding("disk", "warning", f"{folder} cannot be written to", mend)
    one = (size_of(working / generation.name) if generation else 0) or _USUAL_BYTES
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:,.1f} GB free for {working}, where a generation takes {one / 1e6:,.0f} MB"
    if free < one:
        return Finding("disk", "problem", found, "free some space, or set NEEDLE_INDEX")
    if free < _GENERATIONS * one:
        return Finding("disk", "warning", found, "free some space before the next ingestion")
    return Finding("disk", "ok", found)


def _age(seconds: float) -> str:
    """ "3 days" for 260,000 seconds."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if (count := int(seconds // length)) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"

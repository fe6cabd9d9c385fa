"""The embedding model, and whether the index was built with it."""

from collections.abc import Iterator

from ingest.encoder import load_encoder
from ingest.errors import EncoderError, IndexUnusable
from service.doctor.findings import Finding, of_error
from service.index_places import place_of
from service.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """Whether the model loads, which checks the weights of the built-in one, and made the vectors."""
    try:
        encoder = load_encoder(settings.encoder)
    except EncoderError as exc:
        yield of_error("model", exc)
        return
    dimension = encoder.encode(["Is it there?"]).vectors.shape[1]
    loaded = encoder.info
    shown = f"{loaded.name}, sha256 {loaded.sha256[:12]}…"
    yield Finding("model", "ok", f"{shown}, loads and encodes into {dimension} dimensions")
    try:
        written = place_of(settings).manifest().encoder
    except IndexUnusable:
        return  # the check of the index says why
    if written.sha256 == loaded.sha256:
        yield Finding("model and index", "ok", "the index was built with this model")
        return
    found = f"the index was built with {written.name} (sha256 {written.sha256[:12]}…), set is {shown}"
    mend = f"set NEEDLE_ENCODER={written.name}, or run `needle ingest`"
    yield Finding("model and index", "problem", found, mend)

"""An index on a Qdrant server, from `needle ingest` to the service that picks up what is new."""

import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.encoder import DEFAULT
from ingest.errors import IndexMissing, IndexUnusable
from ingest.publishing import Server
from ingest.qdrant_writer import publish
from service.cli.ingest import build_index
from service.index_places import place_of
from service.live_index import LiveIndex
from service.qdrant_place import QdrantPlace
from service.settings import Settings
from tests.conftest import CORPUS
from tests.qdrant import empty_server

URL = "http://qdrant.example.org:6333"


def quiet(step, done, total):
    pass


def test_what_is_ingested_changed_and_removed_is_so_on_the_server(monkeypatch, tmp_path, reference):
    client = empty_server()
    reached = []
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: reference)
    monkeypatch.setattr(client, "close", lambda: None)
    monkeypatch.setattr(Server, "client", lambda server: reached.append(server) or client)
    settings = Settings(index=URL, qdrant_api_key="secret", corpus=tmp_path / "corpus")

    def opened() -> tuple[str, list[str]]:
        generation = place_of(settings).open()
        return generation.name, list(generation.documents)

    text = (CORPUS / "hmp-ai-in-interventional-oncology-year-in-review.txt").read_bytes()
    describe(settings.corpus, first=text[:3000])
    written = build_index(settings)
    assert build_index(settings).unchanged
    assert opened() == (written.generation, ["first"])
    describe(settings.corpus, first=text[:3000], second=text[3000:4000])
    written = build_index(settings)
    assert opened() == (written.generation, ["first", "second"])
    describe(settings.corpus, second=text[3000:4000])
    written = build_index(settings)
    assert opened() == (written.generation, ["second"])
    assert {*reached} == {Server(URL, "secret")}


def describe(corpus: Path, **texts: bytes) -> None:
    """Have the corpus hold these documents, by id."""
    corpus.mkdir(exist_ok=True)
    tables = []
    for name, text in texts.items():
        (corpus / f"{name}.txt").write_bytes(text)
        tables.append(
            f'[[documents]]\nid = "{name}"\nfile = "{name}.txt"\ntitle = "The {name}"\n'
            f'sha256 = "{sha256(text).hexdigest()}"\n'
        )
    (corpus / "corpus.toml").write_text("\n".join(tables))


@pytest.mark.usefixtures("quick_encoder")
def test_a_service_picks_up_the_generation_that_is_current_on_the_server(generation):
    client = empty_server()
    live_index = LiveIndex(QdrantPlace(client), DEFAULT)
    live_index.refresh()
    with pytest.raises(IndexMissing, match="needle ingest"):
        live_index.current()
    small = replace(generation, passages=generation.passages[:2])
    for name in ("20260101T000000000000Z-a", "20260102T000000000000Z-b"):
        publish(replace(small, name=name), client, quiet)
        live_index.refresh()
        assert live_index.current().generation.name == name
    live_index.collect()
    assert live_index.current().retriever.search("What is TACE?").passages


def test_the_extra_is_asked_for_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "qdrant_client", None)
    for name in [name for name in sys.modules if name.startswith("ingest.qdrant_")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(IndexUnusable, match=r"pip install 'needle\[qdrant\]'"):
        place_of(Settings(index=URL))

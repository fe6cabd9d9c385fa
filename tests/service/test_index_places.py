"""An index on a Qdrant server, from `needle ingest` to the service that picks up what is new."""

import sys
from dataclasses import replace
from hashlib import sha256

import pytest
from qdrant_client import QdrantClient

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


def test_an_ingestion_ends_on_the_server_and_the_next_has_nothing_to_do(monkeypatch, tmp_path):
    clients = []

    def client(server: Server) -> QdrantClient:
        assert (server.url, server.key) == (URL, "secret")
        clients.append(QdrantClient(path=str(tmp_path / "server")))
        return clients[-1]

    monkeypatch.setattr(Server, "client", client)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = (CORPUS / "hmp-ai-in-interventional-oncology-year-in-review.txt").read_bytes()[:3000]
    (corpus / "small.txt").write_bytes(text)
    entry = {"id": "small", "file": "small.txt", "title": "Small", "sha256": sha256(text).hexdigest()}
    lines = "\n".join(f'{name} = "{value}"' for name, value in entry.items())
    (corpus / "corpus.toml").write_text(f"[[documents]]\n{lines}\n")
    settings = Settings(index=URL, qdrant_api_key="secret", corpus=corpus)
    written = build_index(settings)
    assert build_index(settings).unchanged
    opened = place_of(settings).open()
    clients[-1].close()
    assert (opened.name, list(opened.documents)) == (written.generation, ["small"])


@pytest.mark.usefixtures("quick_encoder")
def test_a_service_picks_up_the_generation_that_the_alias_leads_to(generation):
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

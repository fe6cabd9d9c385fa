import gc
import shutil
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ingest.encoder import DEFAULT
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing
from service.app import create_app
from service.live_index import LiveIndex
from service.settings import Settings

pytestmark = pytest.mark.usefixtures("quick_encoder")

ROUTES = ["/readyz", "/v1/documents", "/v1/documents/hmp", "/v1/documents/hmp/text", "/v1/passages/x"]


@pytest.fixture
def no_garbage_is_collected():
    """As in a service that is asked nothing."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def copied(index_folder, tmp_path):
    return shutil.copytree(index_folder, tmp_path / "index")


def test_without_an_index_every_route_says_so_but_liveness(running, tmp_path):
    with running(create_app(Settings(index=tmp_path / "index"))) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        responses = [client.get(route) for route in ROUTES]
        responses.append(client.post("/v1/search", json={"question": "Q"}))
    for response in responses:
        assert (response.status_code, response.json()["code"]) == (503, "index_missing")
        assert "needle ingest" in response.json()["detail"]


def test_an_index_that_is_written_later_is_picked_up(running, index_folder, tmp_path):
    with running(create_app(Settings(index=tmp_path / "index"))) as client:
        assert client.get("/readyz").status_code == 503
        shutil.copytree(index_folder, tmp_path / "index")
        wait_for(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/v1/search", json={"question": "What is TACE?"}).status_code == 200


def test_a_newer_generation_is_picked_up(running, copied):
    with running(create_app(Settings(index=copied))) as client:
        old = client.get("/readyz").json()["generation"]
        shutil.copytree(copied / old, copied / "newer")
        (copied / "CURRENT").write_text("newer\n")
        wait_for(lambda: client.get("/readyz").json()["generation"] == "newer")


def test_a_generation_that_only_broken_off_requests_hold_is_removed(copied, no_garbage_is_collected):
    live_index = LiveIndex(copied, DEFAULT)
    old = live_index.open().generation.name
    frames = [live_index.current()]
    frames.append(frames)  # as a frame holds the exception whose traceback holds the frame
    del frames
    shutil.copytree(copied / old, copied / "newer")
    (copied / "CURRENT").write_text("newer\n")
    live_index.refresh()
    live_index.collect()
    assert not (copied / old).exists()
    assert (copied / "newer").exists()


def test_a_damaged_index_is_not_answered_from(running, copied):
    name = (copied / "CURRENT").read_text().strip()
    (copied / name / "passages.jsonl").write_bytes(b"")
    with running(create_app(Settings(index=copied))) as client:
        response = client.get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "index_damaged")
    assert "passages.jsonl" in response.json()["detail"]


def test_a_damaged_newer_generation_leaves_the_older_in_use(copied):
    live_index = LiveIndex(copied, DEFAULT)
    opened = live_index.open()
    (copied / "CURRENT").write_text("nothing\n")
    live_index.refresh()
    assert live_index.current() is opened
    with pytest.raises(IndexDamaged):
        live_index.open()


def test_an_index_of_another_model_is_refused(copied, monkeypatch, encoder):
    other = SimpleNamespace(info=replace(encoder.info, name="other-model", sha256="0" * 64))
    monkeypatch.setattr("service.live_index.load_encoder", lambda name: other)
    with pytest.raises(IndexMismatch, match=f"NEEDLE_ENCODER={DEFAULT}, or run `needle ingest`"):
        LiveIndex(copied, "other-model").open()


def test_an_index_that_was_never_opened_is_missing(tmp_path):
    with pytest.raises(IndexMissing):
        LiveIndex(tmp_path, DEFAULT).current()


def wait_for(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)

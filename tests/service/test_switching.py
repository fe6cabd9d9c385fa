"""A damaged pointer, and a generation that is switched again and again while questions are asked."""

import gc
import logging
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import index as store
from ingest.build import build
from ingest.encoder import DEFAULT
from ingest.errors import IndexDamaged
from ingest.writing import write_lock
from service.app import create_app
from service.live_index import LiveIndex
from service.settings import Settings
from tests.ingest.conftest import write_corpus
from tests.likeness import content, difference
from tests.service.test_live_index import wait_for

pytestmark = pytest.mark.usefixtures("quick_encoder")

__all__ = ["write_corpus"]  # a fixture

QUESTION = "How many needles were used?"
ASKED = [
    ("/v1/search", {"question": QUESTION}),
    ("/v1/answer", {"question": QUESTION}),
    ("/v1/answer", {"question": QUESTION, "stream": True}),
    ("/v1/verify", {"claim": "Three needles were used."}),
]
SWITCHES = 100


@pytest.fixture
def copied(index_folder, tmp_path):
    return shutil.copytree(index_folder, tmp_path / "index")


@pytest.mark.parametrize("pointer", ["20200101T000000Z-gone\n", "", "\x00\xff", "../elsewhere", None])
def test_with_a_damaged_pointer_the_newest_whole_generation_answers_and_the_log_says_so(
    copied, client, running, caplog, pointer
):
    whole = store.current_name(copied)
    (copied / "20990101T000000Z-cut-short").mkdir()
    if pointer is None:
        (copied / "CURRENT").unlink()
    else:
        (copied / "CURRENT").write_text(pointer)
    with caplog.at_level(logging.WARNING), running(create_app(Settings(index=copied))) as damaged:
        answers = [server.post(ASKED[0][0], json=ASKED[0][1]).json() for server in (client, damaged)]
        ready = damaged.get("/readyz").json()
    assert ready["generation"] == whole
    assert answers[0]["passages"] == answers[1]["passages"]
    (said,) = {record.getMessage() for record in caplog.records if record.name == "service.live_index"}
    assert f"until then generation {whole} answers" in said
    assert "run `needle ingest`" in said


def test_a_pointer_that_is_damaged_meanwhile_changes_nothing_and_is_logged_once(copied, caplog):
    live_index = LiveIndex(copied, DEFAULT)
    opened = live_index.open()
    (copied / "CURRENT").write_text("gone\n")
    for _ in range(3):
        live_index.refresh()
    assert live_index.current() is opened
    assert [record.levelname for record in caplog.records if "gone" in record.getMessage()] == ["WARNING"]
    with pytest.raises(IndexDamaged):
        live_index.open()


def test_a_damaged_current_generation_gives_way_to_an_older_whole_one(copied):
    whole = store.current_name(copied)
    newer = shutil.copytree(copied / whole, copied / "20990101T000000Z-damaged")
    (newer / "vectors.npy").write_bytes(b"")
    store.switch_to(copied, newer.name)
    assert LiveIndex(copied, DEFAULT).open().generation.name == whole


def test_a_hundred_switches_under_load_fail_no_request_and_mix_no_two_generations(
    write_corpus, running, tmp_path, monkeypatch
):
    monkeypatch.setattr("service.live_index.POLL_SECONDS", 0.01)
    sources: list[Path] = []
    for name, text in (("a", "Three needles were used."), ("b", "Seven needles were used in all.")):
        built = tmp_path / f"built-{name}"
        build(write_corpus({"one": text}, name), built, DEFAULT, lambda *_: None)
        sources.append(built / store.current_name(built))
    index = tmp_path / "index"
    shutil.copytree(sources[0].parent, index)
    stop = threading.Event()

    with running(create_app(Settings(index=index))) as client:

        def switched(number: int) -> None:
            name = f"g{number:03}"
            with write_lock(index):  # else a half-copied one is collected
                shutil.copytree(sources[number % 2], index / name)
                store.switch_to(index, name)
            wait_for(lambda: client.get("/readyz").json()["generation"] == name)

        def asking(route: str, body: dict[str, object]) -> list[object]:
            heard = []
            while not stop.wait(0.02):  # a pause leaves the switches a processor
                response = client.post(route, json=body)
                assert response.status_code == 200, response.text
                heard.append(content(response))
            return heard

        quiet = []
        for number in range(2):
            switched(number)
            quiet.append([content(client.post(route, json=body)) for route, body in ASKED])
        with ThreadPoolExecutor(len(ASKED)) as threads:
            asked = [threads.submit(asking, *each) for each in ASKED]
            try:
                for number in range(2, SWITCHES + 2):
                    switched(number)
            finally:
                stop.set()
            for place, each in enumerate(asked):
                heard = each.result()
                assert len(heard) > SWITCHES / 10
                for one in heard:
                    differences = [difference(one, each[place]) for each in quiet]
                    assert None in differences, differences
        gc.collect()
        wait_for(lambda: len([path for path in index.iterdir() if path.is_dir()]) <= 2)

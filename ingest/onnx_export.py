"""From a model of sentence-transformers to a graph for ONNX Runtime, and whether the two agree."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.encoder import Encoded, Encoder, Float32
from ingest.errors import EncoderError
from ingest.onnx_encoder import GRAPH, TOKENIZER, open_session
from ingest.reference_encoder import SentenceTransformersEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Least cosine of a vector of the graph with the reference's.
AGREEMENT = 0.9999
# Two passages whose cosines with a question differ by less may change places.
_TIE = 1e-4
_OPSET = 17
# What a corpus may not hold: nothing, one letter, other scripts, more than the window.
_ODD_TEXTS = ("", "a", "Café – Größe ≥ 5 µm, naïve 肝臓 🩻", "word " * 400)
# Of the corpus, evenly spread: as many passages, and as many beginnings of others, as long as a question.
_SAMPLE = 32
_QUESTION_WORDS = 12


class Disagreement(EncoderError):
    """The graph does not give the vectors or the rankings of its model."""


def write_graph(encoder: SentenceTransformersEncoder, folder: Path) -> None:
    """Write graph, weights and tokenizer into `folder`. Raises whatever stops torch from tracing it."""
    traced = folder / "traced.onnx"
    _trace(encoder.model, traced)
    open_session(traced, optimised=folder / GRAPH)
    traced.unlink()
    encoder.model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))


def _trace(model: "SentenceTransformer", path: Path) -> None:
    import torch
    from torch.nn.functional import normalize

    class Traced(torch.nn.Module):
        """All of the model's modules, pooling and normalisation with them."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            outputs: dict[str, Any] = self.model(dict(zip(names, inputs, strict=True)))
            return normalize(outputs["sentence_embedding"]), normalize(outputs["token_embeddings"], dim=-1)

    pieces = model.tokenizer(["hello world", "a text of another length"], padding=True, return_tensors="pt")
    names = list(pieces)
    # Plain attention becomes one fused operator; torch's own is traced into many, and is half as fast.
    transformer: Any = model[0]
    before = transformer.auto_model.config._attn_implementation
    transformer.auto_model.set_attn_implementation("eager")
    try:
        with warnings.catch_warnings():
            # Of the exporter, which is the one of two that this graph is faster from, and of the tracer.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Traced().eval(),
                tuple(pieces[name] for name in names),
                str(path),
                input_names=names,
                output_names=["sentence", "tokens"],
                dynamic_axes={name: {0: "texts", 1: "pieces"} for name in [*names, "tokens"]}
                | {"sentence": {0: "texts"}},
                opset_version=_OPSET,
                dynamo=False,
            )
    finally:
        transformer.auto_model.set_attn_implementation(before)


def check(reference: Encoder, graph: Encoder, corpus: Sequence[str]) -> None:
    """Raises Disagreement if the two differ on a sample of `corpus`, in a vector or in a ranking."""
    passages = [corpus[n] for n in _spread(len(corpus), _SAMPLE)]
    beginnings = [corpus[n] for n in _spread(len(corpus), 2 * _SAMPLE)[1::2]]
    questions = [" ".join(text.split()[-_QUESTION_WORDS:]) for text in beginnings]
    texts = [*_ODD_TEXTS, *questions, *passages]
    expected, found = reference.encode(texts), graph.encode(texts)
    _check_pieces(expected, found)
    _check_vectors("sentence", expected.vectors, found.vectors)
    _check_vectors("token", np.concatenate(expected.tokens), np.concatenate(found.tokens))
    first = len(_ODD_TEXTS) + len(questions)
    _check_rankings(
        expected.vectors[:first] @ expected.vectors[first:].T, found.vectors[:first] @ found.vectors[first:].T
    )


def _spread(size: int, most: int) -> list[int]:
    """Up to `most` places, evenly spread over `size`."""
    return sorted({n * size // most for n in range(most)}) if size else []


def _check_pieces(expected: Encoded, found: Encoded) -> None:
    for one, other in (
        (expected.token_ids, found.token_ids),
        (expected.token_starts, found.token_starts),
    ):
        if not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True)):
            raise Disagreement("the tokenizer cuts a text into other word pieces than the model's own")


def _check_vectors(what: str, expected: Float32, found: Float32) -> None:
    cosines = (expected * found).sum(axis=1)
    # A text that has no vector (all zeros) has none in the graph either.
    cosines[~expected.any(axis=1) & ~found.any(axis=1)] = 1
    least = float(cosines.min(initial=1))
    if not least >= AGREEMENT:
        raise Disagreement(f"a {what} vector has cosine {least:.5f} with the model's own; {AGREEMENT} needed")


def _check_rankings(expected: Float32, found: Float32) -> None:
    """expected, found: (q, n) float32, the cosine of each question with each passage."""
    in_order = np.take_along_axis(expected, np.argsort(-found, axis=1, kind="stable"), axis=1)
    if (np.diff(in_order, axis=1) > _TIE).any():
        raise Disagreement("a question has another order of passages than with the model's own vectors")

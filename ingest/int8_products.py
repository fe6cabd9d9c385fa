"""Dot products of int8 rows with float32 vectors, as exact as in floats, on the processor's integer units.

A vector is written as the sum of three int8 vectors, each on a scale 126 times as fine as the one before, so
that it comes out to within the rounding of float32. ONNX Runtime multiplies these with the rows as they lie
in the store: half the time of making floats of them for BLAS, in one call that leaves other threads alone.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Float32

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_PARTS = 3
# Where a processor adds pairs of products in 16 bits, 2 x 255 x 63 still fits; 2 x 255 x 127 would not.
_LARGEST = 63
# MatMulIntegerToFloat(rows, vectors, 1, scales, 128): unsigned rows less their middle times `vectors`, each
# product times the scale of its vector. Written out, since the package that makes graphs is heavy to load.
_GRAPH = (
    b"\x08\t:\xef\x01\nS\n\x04rows\n\x07vectors\n\x03one\n\x06scales\n\x06middle\x12\x08products"
    b'"\x14MatMulIntegerToFloat:\rcom.microsoft\x12\rint8_products*\r\x10\x01"\x04\x00\x00\x80?B\x03one'
    b"*\x0e\x10\x02*\x02\x80\x01B\x06middleZ\x18\n\x04rows\x12\x10\n\x0e\x08\x02\x12\n\n\x03\x12\x01t\n\x03"
    b"\x12\x01dZ\x1b\n\x07vectors\x12\x10\n\x0e\x08\x03\x12\n\n\x03\x12\x01d\n\x03\x12\x01qZ\x15\n\x06scales"
    b"\x12\x0b\n\t\x08\x01\x12\x05\n\x03\x12\x01qb\x1c\n\x08products\x12\x10\n\x0e\x08\x01\x12\n\n\x03\x12\x01"
    b"t\n\x03\x12\x01qB\x04\n\x00\x10\x11B\x11\n\rcom.microsoft\x10\x01"
)


def int8_products(rows: NDArray[np.int8], vectors: Float32) -> Float32:
    """(t, q) float32: the dot product of each of t rows, (t, d) int8, with each of q vectors, (q, d).

    Safe to use from several threads at once.
    """
    if not len(rows) or not len(vectors):
        return np.zeros((len(rows), len(vectors)), np.float32)
    parts, scales = _in_parts(vectors)
    unsigned = rows.view(np.uint8) ^ np.uint8(128)  # a code plus 128
    (products,) = _session().run(None, {"rows": unsigned, "vectors": parts, "scales": scales})
    count = len(vectors)
    found: Float32 = products[:, :count] + products[:, count : 2 * count]
    found += products[:, 2 * count :]
    return found


def _in_parts(vectors: Float32) -> tuple[NDArray[np.int8], Float32]:
    """(d, 3q) int8 and (3q,) float32: columns that, each times its scale, add up to `vectors`, (q, d)."""
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.float32(1e-30)) / np.float32(_LARGEST)
    parts, scales, rest = [], [], vectors
    for _ in range(_PARTS):
        part = np.rint(rest / scale)
        rest = rest - part * scale
        parts.append(part)
        scales.append(scale[:, 0])
        scale = scale / np.float32(2 * _LARGEST)  # what is left is at most half a step of the scale before
    return np.ascontiguousarray(np.concatenate(parts).astype(np.int8).T), np.concatenate(scales)


@cache
def _session() -> "InferenceSession":
    from ingest.onnx_encoder import open_session

    return open_session(_GRAPH)

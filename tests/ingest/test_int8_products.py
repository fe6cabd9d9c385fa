"""Products with int8 rows, against values worked out by hand and against doubles."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from ingest.int8_products import _GRAPH, int8_products


# 1 x 0.5 + -2 x 0.25 = 0 and 127 x 0.5 + -128 x 0.25 = 31.5; with (0, -1): 2 and 128.
def test_each_row_is_multiplied_with_each_vector():
    rows = np.array([[1, -2], [127, -128]], np.int8)
    vectors = np.array([[0.5, 0.25], [0, -1]], np.float32)
    assert int8_products(rows, vectors) == pytest.approx(np.array([[0, 2], [31.5, 128]]), abs=1e-5)


def test_it_is_as_exact_as_floats_even_at_the_ends_of_the_range():
    random = np.random.default_rng(7)
    rows = random.choice(np.array([-128, -127, 0, 126, 127], np.int8), (50, 384))
    vectors = random.normal(size=(20, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact = rows.astype(np.float64) @ vectors.T.astype(np.float64)
    lengths = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    assert (np.abs(int8_products(rows, vectors) - exact) / lengths).max() < 1e-6


def test_no_row_no_vector_and_a_vector_of_zeros_are_fine():
    row, vector = np.ones((1, 4), np.int8), np.zeros((1, 4), np.float32)
    assert int8_products(row, vector).tolist() == [[0]]
    assert int8_products(row[:0], vector).shape == (0, 1)
    assert int8_products(row, vector[:0]).shape == (1, 0)


def test_the_graph_is_the_one_that_its_comment_describes():
    value = helper.make_tensor_value_info
    inputs = ["rows", "vectors", "one", "scales", "middle"]
    graph = helper.make_graph(
        [helper.make_node("MatMulIntegerToFloat", inputs, ["products"], domain="com.microsoft")],
        "int8_products",
        [
            value("rows", TensorProto.UINT8, ["t", "d"]),
            value("vectors", TensorProto.INT8, ["d", "q"]),
            value("scales", TensorProto.FLOAT, ["q"]),
        ],
        [value("products", TensorProto.FLOAT, ["t", "q"])],
        [
            helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
            helper.make_tensor("middle", TensorProto.UINT8, [], [128]),
        ],
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=9)
    assert model.SerializeToString(deterministic=True) == _GRAPH

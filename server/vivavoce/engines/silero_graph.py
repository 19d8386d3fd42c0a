"""Silero's graph, rewritten so that the frames of a call are computed in one go.

The file holds convolutions over time, and a call's frames are their batch, which ONNX Runtime works
off one by one. Here they are the rows of one picture that no filter reaches across: the same sums,
as large matrix products. Sixteen frames take two fifths of the time.
"""

from collections.abc import MutableSequence

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from vivavoce.core.errors import EngineFailure

# The axes of what the recurrent layer reads, whose own are (time, microphone, channel).
_ROWS_ARE_MICROPHONES, _ROWS_ARE_TIME = [0, 2, 1], [2, 0, 1]
_STATES = frozenset({"h", "c", "hn", "cn"})
_ROW_AXES, _TIME_AXIS, _SLICE_AXES = "row_axes", "time_axis", "slice_axes"


def frames_as_rows(model: ModelProto) -> None:
    """Frames are those of one microphone, one after the other, as in the file."""
    graph = model.graph
    encoder, turn = _encoder(graph)
    del graph.value_info[:]  # the shapes that the file notes for what is between
    for node in encoder:
        if node.op_type == "Conv":
            _give_rows(graph, node)
        elif node.op_type == "Unsqueeze":
            node.input[1] = _ROW_AXES
        elif node.op_type == "Slice":
            node.input[3] = _SLICE_AXES
    for name, axes in ((_ROW_AXES, [0, 1]), (_TIME_AXIS, [3]), (_SLICE_AXES, [1, 3])):
        graph.initializer.append(numpy_helper.from_array(np.array(axes, np.int64), name))
    flat = helper.make_node("Squeeze", [turn.input[0], _TIME_AXIS], ["rows"])
    turn.input[0] = "rows"
    _axes(turn)[:] = _ROWS_ARE_TIME
    graph.node.insert(len(encoder), flat)


def rows_as_microphones(model: ModelProto) -> None:
    """Of a model with `frames_as_rows`: each frame is that of another one, with its own state."""
    graph = model.graph
    turns = [node for node in graph.node if _turns(node, _ROWS_ARE_TIME)]
    states = [each for each in (*graph.input, *graph.output) if each.name in _STATES]
    if len(turns) != 1 or len(states) != len(_STATES):
        raise _changed()
    _axes(turns[0])[:] = _ROWS_ARE_MICROPHONES
    for state in states:
        state.type.tensor_type.shape.dim[1].dim_param = "microphones"


def _encoder(graph: GraphProto) -> tuple[list[NodeProto], NodeProto]:
    """What comes before the recurrent layer, and the node that turns its result for that layer."""
    nodes = list(graph.node)
    places = [n for n, node in enumerate(nodes) if _turns(node, _ROWS_ARE_MICROPHONES)]
    if len(places) != 1:
        raise _changed()
    encoder = nodes[: places[0]]
    kinds = [node.op_type for node in encoder]
    if (kinds.count("Conv"), kinds.count("Unsqueeze"), kinds.count("Slice")) != (5, 1, 2):
        raise _changed()
    return encoder, nodes[places[0]]


def _give_rows(graph: GraphProto, convolution: NodeProto) -> None:
    """From time alone to (row, time), one row high."""
    weights = next(each for each in graph.initializer if each.name == convolution.input[1])
    values = numpy_helper.to_array(weights)
    weights.CopyFrom(numpy_helper.from_array(values[:, :, np.newaxis, :], weights.name))
    for attribute in convolution.attribute:
        if attribute.name == "pads":
            before, after = attribute.ints
            attribute.ints[:] = [0, before, 0, after]
        elif attribute.name in ("kernel_shape", "strides", "dilations"):
            attribute.ints[:] = [1, *attribute.ints]


def _turns(node: NodeProto, axes: list[int]) -> bool:
    return node.op_type == "Transpose" and list(_axes(node)) == axes


def _axes(transposition: NodeProto) -> MutableSequence[int]:
    return next(each.ints for each in transposition.attribute if each.name == "perm")


def _changed() -> EngineFailure:
    return EngineFailure("model_unknown", "faster-whisper's speech detector has changed.")

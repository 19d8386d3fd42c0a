"""ONNX graphs with the inputs and outputs of the real networks, and the simplest inside."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
SAMPLES_PER_PHONEME = 1800  # 75 ms at 24 kHz: a natural rate
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def _save(graph: onnx.GraphProto, path: Path) -> Path:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def write_kokoro(path: Path) -> Path:
    """Kokoro's signature; each phoneme becomes 75 ms of a hum, whatever its style."""
    hum = np.sin(np.arange(SAMPLES_PER_PHONEME) * 2 * np.pi * 200 / 24000).astype(np.float32) * 0.3
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["ids"], to=FLOAT),
        helper.make_node("Mul", ["ids", "zero"], ["nothing"]),
        helper.make_node("Transpose", ["nothing"], ["column"], perm=[1, 0]),
        helper.make_node("ReduceMean", ["style"], ["mood"], keepdims=0),
        helper.make_node("Mul", ["mood", "zero"], ["calm"]),
        helper.make_node("Mul", ["speed", "zero"], ["unhurried"]),
        helper.make_node("Add", ["column", "hum"], ["hummed"]),
        helper.make_node("Add", ["hummed", "calm"], ["styled"]),
        helper.make_node("Add", ["styled", "unhurried"], ["paced"]),
        helper.make_node("Reshape", ["paced", "flat"], ["waveform"]),
    ]
    graph = helper.make_graph(
        nodes,
        "kokoro",
        [
            helper.make_tensor_value_info("input_ids", INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("style", FLOAT, [1, 256]),
            helper.make_tensor_value_info("speed", FLOAT, [1]),
        ],
        [helper.make_tensor_value_info("waveform", FLOAT, ["samples"])],
        [
            numpy_helper.from_array(hum[None], "hum"),
            numpy_helper.from_array(np.zeros(1, np.float32), "zero"),
            numpy_helper.from_array(np.array([-1], np.int64), "flat"),
        ],
    )
    return _save(graph, path)


def write_voices(path: Path, names: tuple[str, ...] = ("af_heart", "ff_siwis")) -> Path:
    style = np.random.default_rng(0).standard_normal((510, 1, 256)).astype(np.float32)
    with path.open("wb") as file:
        np.savez(file, **dict.fromkeys(names, style))  # type: ignore[arg-type] # the stub is wrong
    return path


def write_smart_turn(path: Path) -> Path:
    """Smart Turn's signature; sure of an end where the newest tenth of the window is quiet."""
    nodes = [
        helper.make_node("Slice", ["input_features", "from", "to", "axis"], ["newest"]),
        helper.make_node("ReduceMean", ["newest"], ["loudness"], axes=[1, 2], keepdims=0),
        helper.make_node("Mul", ["loudness", "steepness"], ["quiet"]),
        helper.make_node("Sigmoid", ["quiet"], ["probability"]),
        helper.make_node("Reshape", ["probability", "column"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "smart_turn",
        [helper.make_tensor_value_info("input_features", FLOAT, ["n", 80, 800])],
        [helper.make_tensor_value_info("logits", FLOAT, ["n", 1])],
        [
            numpy_helper.from_array(np.array([720], np.int64), "from"),
            numpy_helper.from_array(np.array([800], np.int64), "to"),
            numpy_helper.from_array(np.array([2], np.int64), "axis"),
            numpy_helper.from_array(np.array([-20], np.float32), "steepness"),
            numpy_helper.from_array(np.array([-1, 1], np.int64), "column"),
        ],
    )
    return _save(graph, path)

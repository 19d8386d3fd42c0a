"""What every engine checks about its files before a library reads them.

Libraries answer a damaged file with anything from a crash to a network request; the person who runs
this wants one of three codes: `model_missing`, `model_truncated`, `model_wrong_kind`.
"""

import hashlib
from pathlib import Path
from typing import Any

from vivavoce.core.errors import EngineFailure

ONNX_FIRST_BYTE = 0x08  # the protobuf tag of `ir_version`, which every exporter writes first


def missing(path: Path) -> EngineFailure:
    return EngineFailure("model_missing", f"There is no model file at {path}.")


def truncated(path: Path) -> EngineFailure:
    return EngineFailure("model_truncated", f"The model file {path} is incomplete or damaged.")


def wrong_kind(path: Path, expected: str) -> EngineFailure:
    return EngineFailure("model_wrong_kind", f"The file {path} is not {expected}.")


def require_file(path: Path) -> Path:
    if not path.is_file():
        raise missing(path)
    return path


def first_bytes(path: Path, count: int) -> bytes:
    with require_file(path).open("rb") as file:
        return file.read(count)


def file_hash(path: Path) -> str:
    """sha256 of the file, in hexadecimal. Blocks for about a second per gigabyte."""
    with require_file(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_onnx(path: Path, expected: str, threads: int) -> Any:  # noqa: ANN401 - untyped library
    """An ONNX Runtime session on the CPU with an explicit number of threads."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as states

    start = first_bytes(path, 1)
    if not start:
        raise truncated(path)
    if start[0] != ONNX_FIRST_BYTE:
        raise wrong_kind(path, expected)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Spinning threads would take the cores of the other engines.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (states.InvalidProtobuf, states.InvalidGraph, states.Fail, states.RuntimeException) as e:
        raise truncated(path) from e

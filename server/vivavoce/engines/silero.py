"""Silero's small network, for one microphone at a time or for those of many interviews at once.

The file judges the frames of one microphone, one after the other. Its recurrent layer takes several
microphones side by side as well, so the graph is opened a second time with those two axes swapped.
Judging sixteen together costs a fifth of judging them one by one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from vivavoce.core.errors import EngineFailure

if TYPE_CHECKING:
    from onnx import ModelProto

FRAME_SAMPLES = 512
CONTEXT_SAMPLES = 64  # Silero wants the end of the previous frame before each frame
STATE_SIZE = 128
SAMPLE_BYTES = 2

Floats: TypeAlias = np.ndarray


class Memory(NamedTuple):
    """What the network remembers of one microphone."""

    context: bytes
    hidden: Floats
    cell: Floats


_NOTHING: Floats = np.zeros((1, 1, STATE_SIZE), np.float32)
FRESH = Memory(bytes(CONTEXT_SAMPLES * SAMPLE_BYTES), _NOTHING, _NOTHING)


class SileroSession:
    """The network, shared by all conversations; what it remembers of each stays with them."""

    def __init__(self) -> None:
        import faster_whisper
        import onnx

        from vivavoce.engines.silero_graph import frames_as_rows, rows_as_microphones

        path = Path(faster_whisper.__file__).parent / "assets" / "silero_vad_v6.onnx"
        if not path.is_file():
            raise EngineFailure("model_missing", "faster-whisper lost its speech detector.")
        model = onnx.load(str(path))
        frames_as_rows(model)
        self._sequence = _open(model)
        rows_as_microphones(model)
        self._batch = _open(model)

    def follow(self, memory: Memory, frames: Sequence[bytes]) -> tuple[float, Memory]:
        """Judge successive frames of one microphone; the probability is that of the last."""
        sound = memory.context + b"".join(frames)
        window, step = CONTEXT_SAMPLES + FRAME_SAMPLES, FRAME_SAMPLES
        samples = np.lib.stride_tricks.sliding_window_view(_floats(sound), window)[::step]
        found, hidden, cell = self._sequence.run(
            None, {"input": samples, "h": memory.hidden, "c": memory.cell}
        )
        return float(found[-1]), Memory(_context(frames[-1]), hidden, cell)

    def judge(self, sounds: Sequence[tuple[Memory, bytes]]) -> list[tuple[float, Memory]]:
        """Judge the next frame of each of several microphones, as `follow` would one by one."""
        sound = b"".join([part for memory, frame in sounds for part in (memory.context, frame)])
        found, hidden, cell = self._batch.run(
            None,
            {
                "input": _floats(sound).reshape(len(sounds), CONTEXT_SAMPLES + FRAME_SAMPLES),
                "h": np.concatenate([memory.hidden for memory, _ in sounds], axis=1),
                "c": np.concatenate([memory.cell for memory, _ in sounds], axis=1),
            },
        )
        return [
            (
                probability,
                Memory(_context(frame), hidden[:, at : at + 1], cell[:, at : at + 1]),
            )
            for at, ((_, frame), probability) in enumerate(zip(sounds, found.tolist(), strict=True))
        ]


def _floats(pcm: bytes) -> Floats:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768


def _context(frame: bytes) -> bytes:
    return frame[-CONTEXT_SAMPLES * SAMPLE_BYTES :]


def _open(model: "ModelProto") -> Any:  # noqa: ANN401 - onnxruntime has no types
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )

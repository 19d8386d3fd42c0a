"""Voice activity: a cheap spectral gate first, then Silero's small network.

webrtcvad misses no speech but takes noise for speech; Silero tells them apart. The gate spares the
network during silence, which is most of an interview's microphone.
"""

from pathlib import Path
from typing import Any

import numpy as np

from vivavoce.core.errors import EngineFailure

FRAME_BYTES = 1024
GATE_BYTES = 960  # webrtcvad judges 10, 20 or 30 ms
GATE_MODE = 1  # permissive: it must miss nothing
GATE_HANGOVER_FRAMES = 16  # about 0.5 s
CONTEXT_SAMPLES = 64  # Silero wants the end of the previous frame before each frame
WARM_UP_FRAMES = 4


class SileroSession:
    """The network, shared by all conversations; their recurrent states stay with them."""

    def __init__(self) -> None:
        import faster_whisper
        import onnxruntime

        path = Path(faster_whisper.__file__).parent / "assets" / "silero_vad_v6.onnx"
        if not path.is_file():
            raise EngineFailure("model_missing", "faster-whisper lost its speech detector.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def run(
        self, samples: np.ndarray, hidden: np.ndarray, cell: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Judge 576 float32 samples (64 of context, 512 new); states are float32 [1, 1, 128]."""
        found, hidden, cell = self._session.run(
            None, {"input": samples[None], "h": hidden, "c": cell}
        )
        return float(found.ravel()[0]), hidden, cell


class GatedSileroDetector:
    """`VoiceActivityDetector` of one conversation."""

    def __init__(self, silero: SileroSession) -> None:
        import webrtcvad

        self._silero = silero
        self._gate = webrtcvad.Vad(GATE_MODE)
        self._hidden: np.ndarray = np.zeros((1, 1, 128), np.float32)
        self._cell: np.ndarray = np.zeros((1, 1, 128), np.float32)
        self._context: np.ndarray = np.zeros(CONTEXT_SAMPLES, np.float32)
        self.reset()

    def reset(self) -> None:
        self._forget_network_state()
        self._quiet_frames = GATE_HANGOVER_FRAMES + 1  # closed until something is heard
        self._skipped: list[bytes] = []

    def speech_probability(self, frame: bytes) -> float:
        if len(frame) != FRAME_BYTES:
            raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
        if self._gate.is_speech(frame[:GATE_BYTES], 16_000):
            self._quiet_frames = 0
        else:
            self._quiet_frames += 1
        if self._quiet_frames > GATE_HANGOVER_FRAMES:
            self._skipped = [*self._skipped[1 - WARM_UP_FRAMES :], frame]
            return 0.0
        if self._skipped:
            self._warm_up()
        return self._judge(frame)

    def _warm_up(self) -> None:
        """Replay the newest skipped frames, so that a word's onset is judged in its context."""
        self._forget_network_state()
        for frame in self._skipped:
            self._judge(frame)
        self._skipped = []

    def _judge(self, frame: bytes) -> float:
        samples = np.frombuffer(frame, "<i2").astype(np.float32) / 32768
        probability, self._hidden, self._cell = self._silero.run(
            np.concatenate((self._context, samples)), self._hidden, self._cell
        )
        self._context = samples[-CONTEXT_SAMPLES:]
        return probability

    def _forget_network_state(self) -> None:
        self._hidden = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT_SAMPLES, np.float32)

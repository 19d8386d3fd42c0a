"""A models folder whose models have true shapes and random weights: they cost, but know nothing.

    python -m tests.model_makers.true_shape DIR [--kokoro] [--smart-turn FILE]
    vivavoce bench latency --engines DIR --words script

Whisper base, Qwen2.5-0.5B in four bits and, where torch and kokoro are installed, Kokoro-82M. What
is in DIR already is kept, so that a second Python with torch can add Kokoro to it. An end-of-turn
model is small enough to be the real one.
"""

import argparse
import shutil
from pathlib import Path

WHISPER, CHAT, VOICE, TURNS = (
    "whisper-base-random",
    "qwen2.5-0.5b-random",
    "kokoro-82m",
    "smart-turn",
)
NETWORK, VOICES, TURNS_FILE = "kokoro.onnx", "voices.bin", "turns.onnx"
FILES = {
    WHISPER: ("transcriber", ("config.json", "model.bin", "tokenizer.json")),
    CHAT: ("language_model", ("qwen2.5-0.5b-random.gguf",)),
    VOICE: ("synthesizer", (NETWORK, VOICES)),
    TURNS: ("turn_detector", (TURNS_FILE,)),
}


def make(folder: Path, *, kokoro: bool, smart_turn: Path | None = None) -> None:
    if not (folder / WHISPER).exists():
        from tests.model_makers.true_shape_whisper import write_whisper

        write_whisper(folder / WHISPER)
    if not (folder / CHAT).exists():
        from tests.model_makers.true_shape_chat import write_chat_model

        write_chat_model(folder / CHAT / FILES[CHAT][1][0])
    if kokoro and not (folder / VOICE).exists():
        from tests.model_makers.true_shape_kokoro import write_kokoro

        write_kokoro(folder / VOICE / NETWORK, folder / VOICE / VOICES)
    if smart_turn is not None:
        (folder / TURNS).mkdir(exist_ok=True)
        shutil.copyfile(smart_turn, folder / TURNS / TURNS_FILE)
    (folder / "manifest.toml").write_text(manifest(folder))


def manifest(folder: Path) -> str:
    """Of the models that were made."""
    made = [name for name in FILES if (folder / name).is_dir()]
    return "\n".join([f"[sets]\nsmall = {made}\n", *(_entry(folder, name) for name in made)])


def _entry(folder: Path, name: str) -> str:
    role, files = FILES[name]
    rows = [
        f'    {{ path = "{file}", url = "", size_bytes = {_size(folder / name / file)} }},'
        for file in files
    ]
    head = f'[[model]]\nname = "{name}"\nrole = "{role}"\nlanguages = ["en"]\nlicence = "none"'
    return "\n".join([head, "files = [", *rows, "]\n"])


def _size(file: Path) -> int:
    return file.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description="Make models of true shapes with random weights.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kokoro", action="store_true", help="also Kokoro-82M; needs torch")
    parser.add_argument("--smart-turn", type=Path, help="a Smart Turn v3 file to copy")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    make(asked.folder, kokoro=asked.kokoro, smart_turn=asked.smart_turn)


if __name__ == "__main__":
    main()

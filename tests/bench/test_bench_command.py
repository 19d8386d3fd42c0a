"""The bench as a person runs it, with the embedded engines and in real time."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from vivavoce.cli import commands


@pytest.mark.models
def test_a_bench_of_one_exchange_reports_what_it_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "figures.json"
    arguments = ["bench", "latency", "--engines", "embedded", "--exchanges", "1"]
    result = CliRunner().invoke(commands, [*arguments, "--json", str(file)])

    assert result.exit_code == 0
    assert "Voice to voice" in result.stdout
    figures = json.loads(file.read_text())
    assert sum(figures["outcomes"].values()) == len(figures["exchanges"]) == 1
    assert {note["role"] for note in figures["engines"]} == {
        "transcriber",
        "language_model",
        "synthesizer",
        "turn_detector",
        "embedder",
    }
    picture = file.with_suffix(".svg")
    # A machine under load may cut the one answer off, and then there is nothing to time.
    timed = figures["outcomes"].get("answered", 0) == 1
    assert ("voice to voice" in picture.read_text()) is timed
    assert set(tmp_path.iterdir()) == {file, picture}

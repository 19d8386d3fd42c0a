"""The bench as a person runs it, with the embedded engines and in real time."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner
from vivavoce.cli import commands
from vivavoce.cli.bench.every import keep_all
from vivavoce.core.errors import Invalid


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


@pytest.mark.models
def test_the_benches_are_kept_in_one_dated_file_with_their_pictures_beside(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shortest = ("turns", "--words", "script", "--every", "1000", "--pace", "normal")
    keep_all({"turn taking": shortest}, tmp_path)

    told = capfd.readouterr().out
    pictures = [Path(each) for each in re.findall("Picture: (.+)", told)]
    (kept,) = (Path(each) for each in re.findall("Kept as (.+)", told))
    assert set(tmp_path.iterdir()) == {kept, *pictures}
    assert [each.name for each in pictures] == [f"{kept.stem}-turn-taking.svg"]
    ours = json.loads(kept.read_text())["benches"]["turn taking"]["detectors"][0]
    answers = ours["answers"]
    assert answers["count"] == len(ours["given"]) > 0
    share = f"normal: {100 * answers['cut_off'] / answers['count']:.1f} % cut off"
    assert f"{ours['detector']}, {share}, {answers['all']['p50']} ms" in pictures[0].read_text()


def test_a_bench_that_fails_says_so_and_leaves_no_figures(tmp_path: Path) -> None:
    impossible = ("latency", "--exchanges", "0")
    with pytest.raises(Invalid) as failed:
        keep_all({"latency": impossible}, tmp_path / "kept")
    assert failed.value.code == "bench_failed"
    assert list((tmp_path / "kept").iterdir()) == []

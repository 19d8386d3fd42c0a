import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from vivavoce.cli import commands
from vivavoce.core.errors import Invalid
from vivavoce.services.bench.comparing import compared, figures_of


def result(p50: int, count: int = 40, **more: int) -> dict[str, object]:
    row = {"label": "all", "count": count, "p50": p50, "p95": None}
    return {
        "latency": {
            "machine": "x86_64",
            "voice_to_voice": [row],
            "outcomes": {"answered": count, "cut off": 0},
            "exchanges": [{"position": 1}, {"position": 2}],
            **more,
        }
    }


def test_figures_go_by_the_labels_of_their_rows_and_text_is_none() -> None:
    assert set(figures_of(result(500))) == {
        "latency > voice_to_voice > all > p50",
        "latency > outcomes > answered",
        "latency > outcomes > cut off",
    }


def test_two_runs_are_compared_in_what_both_have() -> None:
    (p50, *_rest) = compared(result(500, gone=1), result(400, new=1))
    assert p50.ratio == 0.8
    assert p50.note == ""
    assert {one.name.split(" > ")[1] for one in _rest} == {"outcomes"}


@pytest.mark.parametrize(("after", "count", "note"), [(540, 40, "same"), (900, 12, "few")])
def test_what_chance_may_have_done_is_said(after: int, count: int, note: str) -> None:
    assert compared(result(500, count), result(after, count))[0].note == note


def test_a_figure_that_was_nothing_has_no_ratio() -> None:
    names = {one.name: one.ratio for one in compared(result(500), result(500))}
    assert names["latency > outcomes > cut off"] is None


def test_the_command_prints_both_runs(tmp_path: Path) -> None:
    files = []
    for name, p50 in (("a", 500), ("b", 250)):
        facts = {"commit": name * 7, "at": "2026-11-30T10:00:00+00:00", "machine": "2 cores"}
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps({"facts": facts, "benches": result(p50)}))
    told = CliRunner().invoke(commands, ["bench", "compare", *map(str, files)])
    assert told.exit_code == 0
    assert "0.50" in told.stdout
    assert "aaaaaaa" in told.stdout


def test_something_else_than_a_result_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]")
    told = CliRunner().invoke(commands, ["bench", "compare", str(file), str(tmp_path / "no")])
    assert isinstance(told.exception, Invalid)
    assert told.exception.code == "bench_result"

"""What `vivavoce bench turns` tells of its findings: tables, a picture, data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from rich.table import Table

from vivavoce.cli.bench.circumstances import machine
from vivavoce.cli.console import out
from vivavoce.core.template import Pace, Template
from vivavoce.services.bench.turns.charged import Prices
from vivavoce.services.bench.turns.figures import (
    Answers,
    Delays,
    Given,
    Interruptions,
    Reaction,
    reactions_to,
    summary,
)
from vivavoce.services.bench.turns.scenes import Heard
from vivavoce.services.bench.turns.script import Kind
from vivavoce.services.bench.turns.trade_off_chart import Line, Point, trade_off_chart

USUAL_PACE = Template.pace  # unless one says otherwise


class TurnWords(StrEnum):
    HEARD = "heard"
    SCRIPT = "script"


@dataclass(frozen=True)
class TurnRun:
    """What must be known to compare two runs."""

    held_out: bool
    words: TurnWords
    transcriber: str
    prices: Prices
    seed: int
    scenes: int


@dataclass(frozen=True)
class Findings:
    """Of one detector at one pace."""

    detector: str
    pace: Pace
    given: tuple[Given, ...]
    reactions: tuple[Reaction, ...]


def print_tables(circumstances: TurnRun, findings: Sequence[Findings]) -> None:
    out.print()
    out.print(_answer_table(findings))
    out.print(_interruption_table(findings))
    out.print(
        f"{circumstances.scenes} interviews, {_corpus(circumstances)}. On the clock a transcript "
        f"costs {circumstances.prices.transcript_ms} ms, the detector "
        f"{circumstances.prices.detector_ms} ms."
    )


def _answer_table(findings: Sequence[Findings]) -> Table:
    table = _table(
        "Answers", ("n", "cut off", "hanging", "confident", "p50", "p95", "all p50", "p95")
    )
    for found in findings:
        table.add_row(f"{found.detector}, {found.pace}: all", *_answer_cells(summary(found.given)))
        pausing = [each for each in found.given if each.kind.pauses]
        table.add_row("  with a pause", *_answer_cells(summary(pausing)))
        for kind in Kind:
            these = [each for each in found.given if each.kind is kind]
            table.add_row(f"  {kind}", *_answer_cells(summary(these)))
        table.add_section()
    return table


def _answer_cells(answers: Answers) -> tuple[str, ...]:
    return (
        str(answers.count),
        _share(answers.cut_off, answers.count),
        str(answers.hanging),
        _share(answers.confident.count, answers.count),
        *_delay_cells(answers.confident),
        *_delay_cells(answers.all),
    )


def _interruption_table(findings: Sequence[Findings]) -> Table:
    table = _table(
        "What is heard under the interviewer's words, ms from its first sample",
        ("n", "held", "ended", "silent p50", "p95", "dropped p50", "p95", "on again p50", "p95"),
    )
    for found in findings:
        for heard in Heard if found.reactions else ():
            result = reactions_to(heard, found.reactions)
            table.add_row(f"{found.detector}: {heard}", *_interruption_cells(result))
        table.add_section()
    return table


def _interruption_cells(found: Interruptions) -> tuple[str, ...]:
    counts = (found.count, found.held, found.ended)
    delays = (found.silent, found.cancelled, found.resumed)
    return (*map(str, counts), *(cell for each in delays for cell in _delay_cells(each)))


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def _delay_cells(delays: Delays) -> tuple[str, str]:
    return ("", "") if delays.p50 is None else (str(delays.p50), str(delays.p95))


def picture(circumstances: TurnRun, findings: Sequence[Findings]) -> str:
    """What each pace costs and buys. Ringed is what an interview of this installation has."""
    detectors = dict.fromkeys(found.detector for found in findings)
    lines = [_line(each, findings, is_own=each == findings[-1].detector) for each in detectors]
    given = len(findings[0].given)
    note = f"{given} answers at each pace, {_corpus(circumstances)}, seed {circumstances.seed}"
    return trade_off_chart("Who is cut off, and who waits", note, lines)


def _line(detector: str, findings: Sequence[Findings], *, is_own: bool) -> Line:
    own = {found.pace: summary(found.given) for found in findings if found.detector == detector}
    return Line(
        detector,
        tuple(
            Point(pace, waited, own[pace].cut_off, own[pace].count, is_own and pace is USUAL_PACE)
            for pace in Pace
            if pace in own and (waited := own[pace].all.p50) is not None
        ),
    )


def _corpus(circumstances: TurnRun) -> str:
    half = "held out" if circumstances.held_out else "known"
    heard = circumstances.transcriber if circumstances.words is TurnWords.HEARD else "the script"
    return f"{half} voices and sentences, words from {heard}"


def figures(circumstances: TurnRun, findings: Sequence[Findings]) -> dict[str, Any]:
    """Everything that is printed, and every answer and interruption by itself."""
    return {
        "machine": machine(),
        **asdict(circumstances),
        "detectors": [
            {
                "detector": found.detector,
                "pace": found.pace,
                "answers": asdict(summary(found.given)),
                "interruptions": [asdict(reactions_to(each, found.reactions)) for each in Heard],
                "given": [asdict(each) for each in found.given],
                "reactions": [asdict(each) for each in found.reactions],
            }
            for found in findings
        ],
    }

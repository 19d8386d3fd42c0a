"""`vivavoce bench turns`: who is cut off, who waits, and what stops the interviewer."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from vivavoce.cli.bench.circumstances import machine
from vivavoce.cli.console import out, read_settings
from vivavoce.core.settings import Settings
from vivavoce.core.template import Pace
from vivavoce.engines.select import Engines, open_engines
from vivavoce.engines.turn_detector_rules import RuleTurnDetector
from vivavoce.ports.engines import TurnDetector
from vivavoce.services.bench.turns.charged import NoTranscriber, Prices
from vivavoce.services.bench.turns.figures import (
    Answers,
    Delays,
    Given,
    Interruptions,
    Reaction,
    reactions_to,
    summary,
)
from vivavoce.services.bench.turns.play import TurnEngines, play
from vivavoce.services.bench.turns.scenes import AnswerScene, Heard, Scene, Stage
from vivavoce.services.bench.turns.script import Kind
from vivavoce.services.bench.turns.virtual_time import opened_meanwhile, run


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


def turns(
    words: Annotated[
        TurnWords,
        typer.Option(help="As the transcriber hears them, or all right, from the script."),
    ] = TurnWords.HEARD,
    known: Annotated[
        bool, typer.Option("--known", help="The half of the corpus that thresholds were chosen on.")
    ] = False,
    every: Annotated[int, typer.Option(min=1, help="Play one scene of so many.")] = 1,
    seed: Annotated[
        int,
        typer.Option(help="Of voices, silences, order, rooms and noises: a new one, a new corpus."),
    ] = 1,
    paces: Annotated[
        list[Pace] | None,
        typer.Option("--pace", help="May be given more than once; the first hears noises as well."),
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Also write every answer to this file.")
    ] = None,
) -> None:
    """Play a corpus of hard moments on virtual time, with the rules and with Smart Turn."""
    began = time.monotonic()
    chosen = _Choice(words, not known, every, seed, Prices(), tuple(paces or (Pace.NORMAL,)))
    circumstances, findings = run(_measure(read_settings(), chosen))
    _print(circumstances, findings)
    out.print(f"{machine()}; {time.monotonic() - began:.0f} s.")
    if as_json is not None:
        as_json.write_text(json.dumps(figures(circumstances, findings), indent=2) + "\n")


@dataclass(frozen=True)
class _Choice:
    words: TurnWords
    held_out: bool
    every: int
    seed: int
    prices: Prices
    paces: tuple[Pace, ...]


async def _measure(settings: Settings, choice: _Choice) -> tuple[TurnRun, list[Findings]]:
    from vivavoce.app import engine_choice

    with tempfile.TemporaryDirectory(prefix="vivavoce-bench-") as folder:
        # Turn-taking depends on neither of the two.
        here = replace(settings, data=folder, language_model="embedded", synthesizer="embedded")
        async with opened_meanwhile(open_engines(engine_choice(here))) as opened:
            scenes = _scenes(choice)
            ears = [opened.turn_detector]
            if opened.turn_detector.name != RuleTurnDetector.name:
                ears.insert(0, RuleTurnDetector())
            engines = [_engines(opened, choice, ear, each) for each in choice.paces for ear in ears]
            findings = await _play_all(scenes, engines)
            circumstances = TurnRun(
                choice.held_out,
                choice.words,
                opened.transcriber.name,
                choice.prices,
                choice.seed,
                len(scenes),
            )
            return circumstances, findings


def _engines(opened: Engines, choice: _Choice, ear: TurnDetector, pace: Pace) -> TurnEngines:
    prompted = choice.words is TurnWords.SCRIPT
    return TurnEngines(
        NoTranscriber() if prompted else opened.transcriber,
        opened.synthesizer,
        ear,
        opened.new_vad,
        prompted,
        choice.prices,
        pace=pace,
    )


async def _play_all(scenes: Sequence[Scene], ears: Sequence[TurnEngines]) -> list[Findings]:
    found = []
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("Playing", total=len(scenes) * len(ears))
        for engines in ears:
            name = engines.detector.name
            named = [
                (f"{name}-{number}", scene)
                for number, scene in enumerate(scenes)
                # No pace has a part in what interrupts.
                if isinstance(scene, AnswerScene) or engines.pace is ears[0].pace
            ]
            played = await play(named, engines, lambda: bar.advance(task))
            given, reactions = tuple(played.given), tuple(played.reactions)
            found.append(Findings(name, engines.pace, given, reactions))
    return found


def _scenes(choice: _Choice) -> list[Scene]:
    stage = Stage(choice.seed)
    answers = list(stage.answer_scenes(held_out=choice.held_out))
    interruptions = list(stage.interruption_scenes(held_out=choice.held_out))
    return [*answers[:: choice.every], *interruptions[:: choice.every]]


# What is printed


def _print(circumstances: TurnRun, findings: Sequence[Findings]) -> None:
    half = "held out" if circumstances.held_out else "known"
    heard = circumstances.transcriber if circumstances.words is TurnWords.HEARD else "the script"
    out.print()
    out.print(_answer_table(findings))
    out.print(_interruption_table(findings))
    out.print(
        f"{circumstances.scenes} interviews, {half} voices and sentences, words from {heard}. "
        f"On the clock a transcript costs {circumstances.prices.transcript_ms} ms, the detector "
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

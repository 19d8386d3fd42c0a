"""`vivavoce bench latency`: how fast the interviewer answers, in real interviews."""

import asyncio
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from vivavoce.cli.bench.circumstances import behind, choose, machine, row_table
from vivavoce.cli.bench.pictures import keep_picture
from vivavoce.cli.bench.priced_server import Prices, priced_server
from vivavoce.cli.console import out, read_settings
from vivavoce.cli.engine_notes import engine_table
from vivavoce.core.model_manifest import Role
from vivavoce.core.settings import Settings
from vivavoce.engines.select import EngineNote, open_engines
from vivavoce.services.bench.figures import (
    Outcome,
    answered,
    by_content,
    by_decision,
    by_stage,
    count,
    summarize,
)
from vivavoce.services.bench.latency import Bench, Load, Measured, Spending, measure
from vivavoce.services.bench.prompter import PromptedTranscriber, Prompter
from vivavoce.services.bench.stage_chart import stage_chart

ABOUT_SECONDS_EACH = 15
PRICED = "priced"


class Words(StrEnum):
    HEARD = "heard"
    SCRIPT = "script"


@dataclass(frozen=True)
class Circumstances:
    """What must be known to compare two runs."""

    engines: tuple[EngineNote, ...]
    words: Words
    load: Load
    load_average_before: float
    load_average_after: float


def latency(
    engines: Annotated[
        str,
        typer.Option(help="`auto` (as set), `embedded`, a folder of models, or `priced` servers."),
    ] = "auto",
    exchanges: Annotated[int, typer.Option(min=1, help="How many answers are given.")] = 20,
    parallel: Annotated[int, typer.Option(min=1, help="Interviews at the same time.")] = 1,
    words: Annotated[
        Words, typer.Option(help="`script`: for models with random weights, whose words are noise.")
    ] = Words.HEARD,
    cold: Annotated[
        bool, typer.Option("--cold", help="As a new template's first interview: nothing cached.")
    ] = False,
    as_json: Annotated[
        Path | None,
        typer.Option("--json", help="Also write the figures here, and the picture beside."),
    ] = None,
) -> None:
    """Interview simulated candidates in real time and report how fast they are answered."""
    load = Load(exchanges, parallel, cold)
    minutes = exchanges * ABOUT_SECONDS_EACH / parallel / 60
    out.print(f"{exchanges} answers in real time; this takes about {minutes:.0f} minutes.")
    circumstances, measured = asyncio.run(_bench(engines, load, words))
    _print(circumstances, measured)
    keep_picture(_picture(circumstances, measured), "stages", as_json)
    if as_json is not None:
        as_json.write_text(json.dumps(figures(circumstances, measured), indent=2) + "\n")


async def _bench(engines: str, load: Load, words: Words) -> tuple[Circumstances, Measured]:
    settings = read_settings()
    if engines != PRICED:
        return await _measure(choose(settings, engines), load, words)
    prices = Prices()
    out.print(f"Engines behind HTTP on loopback that cost: {prices}.")
    async with priced_server(prices) as url:
        return await _measure(behind(settings, url), load, Words.SCRIPT)


async def _measure(settings: Settings, load: Load, words: Words) -> tuple[Circumstances, Measured]:
    from vivavoce.app import engine_choice, floor_rules, shared_engines

    with tempfile.TemporaryDirectory(prefix="vivavoce-bench-") as folder:
        here = replace(settings, data=folder)
        busy_before = os.getloadavg()[0]
        spending = Spending()
        choice = replace(engine_choice(here), observe=spending.observe)
        async with open_engines(choice) as opened:
            out.print(engine_table(opened.notes))
            shared, prompter = shared_engines(opened), Prompter()
            if words is Words.SCRIPT:
                prompted = PromptedTranscriber(shared.transcriber, prompter)
                shared = replace(shared, transcriber=prompted)
            rules = floor_rules(here)
            with Progress(console=out, transient=True) as bar:
                task = bar.add_task("Interviewing", total=load.exchanges)
                bench = Bench(
                    shared, spending, rules, prompter, lambda n: bar.update(task, completed=n)
                )
                measured = await measure(Path(folder), bench, load)
        circumstances = Circumstances(opened.notes, words, load, busy_before, os.getloadavg()[0])
    return circumstances, measured


def _print(circumstances: Circumstances, measured: Measured) -> None:
    exchanges = measured.exchanges
    out.print()
    out.print(row_table("Voice to voice, ms", by_decision(exchanges)))
    out.print(row_table("First words of what it is about, ms", by_content(exchanges)))
    out.print(row_table("Stages, ms after the last sample of speech", by_stage(exchanges)))
    late = summarize("microphone frames taken in late", measured.late_ms)
    out.print(row_table("Event loop, ms", [late]))
    for line in _sentences(circumstances, measured):
        out.print(line)


def _picture(circumstances: Circumstances, measured: Measured) -> str:
    heard = next(note.engine for note in circumstances.engines if note.role is Role.TRANSCRIBER)
    note = (
        f"{count(measured.exchanges, Outcome.ANSWERED)} answers; median / 95th percentile, line: "
    )
    rows = [
        *by_stage(measured.exchanges),
        *(replace(row, label="voice to voice") for row in by_decision(measured.exchanges)[:1]),
    ]
    return stage_chart(f"From an answer to its reply ({heard})", f"{note}worst", rows)


def _sentences(circumstances: Circumstances, measured: Measured) -> list[str]:
    exchanges, load = measured.exchanges, circumstances.load
    lines = [
        f"{len(exchanges)} answers in {measured.conversations} interviews, {load.parallel} at a "
        f"time: {len(answered(exchanges))} answered, {count(exchanges, Outcome.CUT_OFF)} cut off, "
        f"{count(exchanges, Outcome.UNHEARD)} unheard.",
        f"{machine()}; load {circumstances.load_average_before:.1f} before, "
        f"{circumstances.load_average_after:.1f} after.",
    ]
    if load.cold:
        lines.append("Cold: the first interview also had its fixed texts spoken as it went.")
    if circumstances.words is Words.SCRIPT:
        lines.append(
            "The transcriber did all of its work, but its words were replaced by those of the "
            "script: these figures are costs, and say nothing about accuracy."
        )
    return lines


def figures(circumstances: Circumstances, measured: Measured) -> dict[str, Any]:
    """Everything that is printed, and every exchange by itself."""
    return {
        "machine": machine(),
        **asdict(circumstances),
        "voice_to_voice": [asdict(row) for row in by_decision(measured.exchanges)],
        "content": [asdict(row) for row in by_content(measured.exchanges)],
        "stages": [asdict(row) for row in by_stage(measured.exchanges)],
        "frames_late": asdict(summarize("", measured.late_ms)),
        "outcomes": {str(each): count(measured.exchanges, each) for each in Outcome},
        "exchanges": [asdict(exchange) for exchange in measured.exchanges],
    }

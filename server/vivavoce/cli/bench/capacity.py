"""`vivavoce bench capacity`: how many live interviews this machine holds."""

import asyncio
import json
import os
import socket
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.table import Table

from vivavoce.cli.bench.circumstances import choose, machine
from vivavoce.cli.bench.latency import Words
from vivavoce.cli.bench.stubbed_server import serve_stubbed
from vivavoce.cli.console import out, read_settings
from vivavoce.cli.engine_notes import engine_table
from vivavoce.core.capacity import CapacityMeasured
from vivavoce.core.settings import Settings
from vivavoce.engines.select import EngineNote, open_engines
from vivavoce.services.bench.capacity import Held, capacity_of, cpu_seconds, held, limit_ms, ramp
from vivavoce.services.bench.crowd.ramp import Level, RampPlan
from vivavoce.services.bench.crowd.ramp import ramp as crowd_ramp
from vivavoce.services.bench.latency import Bench, Load, Spending, measure
from vivavoce.services.bench.prompter import PromptedTranscriber, Prompter
from vivavoce.services.capacity_planning import engine_names, this_machine, write_capacity

STUBBED = "stubbed"
MIB = 1024 * 1024
STEP_SECONDS = 20.0
EXCHANGES = 8  # answers of each interview


def capacity(
    engines: Annotated[
        str,
        typer.Option(
            help="`auto` (as set), `embedded`, a folder of models, or `stubbed`: the sockets alone."
        ),
    ] = "auto",
    most: Annotated[int, typer.Option(min=1, help="Where to stop at the latest.")] = 400,
    bar_ms: Annotated[int, typer.Option(min=1, help="What 95 % of the answers keep to.")] = 800,
    words: Annotated[
        Words, typer.Option(help="`script`: for models with random weights, whose words are noise.")
    ] = Words.HEARD,
    step: Annotated[int, typer.Option(min=1, help="Sockets more at a time, if stubbed.")] = 50,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Also write every step to this file.")
    ] = None,
) -> None:
    """Hold more and more interviews at once until they suffer, and note how many were held."""
    settings = read_settings()
    if engines == STUBBED:
        levels = asyncio.run(_sockets(settings, step, most, bar_ms))
        _print_levels(levels, bar_ms)
        _keep(as_json, {f"{each.live} sockets": asdict(each) for each in levels})
        return
    steps, notes = asyncio.run(_interviews(choose(settings, engines), most, bar_ms, words))
    _print_steps(steps)
    _keep(as_json, {f"{each.interviews} at once": asdict(each) for each in steps})
    found = capacity_of(steps, bar_ms)
    out.print(_sentence(steps, bar_ms))
    if found is not None and engines == "auto" and words is Words.HEARD:
        write_capacity(Path(settings.data), _record(found, bar_ms, notes))
        out.print(f"Noted in {settings.data}; `VIVAVOCE_MAX_CONVERSATIONS=auto` goes by it.")


async def _interviews(
    settings: Settings, most: int, bar_ms: int, words: Words
) -> tuple[tuple[Held, ...], tuple[EngineNote, ...]]:
    from vivavoce.app import engine_choice, floor_rules, shared_engines

    with tempfile.TemporaryDirectory(prefix="vivavoce-bench-") as folder:
        here = replace(settings, data=folder)
        spending = Spending()
        choice = replace(engine_choice(here), observe=spending.observe)
        async with open_engines(choice) as opened:
            out.print(engine_table(opened.notes))
            shared, prompter = shared_engines(opened), Prompter()
            if words is Words.SCRIPT:
                prompted = PromptedTranscriber(shared.transcriber, prompter)
                shared = replace(shared, transcriber=prompted)
            bench = Bench(shared, spending, floor_rules(here), prompter, lambda _: None)

            async def step(interviews: int) -> Held:
                load = Load(EXCHANGES * interviews, interviews)
                before, began = cpu_seconds(), perf_counter()
                measured = await measure(Path(folder) / str(interviews), bench, load)
                took = perf_counter() - began
                found = held(interviews, measured, cpu_seconds() - before, took)
                out.print(f"{interviews} at once: p95 {found.voice_to_voice.p95} ms")
                return found

            return await ramp(most, bar_ms, step), opened.notes


async def _sockets(settings: Settings, step: int, most: int, bar_ms: int) -> tuple[Level, ...]:
    with tempfile.TemporaryDirectory(prefix="vivavoce-bench-") as folder:
        port = _free_port()
        here = replace(
            settings,
            data=folder,
            host="127.0.0.1",
            port=port,
            instance_url=f"http://127.0.0.1:{port}",
            max_conversations=most,
            log_level="error",
        )
        cores = sorted(os.sched_getaffinity(0))
        plan = RampPlan(step, most, STEP_SECONDS, bar_ms, cores[0] if len(cores) > 1 else None)
        return await crowd_ramp(
            here, serve_stubbed, plan, lambda level: out.print(f"{level.live} sockets measured")
        )


def _keep(file: Path | None, steps: dict[str, dict[str, object]]) -> None:
    if file is not None:
        file.write_text(json.dumps(steps, indent=2) + "\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _record(found: Held, bar_ms: int, notes: tuple[EngineNote, ...]) -> CapacityMeasured:
    return CapacityMeasured(
        interviews=found.interviews,
        p95_ms=found.voice_to_voice.p95 or bar_ms,
        bar_ms=bar_ms,
        measured_on=datetime.now(UTC).date().isoformat(),
        machine=this_machine(),
        engines=engine_names(notes),
    )


def _sentence(steps: tuple[Held, ...], bar_ms: int) -> str:
    found, limit = capacity_of(steps, bar_ms), limit_ms(steps, bar_ms)
    if found is None:
        return f"Nothing was answered. {machine()}."
    if limit == bar_ms:
        return f"{found.interviews} interviews at once keep to {bar_ms} ms. {machine()}."
    return (
        f"Not even one interview keeps to {bar_ms} ms here; {found.interviews} at once are no "
        f"slower than one alone (up to {limit} ms). {machine()}."
    )


def _print_steps(steps: tuple[Held, ...]) -> None:
    columns = ("n", "p50", "p95", "cut off", "unheard", "engine wait p95", "loop p95", "own cores")
    table = _table("Interviews at once; times in ms", columns)
    for each in steps:
        row, queued, late = each.voice_to_voice, each.queued.p95, each.frames_late.p95
        figures = (each.interviews, row.p50, row.p95, each.cut_off, each.unheard, queued, late)
        table.add_row(*map(_shown, figures), f"{each.processor:.2f}")
    out.print(table)


def _print_levels(levels: tuple[Level, ...], bar_ms: int) -> None:
    columns = ("sockets", "p50", "p95", "cut off", "lost", "loop p99", "core", "MiB", "speech")
    table = _table("Live audio sessions on one core, engines stubbed; times in ms", columns)
    for each in levels:
        row = each.voice_to_voice
        figures = (each.live, row.p50, row.p95, each.cut_off, each.lost, f"<{each.lag_p99_ms:.0f}")
        size, share = each.resident_bytes // MIB, f"{each.speech_share:.0%}"
        table.add_row(*map(_shown, figures), f"{each.cpu_share:.2f}", str(size), share)
    out.print(table)
    held_up = max((each.live for each in levels if each.holds(bar_ms)), default=0)
    out.print(f"{held_up} sockets kept to {bar_ms} ms and a loop within 20 ms. {machine()}.")


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        table.add_column(name, justify="right")
    return table


def _shown(figure: object) -> str:
    return "" if figure is None else str(figure)

"""`vivavoce bench turns`: who is cut off, who waits, and what stops the interviewer."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from vivavoce.cli.bench.circumstances import machine
from vivavoce.cli.bench.pictures import keep_picture
from vivavoce.cli.bench.turn_report import (
    USUAL_PACE,
    Findings,
    TurnRun,
    TurnWords,
    figures,
    picture,
    print_tables,
)
from vivavoce.cli.console import out, read_settings
from vivavoce.core.settings import Settings
from vivavoce.core.template import Pace
from vivavoce.engines.select import Engines, open_engines
from vivavoce.engines.turn_detector_rules import RuleTurnDetector
from vivavoce.ports.engines import TurnDetector
from vivavoce.services.bench.turns.charged import NoTranscriber, Prices
from vivavoce.services.bench.turns.play import TurnEngines, play
from vivavoce.services.bench.turns.scenes import AnswerScene, Scene, Stage
from vivavoce.services.bench.turns.virtual_time import opened_meanwhile, run

# The first hears what is no answer as well.
PACES = (USUAL_PACE, *(pace for pace in Pace if pace is not USUAL_PACE))


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
        typer.Option("--pace", help="Only this one, or these; the first hears noises as well."),
    ] = None,
    as_json: Annotated[
        Path | None,
        typer.Option("--json", help="Also write every answer here, and the picture beside."),
    ] = None,
) -> None:
    """Play a corpus of hard moments on virtual time, with the rules and with Smart Turn."""
    began = time.monotonic()
    chosen = _Choice(words, not known, every, seed, Prices(), tuple(paces or PACES))
    circumstances, findings = run(_measure(read_settings(), chosen))
    print_tables(circumstances, findings)
    out.print(f"{machine()}; {time.monotonic() - began:.0f} s.")
    keep_picture(picture(circumstances, findings), "turns", as_json)
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
    # No pace has a part in what interrupts.
    answers = [scene for scene in scenes if isinstance(scene, AnswerScene)]
    programs = [(each, scenes if each.pace is ears[0].pace else answers) for each in ears]
    found = []
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("Playing", total=sum(len(program) for _, program in programs))
        for engines, program in programs:
            name = engines.detector.name
            named = [(f"{name}-{number}", scene) for number, scene in enumerate(program)]
            played = await play(named, engines, lambda: bar.advance(task))
            given, reactions = tuple(played.given), tuple(played.reactions)
            found.append(Findings(name, engines.pace, given, reactions))
    return found


def _scenes(choice: _Choice) -> list[Scene]:
    stage = Stage(choice.seed)
    answers = list(stage.answer_scenes(held_out=choice.held_out))
    interruptions = list(stage.interruption_scenes(held_out=choice.held_out))
    return [*answers[:: choice.every], *interruptions[:: choice.every]]

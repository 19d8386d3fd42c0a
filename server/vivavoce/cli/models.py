"""`vivavoce models`: which weights are known, which are here, and fetching the rest."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from vivavoce.cli.console import err, out, read_settings
from vivavoce.core.model_manifest import ModelEntry, Role
from vivavoce.services.models import ModelFolder, ModelState

Names = Annotated[
    list[str] | None, typer.Argument(help="Models by name; without any, the set of this box.")
]
Box = Annotated[str | None, typer.Option(help="small, normal or gpu.")]

models = typer.Typer(help="The weights of real engines.", no_args_is_help=True)


@models.command("list")
def list_models() -> None:
    """Show every known model, and whether it is here."""
    settings = read_settings()
    folder = ModelFolder(Path(settings.models_dir))
    chosen = {entry.name for entry in folder.manifest.box(settings.box)}
    table = Table.grid(padding=(0, 2))
    for state in folder.installed():
        entry = state.entry
        here = "[green]here[/]" if state.complete else "[dim]not here[/]"
        mark = "*" if entry.name in chosen else " "
        size = f"{entry.size_bytes / 10**6:,.0f} MB"
        table.add_row(mark, entry.name, entry.role.replace("_", " "), size, entry.licence, here)
    out.print(table)
    out.print(f"* the set `{settings.box}`, which `vivavoce models pull` fetches")


@models.command("pull")
def pull(names: Names = None, box: Box = None) -> None:
    """Fetch models, going on where an earlier attempt stopped."""
    folder, entries = _chosen(names, box)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    ) as bars:
        for entry in entries:
            _pull(folder, entry, bars)
    if any(entry.role is Role.LANGUAGE_MODEL for entry in entries):
        _require_llama()


@models.command("verify")
def verify(names: Names = None, box: Box = None) -> None:
    """Hash the files and compare; the exit status is 1 when one is missing or damaged."""
    folder, entries = _chosen(names, box)
    states = [folder.verify(entry) for entry in entries]
    for state in states:
        _print_state(state)
    if not all(state.complete for state in states):
        raise typer.Exit(1)


def _chosen(names: list[str] | None, box: str | None) -> tuple[ModelFolder, list[ModelEntry]]:
    settings = read_settings(box=box)
    folder = ModelFolder(Path(settings.models_dir))
    manifest = folder.manifest
    if names:
        return folder, [manifest.model(name) for name in names]
    return folder, list(manifest.box(settings.box))


def _pull(folder: ModelFolder, entry: ModelEntry, bars: Progress) -> None:
    tasks = {file.path: bars.add_task(file.path, total=file.size_bytes) for file in entry.files}

    def progress(file: str, done: int, expected: int) -> None:
        bars.update(tasks[file], completed=done, total=expected or None)

    folder.pull(entry, progress)
    for file in entry.files:
        bars.update(tasks[file.path], completed=file.size_bytes, total=file.size_bytes)


def _print_state(state: ModelState) -> None:
    if state.complete:
        out.print(f"[green]good[/]  {state.entry.name}")
        return
    for file in state.files:
        if file.problem:
            out.print(f"[red]{file.problem.replace('_', ' ')}[/]  {file.path}", soft_wrap=True)


def _require_llama() -> None:
    """The library of the language model has no wheels, so it is built on the machine."""
    if importlib.util.find_spec("llama_cpp") is not None:
        return
    out.print("Building llama-cpp-python from source; this takes minutes …")
    # GCC 12 takes the stores of a tile configuration for dead, as its own intrinsic does not say
    # that it reads them; on processors with AMX the first prompt would then end the process.
    sound = "--config-settings=cmake.define.CMAKE_CXX_FLAGS=-fno-dse"
    built = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [sys.executable, "-m", "pip", "install", "--quiet", sound, "llama-cpp-python"],
        check=False,
    )
    if built.returncode:
        err.print("It could not be built: it needs a C++ compiler. Try `make llm`.")
        raise typer.Exit(1)

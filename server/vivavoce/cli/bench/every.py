"""`vivavoce bench all` and `vivavoce bench compare`: the whole set, kept, and two of them."""

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from vivavoce import __version__
from vivavoce.cli.bench.circumstances import machine
from vivavoce.cli.bench.pictures import FOLDER
from vivavoce.cli.console import out
from vivavoce.core.errors import Invalid
from vivavoce.services.bench.comparing import compared

# A name for the result, and the bench as it is run; each takes two to five minutes.
BENCHES: Mapping[str, tuple[str, ...]] = {
    "latency, embedded engines": ("latency", "--engines", "embedded", "--parallel", "2"),
    "latency, priced engines": ("latency", "--engines", "priced", "--parallel", "2"),
    "sockets, stubbed engines": ("capacity", "--engines", "stubbed", "--step", "20"),
    "turn taking": ("turns", "--words", "script", "--every", "3"),
}


def run_all(
    into: Annotated[Path, typer.Option(help="Folder of the result files.")] = FOLDER,
) -> None:
    """Run every bench and keep the figures in one dated file, which `compare` reads."""
    keep_all(BENCHES, into)


def keep_all(benches: Mapping[str, tuple[str, ...]], into: Path) -> None:
    """The figures go into one file; the pictures lie beside it, under its name and the bench's."""
    began = datetime.now(UTC)
    dated = f"{began:%Y-%m-%dT%H-%M-%S}"
    into.mkdir(parents=True, exist_ok=True)
    results = {
        name: _run(arguments, into / f"{dated}-{re.sub('[^a-z]+', '-', name)}.json")
        for name, arguments in benches.items()
    }
    kept = {"facts": _facts(began), "benches": results}
    file = into / f"{dated}.json"
    file.write_text(json.dumps(kept, indent=2) + "\n")
    out.print(f"Kept as {file}", soft_wrap=True)


def compare(
    before: Annotated[Path, typer.Argument(help="An earlier result file.")],
    after: Annotated[Path, typer.Argument(help="A later one.")],
) -> None:
    """Print how every figure of two results differs."""
    earlier, later = _read(before), _read(after)
    table = Table.grid(padding=(0, 2))
    for one in compared(earlier["benches"], later["benches"]):
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        figures = (f"{one.before.value:g}", f"{one.after.value:g}", ratio)
        table.add_row(one.name, *figures, one.note)
    out.print(table)
    for name, result in (("Before", earlier), ("After", later)):
        facts = result["facts"]
        out.print(f"{name}: {facts['commit'] or 'no commit'}, {facts['at']}, {facts['machine']}.")
    out.print(
        "few: of fewer than 20 answers, where chance moves a percentile. same: within a tenth, as "
        "two runs of one program differ. Compare only runs of one machine that had nothing else "
        "to do."
    )


def _run(arguments: tuple[str, ...], file: Path) -> dict[str, Any]:
    """One bench in a process of its own, so that none inherits the state of the one before."""
    command = [sys.executable, "-m", "vivavoce", "bench", *arguments, "--json", str(file)]
    try:
        ran = subprocess.run(command, check=False)  # noqa: S603 - ourselves
        if ran.returncode != 0:
            raise Invalid("bench_failed", f"The bench `{arguments[0]}` failed.")
        figures: dict[str, Any] = json.loads(file.read_text())
    finally:
        file.unlink(missing_ok=True)  # its picture, which it has told of, stays
    return figures


def _facts(began: datetime) -> dict[str, Any]:
    return {
        "at": began.isoformat(timespec="seconds"),
        "version": __version__,
        "commit": _commit(),
        "machine": machine(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(terse=True),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _commit() -> str:
    """Of the program's own tree, with a plus when it was changed since; empty without one."""
    command = ("git", "describe", "--always", "--dirty=+", "--exclude=*")
    here = Path(__file__).parent
    try:
        told = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return ""
    return told.stdout.strip()


def _read(file: Path) -> dict[str, Any]:
    try:
        result = json.loads(file.read_text())
    except (FileNotFoundError, ValueError) as error:
        raise Invalid("bench_result", f"{file.name} is no result of `bench all`.") from error
    if not isinstance(result, dict) or not {"facts", "benches"} <= set(result):
        raise Invalid("bench_result", f"{file.name} is no result of `bench all`.")
    return result

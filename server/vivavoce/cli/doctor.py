"""`vivavoce doctor`: what is ready, what is not, and what to do about it."""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter

import typer
from rich.table import Table

from vivavoce.cli.console import out, read_settings
from vivavoce.cli.servers import listen
from vivavoce.core.errors import EngineFailure, VivavoceError
from vivavoce.core.mail_settings import parse_smtp_url
from vivavoce.core.settings import Settings
from vivavoce.engines.select import EngineNote, Greet, open_engines

ENOUGH_DISK_BYTES = 2 * 1024**3
_MARKS = {"ready": "[green]ready[/]", "note": "[yellow]note[/]", "broken": "[red]broken[/]"}

_KEY = "Check the setting with its API key."
_LOG = "Its own log says why."
_REMEDIES = {
    "remote_unreachable": "Is it running, and does its address end in /v1?",
    "remote_slow": "Is it still loading its model? The VIVAVOCE_REMOTE_… settings have the limits.",
    "remote_unreadable": "Does its address end in /v1, and is it the server of this role?",
}
_REFUSALS = {
    400: "Check the setting with the name of its model.",
    401: _KEY,
    403: _KEY,
    404: "Does its address end in /v1, and does it serve the model that is set?",
    429: "It has more work than it takes.",
}


class Verdict(StrEnum):
    READY = "ready"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    subject: str
    verdict: Verdict
    words: str


def doctor() -> None:
    """Look over this installation; the exit status is 1 when something is broken."""
    settings = read_settings()
    findings = [*examine(settings), *asyncio.run(examine_engines(settings))]
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        table.add_row(_MARKS[finding.verdict], finding.subject, finding.words)
    out.print(table)
    if any(finding.verdict is Verdict.BROKEN for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    yield _python()
    yield _data_folder(Path(settings.data))
    yield _port(settings)
    yield _address(settings)
    yield _mail(settings)
    yield _threads(settings)


async def examine_engines(settings: Settings) -> list[Finding]:
    from vivavoce.app import engine_choice

    try:
        async with open_engines(engine_choice(settings)) as engines:
            greetings = engines.greetings
            return [
                await _server(note, greetings[note.role])
                if note.role in greetings
                else _engine(note)
                for note in engines.notes
            ]
    except EngineFailure as failure:
        return [Finding("Engines", Verdict.BROKEN, failure.message)]


async def _server(note: EngineNote, greet: Greet) -> Finding:
    """Whether a server answers a request as small as they come, and what to do if not."""
    began = perf_counter()
    try:
        await greet()
    except EngineFailure as failure:
        stand_in = f" {note.stand_in} stands in for it." if note.stand_in else ""
        words = f"{note.engine}. {failure.message} {_remedy(failure)}{stand_in}"
        return Finding(_subject(note), Verdict.BROKEN, words)
    ms = round((perf_counter() - began) * 1000)
    return Finding(_subject(note), Verdict.READY, f"{note.engine} answered in {ms} ms")


def _remedy(failure: EngineFailure) -> str:
    if failure.code != "remote_refused":
        return _REMEDIES.get(failure.code, _LOG)
    status = getattr(failure, "answered_status", 0)
    return _REFUSALS.get(status, _LOG)


def _subject(note: EngineNote) -> str:
    return note.role.replace("_", " ").capitalize()


def _engine(note: EngineNote) -> Finding:
    subject = _subject(note)
    if not note.embedded:
        return Finding(subject, Verdict.READY, note.engine)
    words = f"{note.engine}, embedded. {note.reason} {note.what_to_do}".strip()
    return Finding(subject, Verdict.NOTE, words)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", Verdict.READY, version)


def _data_folder(folder: Path) -> Finding:
    place = folder if folder.is_dir() else folder.absolute().parent
    if not os.access(place, os.W_OK):
        return Finding("Data folder", Verdict.BROKEN, f"{folder} cannot be written.")
    free = shutil.disk_usage(place).free
    gigabytes = f"{free / 1024**3:.0f} GB free for recordings in {folder}"
    enough = free >= ENOUGH_DISK_BYTES
    return Finding("Data folder", Verdict.READY if enough else Verdict.NOTE, gigabytes)


def _port(settings: Settings) -> Finding:
    try:
        listen(settings.host, settings.port).close()
    except VivavoceError as error:
        return Finding("Port", Verdict.NOTE, error.message)
    return Finding("Port", Verdict.READY, f"{settings.port} is free")


def _address(settings: Settings) -> Finding:
    origin = settings.origin
    if origin.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        return Finding("Address", Verdict.READY, origin)
    words = f"{origin}: browsers give the microphone to https addresses only."
    return Finding("Address", Verdict.BROKEN, words)


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url:
        return Finding("Mail", Verdict.READY, parse_smtp_url(settings.smtp_url).host)
    words = f"files in {Path(settings.data) / 'outbox'}. Set VIVAVOCE_SMTP_URL to send it."
    return Finding("Mail", Verdict.NOTE, words)


def _threads(settings: Settings) -> Finding:
    wanted = (
        settings.transcriber_threads,
        settings.language_model_threads,
        settings.synthesizer_threads,
    )
    cores = os.cpu_count() or 1
    if not any(wanted):
        return Finding("Threads", Verdict.READY, f"planned for {cores} cores")
    words = f"{sum(wanted)} threads of engines on {cores} cores"
    return Finding("Threads", Verdict.READY if sum(wanted) <= cores else Verdict.NOTE, words)

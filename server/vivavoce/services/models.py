"""Fetching and checking the weights: resumable, verified, and clear about what to do by hand."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Manifest, ModelEntry, ModelFile, parse_manifest

MANIFEST_FILE = "manifest.toml"
RECORD_FILE = "installed.json"
ATTEMPTS = 4
SPARE_BYTES = 64 << 20
TIMEOUT = httpx.Timeout(30, connect=10)
OK, PARTIAL_CONTENT, RANGE_UNSATISFIABLE = 200, 206, 416
FIRST_SERVER_ERROR = 500

Judge = Callable[[ModelEntry, ModelFile], str]
Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes expected (0: unknown)


@dataclass(frozen=True)
class FileState:
    """`problem` is empty, or one of `missing`, `incomplete`, `wrong_content`."""

    path: Path
    problem: str


@dataclass(frozen=True)
class ModelState:
    entry: ModelEntry
    files: tuple[FileState, ...]

    @property
    def complete(self) -> bool:
        return not any(file.problem for file in self.files)


class TransferError(Exception):
    """The connection broke or the server stumbled."""


class ModelFolder:
    """The models folder: what its manifest names, what is there, and how to get the rest."""

    def __init__(self, models_dir: Path, client: httpx.Client | None = None) -> None:
        self._folder = models_dir
        self._client = client

    @property
    def manifest(self) -> Manifest:
        """Raises `EngineFailure` code `manifest_missing`, or `Invalid`."""
        path = self._folder / MANIFEST_FILE
        if not path.is_file():
            raise EngineFailure("manifest_missing", f"There is no manifest at {path}.")
        return parse_manifest(path.read_text())

    def installed(self) -> tuple[ModelState, ...]:
        """All models of the manifest by presence and size; quick, hashes nothing."""
        return tuple(self._state(entry, self._present) for entry in self.manifest.models)

    def verify(self, entry: ModelEntry) -> ModelState:
        """Hash every file; files whose hash nobody knows yet are recorded as they are."""
        state = self._state(entry, self._verified)
        for file in entry.files:
            path = self._path(entry, file)
            known = file.sha256 or self._recorded(entry, file).get("sha256")
            if not known and path.is_file() and path.stat().st_size:
                self._record(entry, file, hash_of(path))
        return state

    def pull(self, entry: ModelEntry, progress: Progress) -> None:
        """Fetch what is missing or damaged.

        Raises `EngineFailure` codes `offline`, `disk_full`, `model_gone`, `model_wrong_content`.
        """
        needed = [f for f in entry.files if self._verified(entry, f)]
        self._require_room(sum(file.size_bytes for file in needed))
        for file in needed:
            self._fetch(entry, file, progress)

    def _fetch(self, entry: ModelEntry, file: ModelFile, progress: Progress) -> None:
        target = self._path(entry, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        for _ in range(ATTEMPTS):
            try:
                self._continue(file, part, progress)
                break
            except TransferError:
                continue
            except httpx.TransportError:
                continue
        else:
            raise offline(file, target)
        found = hash_of(part)
        if file.sha256 and found != file.sha256:
            part.unlink()
            message = f"What {file.url} serves is not the expected file."
            raise EngineFailure("model_wrong_content", message)
        part.replace(target)
        self._record(entry, file, found)

    def _continue(self, file: ModelFile, part: Path, progress: Progress) -> None:
        """Append what `part` still lacks. Raises `TransferError` where another try may help."""
        start = part.stat().st_size if part.is_file() else 0
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with self._stream(file.url, headers) as response:
            if response.status_code == RANGE_UNSATISFIABLE and start:
                if total_of(response) == start:
                    return  # it was complete already
                part.unlink()
                raise TransferError
            check_status(response, file)
            resumed = response.status_code == PARTIAL_CONTENT
            if not resumed:
                start = 0  # the server ignores ranges: begin again
            expected = start + int(response.headers.get("Content-Length", 0))
            done = start
            with part.open("ab" if resumed else "wb") as out:
                for chunk in response.iter_raw():
                    out.write(chunk)
                    done += len(chunk)
                    progress(file.path, done, expected if expected > start else 0)
        if expected > start and done < expected:
            raise TransferError

    def _stream(self, url: str, headers: dict[str, str]) -> Any:  # noqa: ANN401 - context manager
        if self._client is not None:
            return self._client.stream("GET", url, headers=headers)
        return httpx.stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=True)

    def _require_room(self, needed_bytes: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if needed_bytes and shutil.disk_usage(self._folder).free < needed_bytes + SPARE_BYTES:
            message = f"{self._folder} has no room for {needed_bytes // 10**6} MB more."
            raise EngineFailure("disk_full", message)

    def _state(self, entry: ModelEntry, judge: Judge) -> ModelState:
        states = (FileState(self._path(entry, file), judge(entry, file)) for file in entry.files)
        return ModelState(entry, tuple(states))

    def _present(self, entry: ModelEntry, file: ModelFile) -> str:
        path = self._path(entry, file)
        if not path.is_file():
            return "incomplete" if path.with_name(f"{path.name}.part").is_file() else "missing"
        expected = file.size_bytes if file.sha256 else self._recorded(entry, file).get("size", 0)
        size = path.stat().st_size
        return "incomplete" if size == 0 or (expected and size != expected) else ""

    def _verified(self, entry: ModelEntry, file: ModelFile) -> str:
        problem = self._present(entry, file)
        known = file.sha256 or self._recorded(entry, file).get("sha256")
        if not problem and known and hash_of(self._path(entry, file)) != known:
            return "wrong_content"
        return problem

    def _path(self, entry: ModelEntry, file: ModelFile) -> Path:
        return self._folder / entry.name / file.path

    def _recorded(self, entry: ModelEntry, file: ModelFile) -> dict[str, Any]:
        found: dict[str, Any] = self._records().get(entry.name, {}).get(file.path, {})
        return found

    def _records(self) -> dict[str, Any]:
        try:
            record = json.loads((self._folder / RECORD_FILE).read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return record if isinstance(record, dict) else {}

    def _record(self, entry: ModelEntry, file: ModelFile, sha256: str) -> None:
        stat = self._path(entry, file).stat()
        records = self._records()
        facts = {"sha256": sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
        records.setdefault(entry.name, {})[file.path] = facts
        beside = self._folder / f"{RECORD_FILE}.new"
        beside.write_text(json.dumps(records, indent=1, sort_keys=True))
        beside.replace(self._folder / RECORD_FILE)


def check_status(response: httpx.Response, file: ModelFile) -> None:
    if response.status_code in (OK, PARTIAL_CONTENT):
        return
    if response.status_code >= FIRST_SERVER_ERROR:
        raise TransferError
    message = f"{file.url} answers with status {response.status_code}."
    raise EngineFailure("model_gone", message)


def total_of(response: httpx.Response) -> int:
    """The length of the whole file by `Content-Range: bytes */123`; 0 when unsaid."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else 0


def offline(file: ModelFile, target: Path) -> EngineFailure:
    message = f"Cannot reach {file.url}. Fetch it elsewhere and copy it to {target}."
    return EngineFailure("offline", message)


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing_files(states: tuple[ModelState, ...]) -> Iterator[Path]:
    """The files that are not there or not whole."""
    for state in states:
        yield from (file.path for file in state.files if file.problem)

"""Fetching weights from a server that breaks, lies, forgets ranges or is not there."""

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import ModelEntry
from vivavoce.services.models import ModelFolder, missing_files

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(BaseHTTPRequestHandler):
    """Serves `CONTENT`; the server's `behaviour` says how badly."""

    server: "MirrorServer"

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        start = self._start() if behaviour.ranges else 0
        self.server.starts.append(start)
        if behaviour.status != 200:
            self.send_error(behaviour.status)
            return
        if start >= len(CONTENT):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(CONTENT)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = behaviour.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if behaviour.breaks:
            behaviour.breaks -= 1
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(body)

    def _start(self) -> int:
        wanted = self.headers.get("Range", "bytes=0-")
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: test output stays readable."""


class MirrorServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Mirror)
        self.behaviour = SimpleNamespace(ranges=True, breaks=0, status=200, content=CONTENT)
        self.starts: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/model.bin"


@pytest.fixture
def mirror() -> Iterator[MirrorServer]:
    server = MirrorServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def folder_with(tmp_path: Path, url: str, sha256: str = SHA256) -> tuple[ModelFolder, ModelEntry]:
    (tmp_path / "manifest.toml").write_text(
        "[sets]\nsmall = ['ear']\n[[model]]\nname = 'ear'\nrole = 'transcriber'\n"
        "languages = ['en']\nlicence = 'MIT'\nfiles = [{ path = 'model.bin', "
        f"url = '{url}', size_bytes = {len(CONTENT)}, sha256 = '{sha256}' }}]\n"
    )
    folder = ModelFolder(tmp_path)
    return folder, folder.manifest.model("ear")


def ignore(path: str, done: int, expected: int) -> None:
    """Progress that nobody watches."""


def code_of_pull(folder: ModelFolder, entry: ModelEntry) -> str:
    with pytest.raises(EngineFailure) as failure:
        folder.pull(entry, ignore)
    return failure.value.code


def test_a_model_is_fetched_verified_and_recorded(mirror: MirrorServer, tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    assert [state.complete for state in folder.installed()] == [False]
    seen: list[tuple[str, int, int]] = []
    folder.pull(entry, lambda path, done, expected: seen.append((path, done, expected)))
    assert (tmp_path / "ear" / "model.bin").read_bytes() == CONTENT
    assert seen[-1] == ("model.bin", len(CONTENT), len(CONTENT))
    assert folder.installed()[0].complete
    assert folder.verify(entry).complete
    recorded = json.loads((tmp_path / "installed.json").read_text())["ear"]["model.bin"]
    assert recorded["sha256"] == SHA256
    assert not list(tmp_path.glob("**/*.part"))


def test_what_is_there_is_not_fetched_again(mirror: MirrorServer, tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    folder.pull(entry, ignore)
    folder.pull(entry, ignore)
    assert len(mirror.starts) == 1


def test_a_broken_transfer_goes_on_where_it_stopped(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.behaviour.breaks = 2
    folder, entry = folder_with(tmp_path, mirror.url)
    folder.pull(entry, ignore)
    half = len(CONTENT) // 2
    assert mirror.starts == [0, half, half + half // 2]
    assert folder.verify(entry).complete


def test_a_later_run_resumes_an_abandoned_one(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.behaviour.breaks = 100
    folder, entry = folder_with(tmp_path, mirror.url)
    assert code_of_pull(folder, entry) == "offline"
    assert folder.installed()[0].files[0].problem == "incomplete"
    mirror.behaviour.breaks = 0
    folder.pull(entry, ignore)
    assert mirror.starts[-1] > 0
    assert folder.verify(entry).complete


def test_a_complete_part_only_needs_its_name(mirror: MirrorServer, tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    (tmp_path / "ear").mkdir()
    (tmp_path / "ear" / "model.bin.part").write_bytes(CONTENT)
    folder.pull(entry, ignore)
    assert folder.verify(entry).complete


def test_a_part_longer_than_the_file_is_begun_again(mirror: MirrorServer, tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    (tmp_path / "ear").mkdir()
    (tmp_path / "ear" / "model.bin.part").write_bytes(CONTENT + b"more")
    folder.pull(entry, ignore)
    assert folder.verify(entry).complete


def test_a_server_without_ranges_is_begun_again(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.behaviour.ranges, mirror.behaviour.breaks = False, 1
    folder, entry = folder_with(tmp_path, mirror.url)
    folder.pull(entry, ignore)
    assert folder.verify(entry).complete


def test_wrong_bytes_are_thrown_away(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.behaviour.content = b"x" * len(CONTENT)
    folder, entry = folder_with(tmp_path, mirror.url)
    assert code_of_pull(folder, entry) == "model_wrong_content"
    assert list((tmp_path / "ear").iterdir()) == []


@pytest.mark.parametrize(("status", "code"), [(404, "model_gone"), (403, "model_gone")])
def test_a_refusal_is_not_repeated(
    mirror: MirrorServer, tmp_path: Path, status: int, code: str
) -> None:
    mirror.behaviour.status = status
    folder, entry = folder_with(tmp_path, mirror.url)
    assert code_of_pull(folder, entry) == code
    assert len(mirror.starts) == 1


def test_a_stumbling_server_is_asked_again(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.behaviour.status = 503
    folder, entry = folder_with(tmp_path, mirror.url)
    assert code_of_pull(folder, entry) == "offline"
    assert len(mirror.starts) > 1


def test_offline_says_what_to_copy_where(mirror: MirrorServer, tmp_path: Path) -> None:
    mirror.shutdown()
    mirror.server_close()
    folder, entry = folder_with(tmp_path, mirror.url)
    with pytest.raises(EngineFailure) as failure:
        folder.pull(entry, ignore)
    assert failure.value.code == "offline"
    assert mirror.url in failure.value.message
    assert str(tmp_path / "ear" / "model.bin") in failure.value.message


def test_a_file_copied_by_hand_is_accepted_once_verified(tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, "http://127.0.0.1:9/model.bin")
    (tmp_path / "ear").mkdir()
    (tmp_path / "ear" / "model.bin").write_bytes(CONTENT)
    assert folder.verify(entry).complete
    folder.pull(entry, ignore)


def test_without_a_known_hash_what_was_fetched_is_what_counts(
    mirror: MirrorServer, tmp_path: Path
) -> None:
    folder, entry = folder_with(tmp_path, mirror.url, sha256="")
    folder.pull(entry, ignore)
    target = tmp_path / "ear" / "model.bin"
    damaged = bytearray(CONTENT)
    damaged[1000] ^= 1
    target.write_bytes(bytes(damaged))
    assert folder.verify(entry).files[0].problem == "wrong_content"
    assert list(missing_files((folder.verify(entry),))) == [target]
    folder.pull(entry, ignore)
    assert target.read_bytes() == CONTENT


def test_truncated_and_empty_files_are_incomplete(mirror: MirrorServer, tmp_path: Path) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    folder.pull(entry, ignore)
    for content in (CONTENT[:-1], b""):
        (tmp_path / "ear" / "model.bin").write_bytes(content)
        assert folder.installed()[0].files[0].problem == "incomplete"


def test_a_full_disk_is_noticed_before_anything_is_fetched(
    mirror: MirrorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, entry = folder_with(tmp_path, mirror.url)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    assert code_of_pull(folder, entry) == "disk_full"
    assert mirror.starts == []


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineFailure) as failure:
        ModelFolder(tmp_path).installed()
    assert failure.value.code == "manifest_missing"

"""Without a mail server letters become files, for a person or another program to send."""

import os
from functools import partial
from pathlib import Path

from anyio import to_thread

from vivavoce.core.errors import Unprocessable
from vivavoce.core.mail import Letter, SendOutcome
from vivavoce.mail.message import packed
from vivavoce.ports.mail import HandOver


class FolderTransport:
    """A `ports.mail.MailTransport`. A letter has one file name, so writing it again adds none, and
    there is no moment that must not be repeated.
    """

    longest_attempt_seconds = 30.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        try:
            content = packed(letter).content
        except Unprocessable:
            return SendOutcome.REFUSED
        name = letter.message_id.partition("@")[0] + ".eml"
        try:
            await to_thread.run_sync(partial(_write, self._folder, name, content))
        except OSError:
            return SendOutcome.UNREACHABLE
        return SendOutcome.SENT


def _write(folder: Path, name: str, content: bytes) -> None:
    """Whole or not at all, and there after a power cut; only this account may read it."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)
    unfinished = folder / f".{name}.part"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """A name is as lasting as its folder: what is `sent` is looked for nowhere else."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)

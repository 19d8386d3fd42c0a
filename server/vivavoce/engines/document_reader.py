"""Has files read in a process that may do nothing else, and ends it when it takes too long."""

import asyncio
import json
import os
import sys
from contextlib import suppress

from vivavoce.core.knowledge import DocumentKind, Refusal, refused, require_readable

# -B: what a library loads late it would compile into a file, and the process may write none.
COMMAND = ("-B", "-m", "vivavoce.engines.document_text")
TIMEOUT_SECONDS = 30.0
AT_ONCE = 2  # processes, each of which may fill a core


class ProcessDocumentReader:
    """A `ports.documents.DocumentReader`."""

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, kind: DocumentKind, content: bytes) -> tuple[str, ...]:
        async with self._turns:
            output = await self._run(kind, content)
        answer = json.loads(output) if output else {"refusal": Refusal.UNREADABLE}
        if "refusal" in answer:
            raise refused(Refusal(answer["refusal"]))
        # Lone surrogates and NUL, which broken fonts map to, fit into no database.
        pages = tuple(_storable(page) for page in answer["pages"])
        require_readable(pages)
        return pages

    async def _run(self, kind: DocumentKind, content: bytes) -> bytes:
        """What the process answered; nothing when it failed or was ended."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *COMMAND,
            kind,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        try:
            async with asyncio.timeout(self._timeout_seconds):
                output, _ = await process.communicate(content)
        except TimeoutError:
            return b""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return output if process.returncode == 0 else b""


def _storable(text: str) -> str:
    return "".join(" " if mark == "\0" or "\ud800" <= mark <= "\udfff" else mark for mark in text)

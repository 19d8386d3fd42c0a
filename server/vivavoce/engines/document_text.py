"""The process in which a stranger's file is read, because a file can be made to break its reader.

The kind of the file is the argument, the file is standard input. Standard output is one line of
JSON: `{"pages": ["text of page 1", ...]}` or `{"refusal": "document_encrypted"}`. The process may
use little memory and time, opens no file, starts no program and reaches no network. Whatever else
goes wrong ends it, which says enough.
"""

import io
import json
import os
import resource
import sys
import zipfile
from typing import NoReturn

from vivavoce.core.knowledge import MOST_CHARACTERS, MOST_PAGES, DocumentKind, Refusal

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 15
OPEN_FILES = 32
MOST_MEMBERS = 2000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system")


class _RefusedError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def pages_of(kind: DocumentKind, content: bytes) -> list[str]:
    match kind:
        case DocumentKind.PDF:
            return _pdf_pages(content)
        case DocumentKind.DOCX:
            return [_docx_text(content)]
        case DocumentKind.TXT:
            return [page.strip("\n") for page in content.decode("utf-8-sig").split("\f")]


def _pdf_pages(content: bytes) -> list[str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    # An owner's password alone leaves a file that opens with the empty one.
    if reader.is_encrypted and not reader.decrypt(""):
        raise _RefusedError(Refusal.ENCRYPTED)
    if len(reader.pages) > MOST_PAGES:
        raise _RefusedError(Refusal.TOO_LONG)
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text())
        _require_short(pages)
    return pages


def _docx_text(content: bytes) -> str:
    from docx import Document
    from docx.table import Table

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED_BYTES:
        raise _RefusedError(Refusal.UNREADABLE)
    if not any(one.filename == "word/document.xml" for one in members):
        raise _RefusedError(Refusal.TYPE)  # some other kind of archive
    paragraphs: list[str] = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            paragraphs += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            paragraphs.append(block.text)
        _require_short(paragraphs)
    return "\n".join(paragraphs)


def _require_short(texts: list[str]) -> None:
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise _RefusedError(Refusal.TOO_LONG)


def _confine() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    writing = event == "open" and isinstance(arguments[1], str) and arguments[1].strip("rbtU")
    if writing or event.startswith(_FORBIDDEN):
        _leave()


def _leave() -> NoReturn:
    os._exit(2)


def main() -> None:
    kind, content = DocumentKind(sys.argv[1]), sys.stdin.buffer.read()
    _confine()
    try:
        answer: dict[str, object] = {"pages": pages_of(kind, content)}
    except _RefusedError as refused:
        answer = {"refusal": refused.refusal}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()

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
from typing import NoReturn

from vivavoce.core.errors import VivavoceError
from vivavoce.core.knowledge import (
    MOST_CHARACTERS,
    MOST_DOCUMENT_BYTES,
    MOST_PAGES,
    DocumentKind,
    Refusal,
    refused,
)
from vivavoce.engines.word_text import word_text

MEMORY_BYTES = 768 * 1024 * 1024
# A hundred pages of text take one or two; each kind that is made to be slow meets its end here.
CPU_SECONDS = {DocumentKind.PDF: 5, DocumentKind.DOCX: 3, DocumentKind.TXT: 2}
OPEN_FILES = 32
# Of a PDF: the instructions of all pages, of one stream, and what any stream unpacks to. A page of
# text has some ten kilobytes of them; pictures and fonts are not unpacked.
MOST_PAGE_BYTES = 6 * 1024 * 1024
MOST_STREAM_BYTES = 8 * 1024 * 1024
MOST_STREAM_STEPS = 400_000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system")


def pages_of(kind: DocumentKind, content: bytes) -> list[str]:
    """Raises `Unprocessable`; what is damaged raises anything."""
    match kind:
        case DocumentKind.PDF:
            return _pdf_pages(content)
        case DocumentKind.DOCX:
            return [word_text(content)]
        case DocumentKind.TXT:
            return _text_pages(content)


def _pdf_pages(content: bytes) -> list[str]:
    from pypdf import PdfReader, overwrite_configuration

    overwrite_configuration(
        maximum_declared_stream_length=MOST_DOCUMENT_BYTES,
        array_based_stream_maximum_output_length=MOST_STREAM_BYTES,
        jbig2_maximum_output_length=MOST_STREAM_BYTES,
        lzw_maximum_output_length=MOST_STREAM_BYTES,
        run_length_maximum_output_length=MOST_STREAM_BYTES,
        zlib_maximum_output_length=MOST_STREAM_BYTES,
        brotli_maximum_output_length=MOST_STREAM_BYTES,
        stream_decoding_work_maximum_length=2 * MOST_STREAM_BYTES,
        stream_parsing_work_maximum_count=MOST_STREAM_STEPS,
        page_tree_maximum_entries=10 * MOST_PAGES,
        xform_maximum_invocations_per_extraction=2 * MOST_PAGES,
    )
    reader = PdfReader(io.BytesIO(content))
    # An owner's password alone leaves a file that opens with the empty one.
    if reader.is_encrypted and not reader.decrypt(""):
        raise refused(Refusal.ENCRYPTED)
    if len(reader.pages) > MOST_PAGES:
        raise refused(Refusal.TOO_LONG)
    pages: list[str] = []
    characters = page_bytes = 0
    for page in reader.pages:
        contents = page.get_contents()
        page_bytes += 0 if contents is None else len(contents.get_data())
        if page_bytes > MOST_PAGE_BYTES:
            raise refused(Refusal.UNREADABLE)
        pages.append(page.extract_text())
        characters += len(pages[-1])
        if characters > MOST_CHARACTERS or len(pages) > MOST_PAGES:
            raise refused(Refusal.TOO_LONG)
    return pages


def _text_pages(content: bytes) -> list[str]:
    """Counted before it is taken apart."""
    text = content.decode("utf-8-sig")
    if len(text) > MOST_CHARACTERS or text.count("\f") >= MOST_PAGES:
        raise refused(Refusal.TOO_LONG)
    return [page.strip("\n") for page in text.split("\f")]


def _confine(cpu_seconds: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_seconds),
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
    _confine(CPU_SECONDS[kind])
    try:
        answer: dict[str, object] = {"pages": pages_of(kind, content)}
    except VivavoceError as refusal:
        answer = {"refusal": refusal.code}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()

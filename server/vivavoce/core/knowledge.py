"""Documents that an interviewer may refer to, the stores that hold them, and what was found in one.

A document belongs to a knowledge store or is somebody's résumé. What reaches an interview of it are
passages; each keeps where it stands, so that a person can look it up.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vivavoce.core.errors import Unprocessable, VivavoceError
from vivavoce.core.transcript import Source

MOST_DOCUMENT_BYTES = 10 * 1024 * 1024
MOST_PAGES = 100
MOST_CHARACTERS = 400_000
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_PAGES = ("<!doctype html", "<html")  # of the web
_LONGEST_PAGE = max(map(len, _PAGES))
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_HEAD_BYTES = 1024  # some programs put a few bytes before the mark of a PDF


class DocumentKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    TXT = "txt"


class Refusal(StrEnum):
    """Why a file becomes no document."""

    TYPE = "document_type"
    UNREADABLE = "document_unreadable"
    ENCRYPTED = "document_encrypted"
    TOO_LONG = "document_too_long"
    EMPTY = "document_empty"


_SENTENCES = {
    Refusal.TYPE: "A document must be PDF, DOCX or plain text in UTF-8.",
    Refusal.UNREADABLE: "The document is damaged, or takes too much to be read.",
    Refusal.ENCRYPTED: "The document is protected by a password.",
    Refusal.TOO_LONG: f"A document may have at most {MOST_PAGES} pages and"
    f" {MOST_CHARACTERS} characters.",
    Refusal.EMPTY: "The document contains no text; a scan has to be made readable first.",
}


class SourceForm(StrEnum):
    """How a passage was found."""

    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True)
class KnowledgeStore:
    id: str
    organization_id: str
    name: str
    created_at: datetime
    description: str = ""
    revision: int = 1  # counts every change, for optimistic concurrency
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Document:
    """Either `store_id` or `participant_id` is set. `sha256` names the file that was read."""

    id: str
    organization_id: str
    name: str
    kind: DocumentKind
    size_bytes: int
    sha256: str
    pages: int
    characters: int
    created_at: datetime
    store_id: str | None = None
    participant_id: str | None = None
    source_url: str | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Chunk:
    """A piece of one page: `text` is the page's text from `start` to `end` (characters)."""

    number: int
    page: int  # from 1; a document without pages has one
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class ReadDocument:
    document: Document
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Passage:
    """A chunk that fits a question, with its document."""

    document_id: str
    document_name: str
    chunk: Chunk
    found_by: tuple[SourceForm, ...] = (SourceForm.WORDS,)

    @property
    def source(self) -> Source:
        return Source(self.document_id, self.chunk.page, self.chunk.start, self.chunk.end)


@dataclass(frozen=True)
class Scope:
    """Where to look: in the documents of a person, of stores, or of both."""

    organization_id: str
    participant_id: str | None = None
    store_ids: tuple[str, ...] = ()


def refused(refusal: Refusal) -> VivavoceError:
    return Unprocessable(refusal, _SENTENCES[refusal])


def kind_of(content: bytes) -> DocumentKind:
    """By what the file is, whatever it is called. Raises `Unprocessable` code `document_type`."""
    if _PDF in content[:_HEAD_BYTES]:
        return DocumentKind.PDF
    if content.startswith(_ZIP):
        return DocumentKind.DOCX
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused(Refusal.TYPE) from None
    if _UNPRINTABLE.search(text):
        raise refused(Refusal.TYPE)
    if text.lstrip()[:_LONGEST_PAGE].lower().startswith(_PAGES):  # likely one to sign in on
        raise refused(Refusal.TYPE)
    return DocumentKind.TXT


def require_readable(pages: tuple[str, ...]) -> None:
    """Raises `Unprocessable` codes `document_too_long` and `document_empty`."""
    if len(pages) > MOST_PAGES or sum(map(len, pages)) > MOST_CHARACTERS:
        raise refused(Refusal.TOO_LONG)
    if not any(page.strip() for page in pages):
        raise refused(Refusal.EMPTY)

"""The words of a DOCX, read piece by piece: what is too long is left before it is unpacked.

A small archive can hold gigabytes, and its directory can lie about that; neither the archive nor
the tree of its XML is ever whole in memory. Only the body of the document is read. Content
controls and tracked insertions are part of it; what was deleted or moved away, and the second
copies that old programs would show, are not.
"""

import io
import zipfile
from xml.parsers import expat

from vivavoce.core.knowledge import MOST_CHARACTERS, Refusal, refused

MOST_MEMBERS = 2000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_ELEMENTS = 600_000  # a word of a much edited text takes about six
BODY = "word/document.xml"
_PIECE_BYTES = 256 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT_WORDS = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def word_text(content: bytes) -> str:
    """Paragraphs as lines, the cells of a row with tabs between them.

    Raises `Unprocessable`, and whatever a damaged archive makes of the libraries that read it.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = _body(archive)
        walk = _Walk()
        unpacked = 0
        with archive.open(body) as stream:
            while piece := stream.read(_PIECE_BYTES):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise refused(Refusal.UNREADABLE)
                walk.feed(piece)
    return walk.finish()


def _body(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = archive.infolist()
    body = next((one for one in members if one.filename == BODY), None)
    if body is None:
        raise refused(Refusal.TYPE)  # some other kind of archive
    unpacked = sum(one.file_size for one in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        raise refused(Refusal.UNREADABLE)
    if body.compress_type not in _METHODS:
        raise refused(Refusal.UNREADABLE)
    return body


class _Walk:
    """`_rows` counts the cells of each open row, `_cells` the paragraphs of each open cell."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _no_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._told: list[str] = []
        self._length = 0
        self._elements = 0
        self._skipped = 0  # how many elements deep in what is left out
        self._runs = 0
        self._rows: list[int] = []
        self._cells: list[int] = []

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def finish(self) -> str:
        self._parser.Parse(b"", True)
        return "".join(self._told).strip("\n")

    def _begin(self, name: str, _attributes: object) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise refused(Refusal.UNREADABLE)
        word = _word(name)
        if self._skipped or name == _FALLBACK or word == "moveFrom":
            self._skipped += 1
        else:
            self._begin_word(word)

    def _begin_word(self, word: str) -> None:
        match word:
            case "t":
                self._parser.CharacterDataHandler = self._add
            case "r":
                self._runs += 1
            case "p":
                self._next_of(self._cells, "\n")
            case "tr":
                self._rows.append(0)
            case "tc":
                self._next_of(self._rows, "\t")
                self._cells.append(0)
            case _ if self._runs and word in _MARKS:
                self._add(_MARKS[word])

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        match _word(name):
            case "t":
                self._parser.CharacterDataHandler = None
            case "r":
                self._runs -= 1
            case "p" if not self._cells:
                self._add("\n")
            case "tc":
                self._cells.pop()
            case "tr":
                self._rows.pop()
                self._add("\n")
            case _:
                pass

    def _next_of(self, counts: list[int], between: str) -> None:
        """One more in the innermost row or cell, set apart from the one before it."""
        if counts:
            if counts[-1]:
                self._add(between)
            counts[-1] += 1

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            raise refused(Refusal.TOO_LONG)
        self._told.append(text)


def _word(name: str) -> str:
    for space in (_WORDS, _STRICT_WORDS):
        if name.startswith(space):
            return name.removeprefix(space)
    return ""


def _no_doctype(*_: object) -> None:
    raise refused(Refusal.UNREADABLE)  # no program writes one, and its entities multiply

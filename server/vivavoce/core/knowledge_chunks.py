"""Cuts the text of a document where a reader would, into pieces that one answer can refer to."""

import re
from collections.abc import Iterator

from vivavoce.core.knowledge import Chunk

AIM_CHARACTERS = 700
LONGEST_CHARACTERS = 1000
# The best place to cut first: a paragraph, a line, the end of a sentence, a blank.
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.?!\u3002\uff01\uff1f\u0964\u061f]+\s*"),
    re.compile(r"\s+"),
)


def chunked(pages: tuple[str, ...]) -> tuple[Chunk, ...]:
    """Every character that is not blank is in exactly one chunk; none spans two pages."""
    spans = [
        (number, start, end)
        for number, page in enumerate(pages, start=1)
        for start, end in _spans(page)
    ]
    return tuple(
        Chunk(number, page, start, end, pages[page - 1][start:end])
        for number, (page, start, end) in enumerate(spans, start=1)
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        cut = _cut(text, at)
        piece = text[at:cut]
        start = at + len(piece) - len(piece.lstrip())
        end = at + len(piece.rstrip())
        if start < end:
            yield start, end
        at = cut


def _cut(text: str, at: int) -> int:
    if len(text) - at <= LONGEST_CHARACTERS:
        return len(text)
    for pattern in _BREAKS:
        ends = [found.end() for found in pattern.finditer(text, at, at + LONGEST_CHARACTERS)]
        fitting = [end for end in ends if end - at >= AIM_CHARACTERS // 2]
        if fitting:
            return min(fitting, key=lambda end: abs(end - at - AIM_CHARACTERS))
    return at + AIM_CHARACTERS

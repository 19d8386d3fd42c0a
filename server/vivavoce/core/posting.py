"""A position as its public page tells it: paragraphs and lists, whatever it was written in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

_BULLET = re.compile(r"\s*(?:[-*\u2022\u2013]|\d{1,2}[.)])\s+(.+)")
_TITLE = re.compile(r"[^\n]{1,60}(?<![.!?;,\u3002\u0964])")
_HEADING = re.compile(r"#{1,4}\s+(.+)")
_MARKUP = re.compile(
    r"</?(?:p|br|ul|ol|li|div|h[1-6]|strong|b|em|i|span|a)\b[^<>]*>", re.IGNORECASE
)
_BREAKS = frozenset({"p", "br", "div", "ul", "ol", "tr", "table", "section"})
_SILENT = frozenset({"script", "style", "template", "noscript"})
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


Block = Heading | Paragraph | Bullets


def blocks(text: str) -> tuple[Block, ...]:
    """Of plain text, of the little Markdown that people write by hand, or of HTML, of which only
    the words and their arrangement are kept.
    """
    if _MARKUP.search(text):
        text = _plain(text)
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        found += _of_part(part.strip().split("\n"))
    return tuple(_headed(found))


def image_origin(url: str | None) -> str | None:
    """Where a picture comes from, if a page may show it: over TLS, from a plain name."""
    try:
        parts = urlsplit(url or "")
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or parts.username is not None or not _HOST.fullmatch(host):
        return None
    return f"https://{host}" + (f":{port}" if port else "")


def _headed(found: list[Block]) -> Iterator[Block]:
    """A short line alone, which ends like no sentence and begins something, is a heading."""
    for block, following in zip(found, [*found, None][1:], strict=True):
        begins = following is not None and not isinstance(following, Heading)
        if isinstance(block, Paragraph) and begins and _TITLE.fullmatch(block.text):
            yield Heading(block.text.removesuffix(":"))
        else:
            yield block


def _of_part(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    for line in lines:
        bullet, heading = _BULLET.fullmatch(line), _HEADING.fullmatch(line.strip())
        last = found[-1] if found else None
        if bullet is not None:
            if isinstance(last, Bullets):
                found[-1] = Bullets((*last.items, bullet[1].strip()))
            else:
                found.append(Bullets((bullet[1].strip(),)))
        elif heading is not None:
            found.append(Heading(heading[1].strip()))
        elif line.strip():
            if isinstance(last, Paragraph):
                found[-1] = Paragraph(f"{last.text}\n{line.strip()}")
            else:
                found.append(Paragraph(line.strip()))
    return found


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "li":
            self.text.append("\n- ")
        elif re.fullmatch(r"h[1-6]", tag):
            self.text.append("\n\n# ")
        elif tag in _BREAKS:
            self.text.append("\n" if tag == "br" else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS or re.fullmatch(r"h[1-6]", tag):
            self.text.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(re.sub(r"\s+", " ", data))


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.text)

"""Takes a model's thinking aloud out of what it writes: it is never spoken, scored or stored."""

_TAGS = ("think", "thinking", "thought", "reasoning", "reflection")
_OPENING = tuple(f"<{tag}>" for tag in _TAGS)
_CLOSING = tuple(f"</{tag}>" for tag in _TAGS)


class ReasoningFilter:
    """Feed it a reply piece by piece; what it keeps depends on the text, not on the pieces.

    A tag that is never closed swallows the rest. Where the server's template opens the thinking,
    the reply begins inside it and only the closing tag is seen: `ends_unopened` then tells so, and
    a filter made with `begins_inside` keeps nothing before such a tag. Should none come, all of
    the reply was meant.
    """

    def __init__(self, *, begins_inside: bool = False) -> None:
        self.ends_unopened = False
        self._waiting = ""
        self._inside = begins_inside
        self._presumed = begins_inside
        self._began = False  # something but white space was kept

    def feed(self, piece: str) -> str:
        """What is certain to be meant by now and was not given before."""
        self._waiting += piece
        kept = ""
        while (found := self._next_tag()) is not None:
            begin, end, opening = found
            kept += "" if self._inside else self._waiting[:begin]
            self.ends_unopened |= not (opening or (self._inside and not self._presumed))
            self._inside, self._presumed = opening, False
            self._waiting = self._waiting[end:]
        if not self._presumed:
            sure = len(self._waiting) - _unfinished_tag(self._waiting)
            kept += "" if self._inside else self._waiting[:sure]
            self._waiting = self._waiting[sure:]
        return self._without_beginning(kept)

    def finish(self) -> str:
        """What was held back, in case a tag was coming."""
        rest, self._waiting = self._waiting, ""
        swallowed = self._inside and not self._presumed
        return "" if swallowed else self._without_beginning(rest)

    def _without_beginning(self, kept: str) -> str:
        """Without the blank lines that thinking leaves in front of a reply."""
        if not self._began:
            kept = kept.lstrip()
            self._began = bool(kept)
        return kept

    def _next_tag(self) -> tuple[int, int, bool] | None:
        """Where the next tag begins and ends, and whether it opens."""
        tags = _CLOSING if self._inside else (*_OPENING, *_CLOSING)
        lower = self._waiting.lower()
        found = [(lower.find(tag), tag) for tag in tags if tag in lower]
        if not found:
            return None
        begin, tag = min(found)
        return begin, begin + len(tag), tag in _OPENING


def _unfinished_tag(text: str) -> int:
    """How many characters at the end may be the beginning of a tag."""
    begin = text.rfind("<")
    tail = text[begin:].lower()
    tags = (*_OPENING, *_CLOSING)
    return len(tail) if begin >= 0 and any(tag.startswith(tail) for tag in tags) else 0

"""Which words of a transcript in progress can be relied on.

LocalAgreement-2 (Liu et al. 2020; Macháček et al. 2023): what two successive hypotheses agree on,
from the start, is stable. A stable word never changes, so work already built on it stays valid.
"""

import unicodedata
from itertools import takewhile

from vivavoce.core.transcript import Word

_LONGEST_OVERLAP_WORDS = 5
_LARGEST_SHIFT_MS = 300


class TranscriptAgreement:
    """Of one utterance. A hypothesis may begin at its start or anywhere up to its last stable word;
    its times are on one clock."""

    def __init__(self) -> None:
        self._stable: tuple[Word, ...] = ()
        self._tail: tuple[Word, ...] = ()  # what the last hypothesis says after the stable words

    @property
    def stable(self) -> tuple[Word, ...]:
        return self._stable

    @property
    def words(self) -> tuple[Word, ...]:
        """The newest hypothesis, its stable words as they were when they became stable."""
        return self._stable + self._tail

    def update(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Take the next hypothesis; return the words that became stable by it."""
        tail = self._after_stable(words)
        agreed = takewhile(lambda pair: _same(*pair), zip(self._tail, tail, strict=False))
        count = sum(1 for _ in agreed)
        self._stable += tail[:count]
        self._tail = tail[count:]
        return tail[:count]

    def finish(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The last hypothesis is taken as it is: the whole utterance, stable words first."""
        self._stable += self._after_stable(words)
        self._tail = ()
        return self._stable

    def _after_stable(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if not self._stable:
            return words
        count = len(self._stable)
        if len(words) >= count and all(map(_same, self._stable, words)):
            return words[count:]
        until_ms = self._stable[-1].end_ms
        later = tuple(word for word in words if (word.start_ms + word.end_ms) / 2 > until_ms)
        return later[self._repeated(later) :]

    def _repeated(self, words: tuple[Word, ...]) -> int:
        """How many leading words are stable ones that moved: times shift between decodings."""
        if not words or words[0].start_ms > self._stable[-1].end_ms + _LARGEST_SHIFT_MS:
            return 0
        longest = min(_LONGEST_OVERLAP_WORDS, len(words), len(self._stable))
        for count in range(longest, 0, -1):
            if all(map(_same, self._stable[-count:], words[:count])):
                return count
        return 0


def _same(first: Word, second: Word) -> bool:
    return _normalised(first.text) == _normalised(second.text)


def _normalised(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded)) or folded.strip()

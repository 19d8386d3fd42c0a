"""Cuts text that is still being written into clauses, so that the first can already be spoken.

The first clause is short, because its synthesis is what the candidate waits for. The second is no
longer than what can be synthesized while the first is heard. The later ones are longer, because a
voice that sees more of a sentence stresses it better. What is cut depends on the text alone, never
on the pieces in which it arrived.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from vivavoce.core.function_words import FUNCTION_WORDS, word_set

FIRST_CLAUSE_WORDS = 5
SECOND_CLAUSE_WORDS = 10
LATER_CLAUSE_WORDS = 20
_FIRST_COMMA_WORDS = 2  # "Well," alone is not worth a breath
_LATER_COMMA_WORDS = 5

_SENTENCE_ENDS = ".!?…。！？｡।॥؟۔።"  # noqa: RUF001
_CLAUSE_ENDS = ",;:—–،؛、，；："  # noqa: RUF001
_CLOSERS = "\"'”’)]»」』）】›"  # noqa: RUF001
_OPENERS = "\"'“‘([«「『（【‹¿¡"  # noqa: RUF001
_IDEOGRAPHIC_ENDS = "。！？｡、，；："  # noqa: RUF001
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer

# A piece is complete when what follows shows that it is: white space, or text after a CJK mark.
# Forty ideographs without any mark are cut where they stand.
_PIECE = re.compile(
    rf"\s*(?:[{_IDEOGRAPHS}]{{40}}"
    rf"|[^\s{_IDEOGRAPHIC_ENDS}]*[{_IDEOGRAPHIC_ENDS}]+[{re.escape(_CLOSERS)}]*"
    rf"(?=[^{_IDEOGRAPHIC_ENDS}{re.escape(_CLOSERS)}])"
    r"|\S+(?=\s))"
)
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")  # "J.", "e.g.", "z.B."
_ORDINAL = re.compile(r"\d{1,2}\.")  # "am 3. Mai", "1. Measure"

_ABBREVIATIONS = word_set(
    "dr mr mrs ms prof sr jr st vs etc approx dept fig no inc ltd co corp al cf ca max min incl",
    "bzw usw nr str hr fr ggf evtl inkl bspw vgl mme mlle env sra dra ud uds núm pág ej dott sig",
    "ecc pag dhr mevr blz bijv enz exmo tel vol",
)
# One table for all languages: a wrong guess moves a breath by a word.
_STARTS_OF_PHRASES = frozenset[str]().union(
    *(words.starts_of_phrases for words in FUNCTION_WORDS.values())
)
_LEANS_ON_THE_NEXT = frozenset[str]().union(
    *(words.leans_on_the_next for words in FUNCTION_WORDS.values())
)


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in tuple(_SENTENCE_ENDS)


class _Ending(Enum):
    NONE = auto()
    CLAUSE = auto()
    SENTENCE = auto()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word with its marks, or a run of ideographs; `tenths` is its length in tenths of a word."""

    text: str
    word: str
    tenths: int
    ending: _Ending


class ClauseCutter:
    """Cuts one utterance. All clauses together are the text, but for white space between them."""

    def __init__(self) -> None:
        self._most_tenths = FIRST_CLAUSE_WORDS * 10
        self._next_tenths = SECOND_CLAUSE_WORDS * 10
        self._comma_tenths = _FIRST_COMMA_WORDS * 10
        self._unread = ""
        self._pieces: list[_Piece] = []

    def feed(self, text: str) -> tuple[str, ...]:
        """The clauses that are complete now."""
        self._unread += text
        clauses: list[str] = []
        at = 0
        while found := _PIECE.match(self._unread, at):
            at = found.end()
            self._pieces.append(_piece(found.group()))
            while cut := self._cut():
                clauses.append(self._emit(cut))
        self._unread = self._unread[at:]
        return tuple(clauses)

    def finish(self) -> tuple[str, ...]:
        """The remaining clauses; the cutter is empty afterwards."""
        clauses = self.feed("\n")
        self._unread = ""
        if self._pieces:
            clauses = (*clauses, self._emit(len(self._pieces)))
        return clauses

    def _emit(self, count: int) -> str:
        clause = "".join(piece.text for piece in self._pieces[:count]).strip()
        del self._pieces[:count]
        self._most_tenths, self._next_tenths = self._next_tenths, LATER_CLAUSE_WORDS * 10
        self._comma_tenths = _LATER_COMMA_WORDS * 10
        return clause

    def _cut(self) -> int:
        """How many of the waiting pieces make a clause now, or 0."""
        tenths, count = sum(piece.tenths for piece in self._pieces), len(self._pieces)
        if tenths > self._most_tenths:
            return self._natural_break()
        if not tenths:
            return 0
        ending = self._pieces[-1].ending
        if ending is _Ending.SENTENCE or (
            ending is _Ending.CLAUSE and tenths >= self._comma_tenths
        ):
            return count
        if tenths < self._most_tenths:
            return 0
        # So few words are not cut shorter yet, unless the last one leans on what comes.
        whole = self._most_tenths <= FIRST_CLAUSE_WORDS * 10 and not self._leans_over(count)
        return count if whole else self._natural_break()

    def _natural_break(self) -> int:
        """The best place to cut within the longest clause allowed, in its second half."""
        fitting = _fitting(self._pieces, self._most_tenths)
        second_half = range(fitting, fitting // 2, -1)
        for count in second_half:
            if self._starts_a_phrase(count):
                return count
        for count in second_half:
            if not self._leans_over(count):
                return count
        return fitting

    def _starts_a_phrase(self, count: int) -> bool:
        following = self._pieces[count : count + 1]
        return (
            bool(following)
            and following[0].word in _STARTS_OF_PHRASES
            and not self._leans_over(count)
        )

    def _leans_over(self, count: int) -> bool:
        last = self._pieces[count - 1].word
        return last in _LEANS_ON_THE_NEXT or last[-1:].isdigit()


def _fitting(pieces: list[_Piece], most_tenths: int) -> int:
    """How many leading pieces have at most that length; at least one."""
    tenths = 0
    for count, piece in enumerate(pieces):
        tenths += piece.tenths
        if tenths > most_tenths:
            return max(1, count)
    return len(pieces)


def _piece(text: str) -> _Piece:
    bare = text.strip().rstrip(_CLOSERS).lstrip(_OPENERS)
    word = bare.rstrip(_SENTENCE_ENDS + _CLAUSE_ENDS).lower()
    return _Piece(text, word, _tenths(text), _ending(bare, word))


def _tenths(text: str) -> int:
    ideographs = len(_IDEOGRAPH.findall(text))
    unspaced = len(_UNSPACED_LETTER.findall(text))
    if ideographs or unspaced:
        return 5 * ideographs + 2 * unspaced
    return 10 if any(map(str.isalnum, text)) else 0


def _ending(bare: str, word: str) -> _Ending:
    last = bare[-1:]
    if last == "." and (
        word in _ABBREVIATIONS or _INITIALS.fullmatch(bare) or _ORDINAL.fullmatch(bare)
    ):
        return _Ending.NONE
    if last and last in _SENTENCE_ENDS:
        return _Ending.SENTENCE
    # Scripts without spaces between words put them between phrases.
    if (last and last in _CLAUSE_ENDS) or bare == "-" or _UNSPACED_LETTER.search(bare):
        return _Ending.CLAUSE
    return _Ending.NONE

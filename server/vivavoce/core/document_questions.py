"""Questions about documents without a model: their headings are asked for, and what stands below is
what an answer should contain.
"""

from collections.abc import Iterator, Sequence

from vivavoce.core.knowledge import Chunk, Document
from vivavoce.core.question_bank import LANGUAGE, Origin, marked
from vivavoce.core.template import Question
from vivavoce.core.words import normalized_words, sentences

MOST_HEADING_WORDS = 8
MOST_EXPECTATIONS = 3
LONGEST_EXPECTATION = 200  # characters
_ENDS = ".?!:;,\u3002"
_FORMS = (
    'The document "{name}" has a section called "{topic}". What does it ask of you, and why?',
    'Please walk me through "{topic}" as "{name}" describes it: what is done, in which order?',
    'Imagine a new colleague asks you about "{topic}". What do you say so that it agrees with'
    ' "{name}"?',
)


def document_questions(
    documents: Sequence[tuple[Document, tuple[Chunk, ...]]], count: int
) -> tuple[Question, ...]:
    """At most `count`, without ids; from every document in turn."""
    rows = [list(_of_document(document, chunks)) for document, chunks in documents]
    longest = max(map(len, rows), default=0)
    turns = [row[at] for at in range(longest) for row in rows if at < len(row)]
    return tuple(
        _question(document, topic, below, _FORMS[n % len(_FORMS)])
        for n, (document, topic, below) in enumerate(turns[:count])
    )


_Section = tuple[Document, str, tuple[str, ...]]


def _of_document(document: Document, chunks: Sequence[Chunk]) -> Iterator[_Section]:
    seen: set[str] = set()
    for chunk in chunks:
        lines = [line.strip() for line in chunk.text.split("\n") if line.strip()]
        for at, line in enumerate(lines[:-1]):
            if _is_heading(line) and not _is_heading(lines[at + 1]) and line not in seen:
                seen.add(line)
                yield document, line.lstrip("# "), _below(lines[at + 1 :])


def _is_heading(line: str) -> bool:
    words = normalized_words(line)
    return 0 < len(words) <= MOST_HEADING_WORDS and line[-1] not in _ENDS


def _below(lines: Sequence[str]) -> tuple[str, ...]:
    """The sentences up to the next heading."""
    end = next((at for at, line in enumerate(lines) if _is_heading(line)), len(lines))
    said = sentences(" ".join(lines[:end]))
    return tuple(one[:LONGEST_EXPECTATION] for one in said[:MOST_EXPECTATIONS])


def _question(document: Document, topic: str, below: tuple[str, ...], form: str) -> Question:
    text = form.format(name=document.name, topic=topic)
    question = Question(id="", text=text, language=LANGUAGE, label=topic, expectations=below)
    return marked(question, Origin.DOCUMENTS, document_id=document.id)

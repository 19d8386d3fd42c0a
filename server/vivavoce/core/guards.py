"""What generated text may not do: ask twice, promise a result, or state what nobody approved."""

from functools import lru_cache

from vivavoce.core.phrases import Phrasebook
from vivavoce.core.words import contains_phrase, normalized_words, topic_stems

_ALIKE = 0.8  # share of common words from which two questions are the same question
_LEAST_WORDS = 5  # fewer words say too little to be compared by share
_LEAST_PREFIX_WORDS = 6  # of a text that is still being generated
_LEAST_GROUNDED = 0.7  # share of an answer's topic words that the approved facts must contain


def may_be_said(text: str, asked: frozenset[str], never_say: tuple[str, ...]) -> bool:
    """False for a question that was or will be asked anyway, and for promises and verdicts."""
    words = normalized_words(text)
    if any(contains_phrase(words, phrase) for phrase in never_say):
        return False
    return not any(_same_question(words, _question_words(other)) for other in asked)


# A text is compared while it is being generated, each time with all that is or will be asked.
_question_words = lru_cache(maxsize=1024)(normalized_words)


def _same_question(words: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if words == other:
        return bool(words)
    if len(words) >= _LEAST_PREFIX_WORDS and other[: len(words)] == words:
        return True
    if min(len(words), len(other)) < _LEAST_WORDS:
        return False
    common, either = set(words) & set(other), set(words) | set(other)
    return len(common) >= _ALIKE * len(either)


def answers_from_facts(text: str, sources: tuple[str, ...], phrases: Phrasebook) -> bool:
    """Whether an answer to a candidate says only what the approved facts (and the question) say."""
    words = normalized_words(text)
    if not words or any(contains_phrase(words, phrase) for phrase in phrases.never_say):
        return False
    known = normalized_words(" ".join(sources))
    if any(word not in known for word in words if any(map(str.isdigit, word))):
        return False
    stop_words = frozenset(phrases.stop_words)
    topics = topic_stems(text, stop_words)
    grounded = topics & topic_stems(" ".join(sources), stop_words)
    return len(grounded) >= _LEAST_GROUNDED * len(topics)

"""Whether an account has joined one clause to another: a claim and its reason, an act and its end.

"I looked at the numbers for a month" is a whole sentence, but hardly a whole answer to "tell me
about"; "the oven broke, so we baked next door" rather is. Words without punctuation show it by
the word that joins the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vivavoce.core.function_words import function_words, language_root, word_set

FEWEST_WORDS_BEFORE, FEWEST_WORDS_AFTER = 3, 2


@dataclass(frozen=True, slots=True)
class _Links:
    always: frozenset[str]  # joins clauses, whatever follows
    before_a_subject: frozenset[str]  # joins other things as well
    subjects: frozenset[str] = frozenset()  # beside the pronouns of the language


_LINKS: Mapping[str, _Links] = {
    "en": _Links(
        word_set("because cause cuz but although though until unless otherwise whereas therefore"),
        word_set("and so or then since after before when while"),
        word_set(
            "it you this that these those there my our their his her the a an one two some"
            " nobody somebody everybody everyone no"
        ),
    ),
    "de": _Links(
        word_set("weil aber denn deshalb deswegen obwohl sodass sondern damit"),
        word_set("und oder also dann"),
        word_set("es das die der mein unser"),
    ),
    "fr": _Links(
        word_set("mais donc parce puisque car alors"),
        word_set("et ou puis"),
        word_set("on ce cela ça j c"),
    ),
    "es": _Links(word_set("porque pero aunque entonces sino"), word_set("y e o")),
    "it": _Links(word_set("perché ma quindi però allora oppure"), word_set("e ed o poi")),
    "nl": _Links(
        word_set("omdat maar want dus hoewel zodat"), word_set("en of toen"), word_set("het dat er")
    ),
    "pt": _Links(word_set("porque mas então embora pois"), word_set("e ou")),
}


def joins_clauses(words: Sequence[str], language: str) -> bool | None:
    """`words` are normalised. None where the joining words of the language are not known.

    Sentences that only follow each other are not joined: who told one after the other goes on so.
    """
    links = _LINKS.get(language_root(language))
    if links is None:
        return None
    subjects = function_words(language).subjects | links.subjects
    joints = range(FEWEST_WORDS_BEFORE, len(words) - FEWEST_WORDS_AFTER)
    return any(
        words[at] in links.always
        or (words[at] in links.before_a_subject and words[at + 1] in subjects)
        for at in joints
    )

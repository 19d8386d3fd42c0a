"""The fixed texts that the interviewer speaks, one book per language.

The books are package data (`vivavoce/phrases/<language>.json`); reading files is not the core's
work, so a book is parsed from a mapping. Every value is one text or a list of variants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from vivavoce.core.errors import Invalid, Issue

Variants = tuple[str, ...]
Table = tuple[tuple[str, Variants], ...]

FOLLOW_UP_TYPES = (
    "example",
    "detail",
    "result",
    "own_role",
    "reason",
    "number",
    "short_answer",
    "missing",
    "challenge",
    "learning",
    "clarify",
)

_LEAST_VARIANTS = {"acknowledgements": 8, "noted": 2, "one_moment": 2, "nudges": 2}


@dataclass(frozen=True)
class Phrasebook:
    """`nudges` are in order: the first gentle prompt, then the second.

    `noted` is said before the last words of an answer are known. They may turn out to be a request,
    so these texts thank for nothing and fit in front of "of course, once more" as well.
    """

    language: str
    welcome: Variants
    disclosure: Variants
    acknowledgements: Variants
    noted: Variants
    one_moment: Variants
    nudges: Variants
    hold_on: Variants
    resume: Variants
    welcome_back: Variants
    skip_ok: Variants
    back_ok: Variants
    back_first: Variants
    repeat_intro: Variants
    rephrase_intro: Variants
    rephrase_hint: Variants
    return_to_question: Variants
    options_intro: Variants
    your_choice: Variants
    pass_on: Variants
    robot_answer: Variants
    ask_candidate_questions: Variants
    anything_else: Variants
    confirm_end: Variants
    closing: Variants
    pause_goodbye: Variants
    help: Variants
    trouble: Variants
    mic_silent: Variants
    follow_ups: Table  # by follow-up type; `missing` carries {topic}
    requests: Table = ()  # by intent: regular expressions over normalised words
    markers: Table = ()  # words that show an example, a result, a reason ...
    stop_words: Variants = ()
    never_say: Variants = ()  # promises and verdicts that no generated text may contain

    def follow_up(self, kind: str) -> Variants:
        return dict(self.follow_ups)[kind]

    def marker(self, kind: str) -> Variants:
        return dict(self.markers).get(kind, ())


_TABLES = frozenset({"follow_ups", "requests", "markers"})
_OPTIONAL = frozenset({"requests", "markers", "stop_words", "never_say"})


def parse_phrasebook(language: str, mapping: Mapping[str, object]) -> Phrasebook:
    """Check that a book is complete. Raises `Invalid` code `phrasebook`, naming each gap."""
    names = [field.name for field in fields(Phrasebook) if field.name != "language"]
    issues = [Issue((name,), "unknown key") for name in sorted(set(mapping) - {*names, "language"})]
    values: dict[str, Variants] = {}
    tables: dict[str, Table] = {}
    for name in names:
        value = mapping.get(name)
        if name in _TABLES:
            tables[name] = _table(value)
        else:
            values[name] = _variants(value)
            least = 0 if name in _OPTIONAL else _LEAST_VARIANTS.get(name, 1)
            if len(values[name]) < least:
                issues.append(Issue((name,), f"needs at least {least} texts"))
    written = dict(tables["follow_ups"])
    issues += [
        Issue(("follow_ups", kind), "needs at least 3 texts")
        for kind in FOLLOW_UP_TYPES
        if len(written.get(kind, ())) < 3
    ]
    if issues:
        raise Invalid("phrasebook", f"The phrases for {language} are not usable.", tuple(issues))
    return _assemble(language, values, tables)


def _assemble(language: str, values: dict[str, Variants], tables: dict[str, Table]) -> Phrasebook:
    return Phrasebook(
        language=language,
        follow_ups=tables["follow_ups"],
        requests=tables["requests"],
        markers=tables["markers"],
        **values,
    )


def _variants(value: object) -> Variants:
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list | tuple):
        return tuple(text for text in value if isinstance(text, str) and text.strip())
    return ()


def _table(value: object) -> Table:
    if not isinstance(value, Mapping):
        return ()
    return tuple((str(kind), _variants(texts)) for kind, texts in value.items())

"""The two plain paragraphs of a scorecard: each claim stands beside the quote that it rests on."""

from collections.abc import Sequence

from vivavoce.core.scorecard import DimensionResult

_GOOD_LEVEL = 4
_NO_VERDICT = (
    "No verdict is given: the embedded rule-based interviewer led this conversation. It collects"
    " passages by shared words and cannot judge them, so a person has to read them."
)


def rated_feedback(results: Sequence[DimensionResult]) -> str:
    """What went well, and what the next interviewer should probe."""
    good = [_claim(r) for r in results if r.level is not None and r.level >= _GOOD_LEVEL]
    weak = [_claim(r) for r in results if r.level is not None and r.level < _GOOD_LEVEL]
    return _paragraphs(
        "What went well. " + (" ".join(good) or "No dimension reached level 4."),
        "What to probe next. "
        + (" ".join([*weak, *_unseen(results)]) or "Nothing was left open in this interview."),
    )


def unrated_feedback(results: Sequence[DimensionResult]) -> str:
    """What was said about each dimension, and why there is no verdict."""
    said = [f"{result.name}: {_quotes(result)}." for result in results if result.citations]
    return _paragraphs(
        "What was said. " + (" ".join(said) or "No answer touches a dimension of the rubric."),
        " ".join([_NO_VERDICT, *_unseen(results)]),
    )


def collected(citations: int) -> str:
    """The feedback of one dimension that nobody rated."""
    if citations == 0:
        return "No passage of the answers touches this dimension."
    passages = "1 passage touches" if citations == 1 else f"{citations} passages touch"
    return f"{passages} this dimension; not rated."


def _claim(result: DimensionResult) -> str:
    reason = result.feedback.rstrip(" .")
    return f"{result.name} (level {result.level}): {reason} ({_quotes(result, most=1)})."


def _quotes(result: DimensionResult, most: int = 2) -> str:
    return "; ".join(f"\u201c{citation.quote}\u201d" for citation in result.citations[:most])


def _unseen(results: Sequence[DimensionResult]) -> list[str]:
    return [
        f"{result.name}: nothing verifiable was said; ask for a concrete example."
        for result in results
        if not result.citations
    ]


def _paragraphs(first: str, second: str) -> str:
    return f"{first}\n\n{second}"

"""The language of `recommendationLogic`: one condition under which the outcome is the positive one.

    condition  = term, { "or", term } ;
    term       = factor, { "and", factor } ;
    factor     = "not", factor | "(", condition, ")" | comparison ;
    comparison = value, ( ">=" | ">" | "<=" | "<" | "==" | "!=" ), value ;
    value      = number, [ "%" ] | "overall" | "coverage" | dimension ;
    dimension  = '"', name, '"' | "'", name, "'" ;

Example: `overall >= 7 and "Problem solving" >= 6 and coverage >= 80%`.

`overall` and dimensions are scores on the profile's scale, `coverage` is 0-1 (80% is 0.8). A value
that was not observed makes its comparison unknown, and an unknown condition decides nothing
(three-valued logic: `false and unknown` is false, `true or unknown` is true). Nothing is evaluated
by Python itself.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne

from vivavoce.core.errors import Invalid

Values = Mapping[str, float | None]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?P<percent>\s*%)?"
    r"|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<word>[A-Za-z_]+)|(?P<mark>>=|<=|==|!=|>|<|\(|\)))"
)
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": ge,
    ">": gt,
    "<=": le,
    "<": lt,
    "==": eq,
    "!=": ne,
}
_NAMES = ("overall", "coverage")
_LONGEST = 1000
_DEEPEST = 20


@dataclass(frozen=True)
class Constant:
    number: float


@dataclass(frozen=True)
class Reference:
    """`overall`, `coverage`, or a dimension by its name as it is quoted."""

    name: str
    quoted: bool


@dataclass(frozen=True)
class Comparison:
    left: Constant | Reference
    operator: str
    right: Constant | Reference


@dataclass(frozen=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True)
class And:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    conditions: tuple["Condition", ...]


Condition = Comparison | Not | And | Or


def parse_logic(text: str, dimensions: Collection[str]) -> Condition:
    """Parse a condition. Raises `Invalid` code `recommendation_logic`, saying what and where."""
    if len(text) > _LONGEST:
        raise _wrong(f"The condition is longer than {_LONGEST} characters")
    parser = _Parser(_tokens(text), dimensions)
    condition = parser.condition(0)
    parser.expect_end()
    return condition


def evaluate(
    condition: Condition, scores: Values, overall: float | None, coverage: float
) -> bool | None:
    """True, False, or None when something that decides it was not observed."""
    if isinstance(condition, Comparison):
        sides = (condition.left, condition.right)
        left, right = (_value(side, scores, overall, coverage) for side in sides)
        if left is None or right is None:
            return None
        return _COMPARISONS[condition.operator](left, right)
    if isinstance(condition, Not):
        inner = evaluate(condition.condition, scores, overall, coverage)
        return None if inner is None else not inner
    results = [evaluate(part, scores, overall, coverage) for part in condition.conditions]
    decisive = isinstance(condition, Or)
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _value(
    side: Constant | Reference, scores: Values, overall: float | None, coverage: float
) -> float | None:
    if isinstance(side, Constant):
        return side.number
    if side.quoted:
        return scores.get(side.name)
    return overall if side.name == "overall" else coverage


@dataclass(frozen=True)
class _Token:
    kind: str  # number, name, word, mark
    text: str
    at: int  # 1-based character position


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise _wrong("There is something unreadable", position + 1)
        tokens.append(_token(found))
        position = found.end()
    return tokens


def _token(found: re.Match[str]) -> _Token:
    at = found.end() - len(found[0].lstrip()) + 1
    if found["number"] is not None:
        number = float(found["number"]) / (100 if found["percent"] else 1)
        return _Token("number", repr(number), at)
    if found["word"] is not None:
        return _Token("word", found["word"].lower(), at)
    if found["mark"] is not None:
        return _Token("mark", found["mark"], at)
    return _Token("name", found["double"] if found["double"] is not None else found["single"], at)


class _Parser:
    def __init__(self, tokens: list[_Token], dimensions: Collection[str]) -> None:
        self._tokens = tokens
        self._dimensions = dimensions
        self._next = 0

    def condition(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise _wrong("The condition is nested too deeply")
        terms = [self._term(depth)]
        while self._take("word", "or"):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _term(self, depth: int) -> Condition:
        factors = [self._factor(depth)]
        while self._take("word", "and"):
            factors.append(self._factor(depth))
        return factors[0] if len(factors) == 1 else And(tuple(factors))

    def _factor(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise _wrong("The condition is nested too deeply")
        if self._take("word", "not"):
            return Not(self._factor(depth + 1))
        if self._take("mark", "("):
            inner = self.condition(depth + 1)
            if not self._take("mark", ")"):
                raise self._expected("a closing parenthesis")
            return inner
        left = self._operand()
        operator = self._peek()
        if operator is None or operator.text not in _COMPARISONS or operator.kind != "mark":
            raise self._expected("a comparison such as >=")
        self._next += 1
        return Comparison(left, operator.text, self._operand())

    def _operand(self) -> Constant | Reference:
        token = self._peek()
        if token is None or token.kind == "mark":
            raise self._expected("a number, overall, coverage or a dimension in quotes")
        if token.kind == "word" and token.text not in _NAMES:
            raise self._expected("a number, overall, coverage or a dimension in quotes")
        if token.kind == "name" and token.text not in self._dimensions:
            raise _wrong("There is no such dimension", token.at)
        self._next += 1
        if token.kind == "number":
            return Constant(float(token.text))
        return Reference(token.text, quoted=token.kind == "name")

    def expect_end(self) -> None:
        if self._peek() is not None:
            raise self._expected("and, or, or the end")

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str, text: str) -> bool:
        token = self._peek()
        if token is None or (token.kind, token.text) != (kind, text):
            return False
        self._next += 1
        return True

    def _expected(self, what: str) -> Invalid:
        token = self._peek()
        return _wrong(f"Expected {what}", None if token is None else token.at)


def _wrong(what: str, at: int | None = None) -> Invalid:
    where = "" if at is None else f" at character {at}"
    return Invalid("recommendation_logic", f"{what}{where}.")

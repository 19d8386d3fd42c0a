import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.recommendation_logic import evaluate, parse_logic

NAMES = ("Problem solving", "It's clear")


def decided(
    logic: str, overall: float | None = 7.0, coverage: float = 1.0, problem: float | None = 6.0
) -> bool | None:
    return evaluate(parse_logic(logic, NAMES), {"Problem solving": problem}, overall, coverage)


@pytest.mark.parametrize(
    ("logic", "result"),
    [
        ("overall >= 7", True),
        ("OVERALL>7", False),
        ("overall < 7.5 and coverage == 100%", True),
        ('"Problem solving" >= 6 and coverage >= 0.8', True),
        ("'Problem solving' != 6 or overall <= 7", True),
        ("not (overall >= 7 and not coverage < 1)", False),
        ("1 < 2 and 2 < 1 or 3 > 2", True),
        ("1 < 2 or 2 < 1 and 3 < 2", True),
        ("(1 < 2 or 2 < 1) and 3 < 2", False),
        ('"It\'s clear" >= 5', None),
        ('"It\'s clear" >= 5 or overall >= 7', True),
        ('"It\'s clear" >= 5 and overall > 7', False),
        ('"It\'s clear" >= 5 and overall >= 7', None),
        ('not "It\'s clear" >= 5', None),
    ],
)
def test_a_condition_decides(logic: str, result: bool | None) -> None:
    assert decided(logic) is result


def test_an_unknown_overall_decides_nothing() -> None:
    assert decided("overall >= 7", overall=None) is None


@pytest.mark.parametrize(
    ("logic", "message"),
    [
        ("", "Expected a number, overall, coverage or a dimension in quotes."),
        ("overall", "Expected a comparison such as >=."),
        ("overall 7", "Expected a comparison such as >= at character 9."),
        ("overall >= ", "Expected a number, overall, coverage or a dimension in quotes."),
        (
            "score >= 7",
            "Expected a number, overall, coverage or a dimension in quotes at character 1.",
        ),
        ("(overall >= 7", "Expected a closing parenthesis."),
        ("overall >= 7 7", "Expected and, or, or the end at character 14."),
        ('"Courage" > 1', "There is no such dimension at character 1."),
        ("overall >= 7; import os", "There is something unreadable at character 13."),
        ("__import__('os')", "Expected a number, overall, coverage or a dimension in quotes at"),
        ("(" * 30 + "1<2" + ")" * 30, "The condition is nested too deeply."),
        ("not " * 30 + "1<2", "The condition is nested too deeply."),
        ("1<2 or " * 200 + "1<2", "The condition is longer than 1000 characters."),
    ],
)
def test_a_mistake_is_named_with_its_place(logic: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_logic(logic, NAMES)
    assert refused.value.code == "recommendation_logic"
    assert refused.value.message.startswith(message)


@given(st.text(alphabet="overalcg 0123456789.%<>=!()\"'andortPsi", max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        condition = parse_logic(text, NAMES)
    except Invalid:
        return
    assert evaluate(condition, {}, 5.0, 1.0) in {True, False, None}

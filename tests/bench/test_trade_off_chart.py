import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.services.bench.turns.trade_off_chart import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Line,
    Point,
    by_chance,
    trade_off_chart,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text("ab<&>\"' ", max_size=8)
POINTS = st.builds(
    lambda label, waited, shares, chosen: Point(label, waited, min(shares), max(shares), chosen),
    NAMES,
    st.integers(-3_000, 20_000),
    st.tuples(st.integers(0, 400), st.integers(1, 400)),
    st.booleans(),
)
LINES = st.lists(st.builds(Line, NAMES, st.lists(POINTS, max_size=4).map(tuple)), max_size=2)
NORMAL = Point("normal", 1000, 6, 200)
FASTER = Point("faster", 800, 20, 200)


def drawn(*lines: Line) -> ElementTree.Element:
    return ElementTree.fromstring(trade_off_chart("t", "n", lines))  # noqa: S314 - it is ours


def places(root: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """Of the points of each line."""
    return [
        [
            (float(x), float(y))
            for x, y in re.findall(r"([\d.-]+),([\d.-]+)", each.get("points", ""))
        ]
        for each in root.findall(f"{SVG}polyline")
    ]


@given(LINES)
def test_any_figures_make_a_picture_within_its_axes(lines: list[Line]) -> None:
    found = places(drawn(*lines))
    assert [len(line) for line in found] == [len(line.points) for line in lines]
    for x, y in (place for line in found for place in line):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM


def test_who_waits_is_further_right_and_who_cuts_off_is_higher() -> None:
    ((faster, normal),) = places(drawn(Line("rules", (FASTER, NORMAL))))
    assert faster[0] < normal[0]
    assert faster[1] < normal[1]
    ten, three = BOTTOM - faster[1], BOTTOM - normal[1]
    assert three / ten == pytest.approx(0.3, abs=0.01)


def test_only_the_chosen_point_is_ringed() -> None:
    chosen = Point("normal", 1000, 5, 200, is_chosen=True)
    root = drawn(Line("rules", (FASTER, NORMAL)), Line("smart-turn v3", (FASTER, chosen)))
    rings = [ring for ring in root.findall(f"{SVG}circle") if ring.get("class") == "ring"]
    ringed, explained = rings
    _, (_, place) = places(root)
    assert (float(ringed.get("cx", "")), float(ringed.get("cy", ""))) == place
    assert float(explained.get("cy", "")) < TOP


def test_every_figure_is_told_in_words() -> None:
    root = drawn(Line("rules", (FASTER, NORMAL)))
    described = root.find(f"{SVG}desc")
    assert described is not None
    told = "rules, faster: 10.0 % cut off, 800 ms; rules, normal: 3.0 % cut off, 1000 ms"
    assert described.text == told


@pytest.mark.parametrize(
    ("cut_off", "count", "low", "high"),
    # As published for Wilson's interval without a correction for continuity.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_chance_reaches_as_far_as_wilson_found(
    cut_off: int, count: int, low: float, high: float
) -> None:
    assert by_chance(cut_off, count) == pytest.approx((low, high), abs=0.0001)

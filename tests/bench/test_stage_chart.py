import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.services.bench.figures import Row
from vivavoce.services.bench.stage_chart import LABELS, stage_chart
from vivavoce.services.bench.svg import WIDTH

SVG = "{http://www.w3.org/2000/svg}"
TIMES = st.integers(-50, 60_000)
ROWS = st.lists(
    st.tuples(st.text("ab<&>\"' ", max_size=8), TIMES, TIMES, TIMES).map(
        lambda row: Row(row[0], 3, *sorted(row[1:]))
    ),
    max_size=9,
)


@given(ROWS, st.text("x<&>"))
def test_any_figures_make_a_picture_within_its_frame(rows: list[Row], title: str) -> None:
    root = ElementTree.fromstring(stage_chart(title, "note", rows))  # noqa: S314 - it is ours
    bars = root.findall(f"{SVG}rect")[1:]
    assert len(bars) == 2 * len(rows)
    for bar in bars:
        assert float(bar.get("x", "")) == LABELS
        assert 0 <= float(bar.get("width", "")) <= WIDTH - LABELS


def test_bars_are_as_long_as_their_times() -> None:
    rows = [Row("commit", 20, 200, 400, 400), Row("played", 20, 400, 800, 800)]
    root = ElementTree.fromstring(stage_chart("t", "n", rows))  # noqa: S314
    tail_1, half_1, tail_2, half_2 = (
        float(r.get("width", "")) for r in root.findall(f"{SVG}rect")[1:]
    )
    assert half_1 * 2 == tail_1 == half_2
    assert abs(half_2 * 2 - tail_2) < 0.2


def test_a_stage_without_figures_is_left_out_and_the_others_are_told_in_words() -> None:
    text = stage_chart(
        "t", "n", [Row("first token", 0, None, None, None), Row("commit", 1, 9, 9, 9)]
    )
    assert "first token" not in text
    found = re.search("<desc>(.*)</desc>", text)
    assert found is not None
    assert found[1] == "commit 9 ms, 95th percentile 9"
